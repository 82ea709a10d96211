import type { SubstitutionPart } from '../../../../lang/shell/index.ts';
import { rewritePiece } from '../../command-fix.ts';
import type { Rule } from '../../rule.ts';
import { aboutPiece, nameOf, scannedRuns } from '../../shell-scan.ts';
import { isKeptWhole } from '../../shell-splitting.ts';

/** Commands whose output is meant to be split. */
const LISTS = new Set(['seq', 'pgrep']);

export const quoteSubstitutions: Rule = {
  name: 'QuoteSubstitutions',
  codes: ['SC2046'],
  severity: 'warning',
  summary: 'what a command prints stands in double quotes where it is one argument',
  page: `\`$(…)\` without quotes is split at spaces and line ends, and each piece that looks like a pattern is replaced by
names of files. \`kill "$(cat /run/app.pid)"\` is one argument whatever the file holds, and an empty one where it is
empty.

Where a list is meant (\`apt-mark manual $(cat packages)\`) it is right as it is, so the fix is not among the safe
ones.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN make -j$(nproc)',
      at: [2],
      good: 'FROM debian:trixie\nRUN make -j"$(nproc)"',
    },
  ],
  check: (subject) =>
    scannedRuns(subject).flatMap(({ run, words }) =>
      words.flatMap(({ word, role, node }) => {
        if (role !== 'argument' || isKeptWhole(run, nameOf(node))) return [];
        return word.parts.flatMap((part) => {
          if (part.kind !== 'substitution' || part.quoting !== 'none' || !isOutput(part)) return [];
          return [
            aboutPiece(run, part, {
              message: 'what the command prints is split at its spaces',
              fix: rewritePiece(run, node, {
                piece: part,
                text: `"${part.text}"`,
                title: 'write it in double quotes',
                fixClass: 'unsafe',
              }),
            }),
          ];
        });
      }),
    ),
};

function isOutput({ written, script }: SubstitutionPart): boolean {
  if (written === '<(' || written === '>(') return false;
  const [first, second] = script.statements;
  if (!first) return false;
  return second !== undefined || !LISTS.has(nameOf(first.node));
}
