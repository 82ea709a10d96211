import { answersMissing } from '../../answers.ts';
import { APT } from '../../package-installs.ts';
import type { Rule } from '../../rule.ts';
import { flagNames } from '../../run-commands.ts';

export const aptAssumeYes: Rule = {
  name: 'AptAssumeYes',
  codes: ['DL3014'],
  severity: 'warning',
  summary: 'apt-get install does not wait for an answer',
  page: `Where apt-get wants to install more than was named, it asks. Nobody is there to answer during a build, and it
gives up. With \`-y\` it goes on; \`-qq\` means it too.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN apt-get update && apt-get install --no-install-recommends curl',
      at: [2],
      good: 'FROM debian:trixie\nRUN apt-get update && apt-get install -y --no-install-recommends curl',
    },
  ],
  check: (subject) =>
    answersMissing(subject, {
      installer: APT,
      answers: (command) => {
        const flags = flagNames(command);
        const quiet = flags.filter((flag) => flag === 'q' || flag === 'quiet').length;
        const isYes = ['y', 'yes', 'assume-yes', 'force-yes'].some((flag) => flags.includes(flag));
        return isYes || quiet >= 2 || command.args.some(({ text }) => /^-q=?2$|^--quiet=2$/.test(text));
      },
    }),
};
