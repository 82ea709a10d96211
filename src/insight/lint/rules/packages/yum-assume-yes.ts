import { answersMissing } from '../../answers.ts';
import { hasAny } from '../../package-installs.ts';
import type { Rule } from '../../rule.ts';

export const yumAssumeYes: Rule = {
  name: 'YumAssumeYes',
  codes: ['DL3030'],
  severity: 'warning',
  summary: 'yum does not wait for an answer',
  page: `yum asks before it installs. Nobody is there to answer during a build, and it gives up. With \`-y\` it goes
on.`,
  examples: [
    {
      bad: 'FROM centos:7\nRUN yum install curl',
      at: [2],
      good: 'FROM centos:7\nRUN yum install -y curl',
    },
  ],
  check: (subject) =>
    answersMissing(subject, {
      installer: { programs: ['yum'], verbs: ['install', 'groupinstall', 'localinstall'] },
      answers: (command) => hasAny(command, ['y', 'assumeyes']),
    }),
};
