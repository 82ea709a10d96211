import type { Rule } from '../../rule.ts';
import { aboutPiece, nameOf, scannedRuns, simpleCommands } from '../../shell-scan.ts';

export const testAndOr: Rule = {
  name: 'TestAndOr',
  codes: ['SC2166'],
  severity: 'warning',
  summary: '[ ] has one condition',
  page: `\`[ a -a b ]\` is read differently by different shells where a part looks like an operator; POSIX calls it obsolete.
Two tests with \`&&\` or \`||\` between them are clear: \`[ a ] && [ b ]\`.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN if [ -f /a -a -f /b ]; then cat /a /b; fi',
      at: [2],
      good: 'FROM debian:trixie\nRUN if [ -f /a ] && [ -f /b ]; then cat /a /b; fi',
    },
  ],
  check: (subject) =>
    scannedRuns(subject).flatMap((scanned) =>
      simpleCommands(scanned).flatMap((node) => {
        if (nameOf(node) !== '[' && nameOf(node) !== 'test') return [];
        const operator = node.words.find(({ text }, index) => index > 1 && (text === '-a' || text === '-o'));
        return operator
          ? [
              aboutPiece(scanned.run, operator, {
                message: `two tests with ${operator.text === '-a' ? '&&' : '||'} between them are clearer`,
              }),
            ]
          : [];
      }),
    ),
};
