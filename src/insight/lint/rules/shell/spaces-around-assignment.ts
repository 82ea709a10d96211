import type { Rule } from '../../rule.ts';
import { aboutPiece, scannedRuns, simpleCommands } from '../../shell-scan.ts';

export const spacesAroundAssignment: Rule = {
  name: 'SpacesAroundAssignment',
  codes: ['SC2283', 'SC1068', 'SC2276'],
  severity: 'error',
  summary: 'no spaces stand around the = of an assignment',
  page: `With a space the name is a command, and \`=\` its argument.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN version = 1.2 && make',
      at: [2],
      good: 'FROM debian:trixie\nRUN version=1.2 && make',
    },
  ],
  check: (subject) =>
    scannedRuns(subject).flatMap((scanned) =>
      simpleCommands(scanned).flatMap((node) => {
        const [name, equals] = node.words;
        if (
          !name ||
          !/^[A-Za-z_]\w*$/.test(name.text) ||
          !equals ||
          !/^=[^=]?/.test(equals.text) ||
          equals.text.startsWith('==')
        )
          return [];
        if (name.text === 'test') return [];
        return [
          aboutPiece(
            scanned.run,
            { start: name.start, end: equals.end },
            { message: `${name.text} is a command here: an assignment has no spaces`, codes: ['SC2283'] },
          ),
        ];
      }),
    ),
};
