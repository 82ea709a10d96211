import { rewritePiece } from '../../command-fix.ts';
import type { Rule } from '../../rule.ts';
import { aboutPiece, scannedRuns } from '../../shell-scan.ts';

export const quoteArguments: Rule = {
  name: 'QuoteArguments',
  codes: ['SC2068', 'SC2048'],
  severity: 'error',
  summary: 'all arguments are passed on in double quotes',
  page: `Without quotes \`$@\` and \`$*\` are split once more at the spaces in each argument. \`"$@"\` passes them on as they
came.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN f() { ls $@; }; f "a b"',
      at: [2],
      good: 'FROM debian:trixie\nRUN f() { ls "$@"; }; f "a b"',
    },
  ],
  check: (subject) =>
    scannedRuns(subject).flatMap(({ run, words }) =>
      words.flatMap(({ word, role, node }) => {
        if (role !== 'argument' && role !== 'item') return [];
        return word.parts.flatMap((part) => {
          const isAll =
            part.kind === 'variable' &&
            part.quoting === 'none' &&
            part.operator === undefined &&
            !part.prefix &&
            (part.name === '@' || part.name === '*');
          if (!isAll) return [];
          const fix =
            part.name === '@'
              ? rewritePiece(run, node, {
                  piece: part,
                  text: `"${part.text}"`,
                  title: `write "${part.text}"`,
                })
              : undefined;
          return [
            aboutPiece(run, part, {
              message: 'arguments with spaces become several',
              fix,
              codes: [part.name === '@' ? 'SC2068' : 'SC2048'],
            }),
          ];
        });
      }),
    ),
};
