import type { Rule } from '../../rule.ts';
import { aboutPiece, nameOf, scannedRuns, simpleCommands } from '../../shell-scan.ts';

export const printfFormat: Rule = {
  name: 'PrintfFormat',
  codes: ['SC2059'],
  severity: 'info',
  summary: 'the format of printf holds no variable',
  page: `What a variable holds is then read for \`%\` and backslashes. Give it as an argument: \`printf "%s\\n" "$text"\`.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nARG NAME\nRUN printf "hello $NAME"',
      at: [3],
      good: 'FROM debian:trixie\nARG NAME\nRUN printf "hello %s" "$NAME"',
    },
  ],
  check: (subject) =>
    scannedRuns(subject).flatMap((scanned) =>
      simpleCommands(scanned).flatMap((node) => {
        const args = node.words.slice(1);
        const format = args[0]?.value === '-v' ? args[2] : args[0]?.value === '--' ? args[1] : args[0];
        if (nameOf(node) !== 'printf' || !format || format.literal) return [];
        if (!format.parts.some(({ kind }) => kind === 'variable' || kind === 'substitution')) return [];
        // A format that is nothing but a variable is meant to be one.
        if (format.value.includes('%') && format.parts.length > 1) return [];
        return [
          aboutPiece(scanned.run, format, {
            message: 'what the variable holds is read for % and backslashes',
          }),
        ];
      }),
    ),
};
