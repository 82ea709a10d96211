import { insertFlag } from '../../command-fix.ts';
import { hasAny } from '../../package-installs.ts';
import type { Rule } from '../../rule.ts';
import { aboutWords, type Command, commandsOf } from '../../run-commands.ts';

export const useraddNoLogInit: Rule = {
  name: 'UseraddNoLogInit',
  codes: ['DL3046'],
  severity: 'warning',
  summary: 'useradd with a high number writes no entry into lastlog',
  page: `\`/var/log/lastlog\` and \`faillog\` have a place for every number up to the highest one: a user of the number
1000000 makes files of 300 MB, which are nearly all hole on a disk and all zeros in a layer. \`useradd -l\` leaves
them alone.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN useradd -u 1000200 app',
      at: [2],
      good: 'FROM debian:trixie\nRUN useradd -l -u 1000200 app',
    },
  ],
  check: (subject) =>
    commandsOf(subject).flatMap(({ run, command }) => {
      if (command.name !== 'useradd' || hasAny(command, ['l', 'no-log-init'])) return [];
      const uid = numberOf(command);
      if (uid === undefined || uid.length <= 5) return [];
      const message = `the number ${uid} makes huge files of logs`;
      return [aboutWords(run, message, [command.word], insertFlag(command.word, '-l'))];
    }),
};

function numberOf({ args }: Command): string | undefined {
  for (const [index, { text }] of args.entries()) {
    if (/^-[a-zA-Z]*u$/.test(text) || text === '--uid') return args[index + 1]?.text;
    const joined = /^(?:-u|--uid=)(\d+)$/.exec(text)?.[1];
    if (joined !== undefined) return joined;
  }
  return undefined;
}
