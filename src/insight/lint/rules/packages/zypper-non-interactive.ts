import { answersMissing } from '../../answers.ts';
import { hasAny } from '../../package-installs.ts';
import type { Rule } from '../../rule.ts';

export const zypperNonInteractive: Rule = {
  name: 'ZypperNonInteractive',
  codes: ['DL3034'],
  severity: 'warning',
  summary: 'zypper does not wait for an answer',
  page: `zypper asks before it installs. Nobody is there to answer during a build, and it gives up. With \`-y\` it goes
on.`,
  examples: [
    {
      bad: 'FROM opensuse/leap:15.6\nRUN zypper install curl',
      at: [2],
      good: 'FROM opensuse/leap:15.6\nRUN zypper install -y curl',
    },
  ],
  check: (subject) =>
    answersMissing(subject, {
      installer: {
        programs: ['zypper'],
        verbs: ['install', 'in', 'remove', 'rm', 'source-install', 'si', 'patch'],
      },
      answers: (command) => hasAny(command, ['non-interactive', 'n', 'no-confirm', 'y']),
    }),
};
