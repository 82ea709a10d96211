import type { Rule } from '../../rule.ts';
import { aboutPiece, nameOf, scannedRuns, simpleCommands } from '../../shell-scan.ts';

const DECLARING = new Set(['export', 'local', 'declare', 'typeset', 'readonly']);

export const assignThenExport: Rule = {
  name: 'AssignThenExport',
  codes: ['SC2155'],
  severity: 'warning',
  summary: 'export does not take its value from a command',
  page: `\`export A=$(cmd)\` succeeds where \`cmd\` fails, for it is \`export\` that the shell looks at: not even \`set -e\` stops
there. Two steps let the failure through: \`A=$(cmd) && export A\`.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN export TAG="$(cat /tag)" && make',
      at: [2],
      good: 'FROM debian:trixie\nRUN TAG="$(cat /tag)" && export TAG && make',
    },
  ],
  check: (subject) =>
    scannedRuns(subject).flatMap((scanned) =>
      simpleCommands(scanned).flatMap((node) => {
        const name = nameOf(node);
        if (!DECLARING.has(name)) return [];
        const word = node.words
          .slice(1)
          .find(
            ({ value, parts }) =>
              /^[A-Za-z_]\w*=/.test(value) && parts.some(({ kind }) => kind === 'substitution'),
          );
        if (!word) return [];
        return [
          aboutPiece(scanned.run, word, {
            message: `where the command in it fails, ${name} succeeds all the same`,
          }),
        ];
      }),
    ),
};
