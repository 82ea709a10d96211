import { rewriteWords } from '../../command-fix.ts';
import type { Rule } from '../../rule.ts';
import { aboutWords, commandsOf, operands } from '../../run-commands.ts';

/** Verbs that both know, and that do the same. */
const SAME = new Set([
  'update',
  'install',
  'remove',
  'purge',
  'autoremove',
  'clean',
  'autoclean',
  'source',
  'build-dep',
]);

export const aptGetNotApt: Rule = {
  name: 'AptGetNotApt',
  codes: ['DL3027'],
  severity: 'warning',
  summary: 'scripts use apt-get and apt-cache, not apt',
  page: `\`apt\` is made for people at a terminal: it says itself that its interface is not stable and that scripts should
not use it. \`apt-get\` takes the same words for installing, \`apt-cache\` for searching.`,
  examples: [
    {
      bad: 'FROM debian:trixie\nRUN apt update',
      at: [2],
      good: 'FROM debian:trixie\nRUN apt-get update',
    },
  ],
  check: (subject) =>
    commandsOf(subject).flatMap(({ run, command }) => {
      if (command.name !== 'apt') return [];
      const verb = operands(command, ['o', 'option', 't', 'c'])[0]?.text ?? '';
      const fix = SAME.has(verb)
        ? rewriteWords('write apt-get', [[command.word, command.word.text.replace(/apt$/, 'apt-get')]])
        : undefined;
      return [aboutWords(run, 'apt is for people: its interface may change', [command.word], fix)];
    }),
};
