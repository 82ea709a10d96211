import { rewritePiece } from '../../command-fix.ts';
import type { Rule } from '../../rule.ts';
import { aboutPiece, scannedRuns } from '../../shell-scan.ts';

export const backticks: Rule = {
  name: 'Backticks',
  codes: ['SC2006'],
  severity: 'style',
  summary: 'what a command prints is taken with $( ), not with backquotes',
  page: `Between backquotes a backslash means something else than outside, and one pair cannot stand in another. \`$(…)\` has
neither trouble.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN v=`cat /v`; echo "$v"',
      at: [2],
      good: 'FROM debian:trixie\nRUN v=$(cat /v); echo "$v"',
    },
  ],
  check: (subject) =>
    scannedRuns(subject).flatMap(({ run, words }) =>
      words.flatMap(({ word, node }) =>
        word.parts.flatMap((part) => {
          if (part.kind !== 'substitution' || part.written !== '`') return [];
          // With escapes within, or quotes within quotes, it is another text.
          const inner = part.text.slice(1, -1);
          const fix =
            /[\\`]/.test(inner) || (part.quoting === 'double' && inner.includes('"'))
              ? undefined
              : rewritePiece(run, node, { piece: part, text: `$(${inner})`, title: 'write $(…)' });
          return [aboutPiece(run, part, { message: '$(…) can be nested, backquotes cannot', fix })];
        }),
      ),
    ),
};
