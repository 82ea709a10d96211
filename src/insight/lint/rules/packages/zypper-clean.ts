import { notCleaned, removes } from '../../cleaned.ts';
import type { Rule } from '../../rule.ts';
import { hasArgument, hasMount } from '../../run-commands.ts';

export const zypperClean: Rule = {
  name: 'ZypperClean',
  codes: ['DL3036'],
  severity: 'warning',
  summary: 'what zypper fetched does not stay in the layer',
  page: `Behind an installation zypper leaves metadata and packages under \`/var/cache/zypp\`. They have to go in the same RUN:
what a later one deletes is only hidden. A cache mount there is as good.`,
  examples: [
    {
      bad: 'FROM opensuse/leap:15.6\nRUN zypper install -y curl=8.6.0',
      at: [2],
      good: 'FROM opensuse/leap:15.6\nRUN zypper install -y curl=8.6.0 && zypper clean',
    },
  ],
  check: (subject) =>
    notCleaned(subject, {
      leaves: (command) => command.name === 'zypper' && hasArgument(command, 'install', 'in'),
      cleans: (command) =>
        (command.name === 'zypper' && hasArgument(command, 'clean', 'cc')) ||
        removes(command, /^\/var\/cache\/(zypp|\*)/),
      kept: (run) => hasMount(run, '/var/cache/zypp'),
      message: 'what zypper fetched stays in the layer',
      remedy: ({ word }) => `${word.text} clean`,
    }),
};
