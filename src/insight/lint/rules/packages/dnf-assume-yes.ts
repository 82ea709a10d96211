import { answersMissing } from '../../answers.ts';
import { hasAny } from '../../package-installs.ts';
import type { Rule } from '../../rule.ts';

export const dnfAssumeYes: Rule = {
  name: 'DnfAssumeYes',
  codes: ['DL3038'],
  severity: 'warning',
  summary: 'dnf does not wait for an answer',
  page: `dnf asks before it installs. Nobody is there to answer during a build, and it gives up. With \`-y\` it goes
on.`,
  examples: [
    {
      bad: 'FROM fedora:42\nRUN dnf install curl',
      at: [2],
      good: 'FROM fedora:42\nRUN dnf install -y curl',
    },
  ],
  check: (subject) =>
    answersMissing(subject, {
      installer: { programs: ['dnf', 'microdnf'], verbs: ['install', 'groupinstall', 'localinstall'] },
      answers: (command) => hasAny(command, ['y', 'assumeyes']),
    }),
};
