import type { Rule } from '../../rule.ts';
import { aboutPiece, scannedRuns, simpleCommands } from '../../shell-scan.ts';

export const pathOverwritten: Rule = {
  name: 'PathOverwritten',
  codes: ['SC2123'],
  severity: 'warning',
  summary: 'PATH keeps what it had',
  page: `\`PATH\` is where the shell looks for programs: after \`PATH=/srv\` it finds none. Use another name, or add to it:
\`PATH=/srv/bin:$PATH\`. What is meant for the next RUN too goes into ENV.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN PATH=/srv/app; ls',
      at: [2],
      good: 'FROM debian:trixie\nRUN DIR=/srv/app; ls "$DIR"',
    },
  ],
  check: (subject) =>
    scannedRuns(subject).flatMap((scanned) =>
      simpleCommands(scanned).flatMap((node) =>
        node.assignments.flatMap((one) => {
          const value = one.values[0];
          if (
            one.name !== 'PATH' ||
            node.words.length > 0 ||
            one.append ||
            !value?.literal ||
            /:|\/s?bin$/.test(value.value)
          )
            return [];
          return [aboutPiece(scanned.run, one, { message: 'no program is found after this' })];
        }),
      ),
    ),
};
