import type { Rule } from '../../rule.ts';
import { aboutPiece, nameOf, scannedRuns } from '../../shell-scan.ts';

const OF_FIND = { codes: ['SC2044'], severity: 'warning' } as const;
const OF_LS = { codes: ['SC2045'], severity: 'error' } as const;

export const loopOverOutput: Rule = {
  name: 'LoopOverOutput',
  codes: ['SC2044', 'SC2045'],
  severity: 'warning',
  summary: 'a loop does not go over the words that find or ls print',
  page: `What they print is split at every space. For files in a directory there is \`for file in dir/*\`; for those below it
\`find … -exec … {} +\`.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN for f in $(find /srv -name "*.sh"); do chmod +x "$f"; done',
      at: [2],
      good: 'FROM debian:trixie\nRUN find /srv -name "*.sh" -exec chmod +x {} +',
    },
  ],
  check: (subject) =>
    scannedRuns(subject).flatMap(({ run, nodes }) =>
      nodes.flatMap((node) => {
        if (node.kind !== 'loop' || !node.variable) return [];
        return (node.items ?? []).flatMap(({ parts }) =>
          parts.flatMap((part) => {
            if (part.kind !== 'substitution' || part.quoting !== 'none') return [];
            const [first, second] = part.script.statements;
            const name = first && !second ? nameOf(first.node) : '';
            const kind = name === 'find' ? OF_FIND : name === 'ls' ? OF_LS : undefined;
            const message = `what ${name} prints is split at spaces`;
            return kind ? [aboutPiece(run, part, { message, ...kind })] : [];
          }),
        );
      }),
    ),
};
