import { notCleaned, removes } from '../../cleaned.ts';
import type { Rule } from '../../rule.ts';
import { hasArgument, hasMount } from '../../run-commands.ts';

/** What fetches packages. */
const CHANGES = ['install', 'in', 'upgrade', 'up', 'upgrade-minimal', 'up-min', 'reinstall', 'rei'];

export const dnfClean: Rule = {
  name: 'DnfClean',
  codes: ['DL3040'],
  severity: 'warning',
  summary: 'what dnf fetched does not stay in the layer',
  page: `Behind an installation dnf leaves metadata, and microdnf the packages too, under \`/var/cache/dnf\` or, from dnf5 on,
\`/var/cache/libdnf5\`. They have to go in the same RUN: what a later one deletes is only hidden. A cache mount there is
as good.`,
  examples: [
    {
      bad: 'FROM fedora:42\nRUN dnf install -y httpd-2.4.62',
      at: [2],
      good: 'FROM fedora:42\nRUN dnf install -y httpd-2.4.62 && dnf clean all',
    },
  ],
  check: (subject) =>
    notCleaned(subject, {
      leaves: (command) => ['dnf', 'microdnf'].includes(command.name) && hasArgument(command, ...CHANGES),
      cleans: (command) =>
        (['dnf', 'microdnf'].includes(command.name) && hasArgument(command, 'clean')) ||
        removes(command, /^\/var\/cache\/(dnf|yum|libdnf5|\*)/),
      kept: (run) =>
        ['/var/cache/libdnf5', '.cache/libdnf5', '/var/cache/dnf'].some((path) => hasMount(run, path)),
      message: 'what dnf fetched stays in the layer',
      remedy: ({ word }) => `${word.text} clean all`,
    }),
};
