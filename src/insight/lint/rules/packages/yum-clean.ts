import { notCleaned, removes } from '../../cleaned.ts';
import type { Rule } from '../../rule.ts';
import { hasArgument, hasMount } from '../../run-commands.ts';

export const yumClean: Rule = {
  name: 'YumClean',
  codes: ['DL3032'],
  severity: 'warning',
  summary: 'what yum fetched does not stay in the layer',
  page: `Behind an installation yum leaves its metadata and often the packages themselves under \`/var/cache/yum\`. They have
to go in the same RUN: what a later one deletes is only hidden.`,
  examples: [
    {
      bad: 'FROM centos:7\nRUN yum install -y httpd-2.4.6',
      at: [2],
      good: 'FROM centos:7\nRUN yum install -y httpd-2.4.6 && yum clean all',
    },
  ],
  check: (subject) =>
    notCleaned(subject, {
      leaves: (command) => command.name === 'yum' && hasArgument(command, 'install'),
      cleans: (command) =>
        (command.name === 'yum' && hasArgument(command, 'clean')) ||
        removes(command, /^\/var\/cache\/(yum|\*|dnf)/),
      kept: (run) => hasMount(run, '/var/cache/yum'),
      message: 'what yum fetched stays in the layer',
      remedy: ({ word }) => `${word.text} clean all`,
    }),
};
