import { insertFlag } from '../../command-fix.ts';
import { APT, hasAny, installs } from '../../package-installs.ts';
import type { Rule } from '../../rule.ts';
import { aboutWords } from '../../run-commands.ts';

export const aptNoRecommends: Rule = {
  name: 'AptNoRecommends',
  codes: ['DL3015'],
  severity: 'info',
  summary: 'apt-get installs what is needed, and not what is recommended besides',
  page: `A Debian package recommends others that most people on a desktop would want with it. In an image they are often
the larger half: \`git\` brings Perl modules and a mail client's parts, \`python3-pip\` a whole compiler.
\`--no-install-recommends\` leaves them out. Now and then one of them was needed after all (\`ca-certificates\` for
\`curl\`): name it. That is why the fix is not among the safe ones.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN apt-get update && apt-get install -y curl',
      at: [2],
      good: 'FROM debian:trixie\nRUN apt-get update && apt-get install --no-install-recommends -y curl',
    },
  ],
  check: (subject) =>
    installs(subject, APT).flatMap(({ run, command, verb }) => {
      const isOff =
        hasAny(command, ['no-install-recommends']) ||
        command.args.some(({ text }) => /^APT::Install-Recommends=(false|0)$/i.test(text.replace(/^-o/, '')));
      if (isOff) return [];
      const message = 'packages that are only recommended are installed too';
      return [
        aboutWords(run, message, [command.word, verb], insertFlag(verb, '--no-install-recommends', 'unsafe')),
      ];
    }),
};
