import type { Rule } from '../../rule.ts';
import { aboutWords, commandsOf } from '../../run-commands.ts';

export const zypperDistUpgrade: Rule = {
  name: 'ZypperDistUpgrade',
  codes: ['DL3035'],
  severity: 'warning',
  summary: 'the distribution is not upgraded in a RUN',
  page: `\`zypper dist-upgrade\` may change, replace and remove whatever the repositories say, up to another release: the
image is then no longer what FROM says, and no two builds agree. Take the newer base image.`,
  examples: [
    {
      bad: 'FROM opensuse/leap:15.5\nRUN zypper dist-upgrade -y',
      at: [2],
      good: 'FROM opensuse/leap:15.6\nRUN cat /etc/os-release',
    },
  ],
  check: (subject) =>
    commandsOf(subject).flatMap(({ run, command }) => {
      const verb = command.args.find(({ text }) => text === 'dist-upgrade' || text === 'dup');
      if (command.name !== 'zypper' || !verb) return [];
      return [aboutWords(run, 'the base image becomes another release', [command.word, verb])];
    }),
};
