// From words to a command, its help, or an error that says what was probably meant.

import { commandSummaries, findCommand, groupWords, loadCommand } from './catalogue.ts';
import type { Host } from './spec.ts';

const HELP_WORDS = ['--help', '-h'];

/**
 * The help asked for by words that ask for nothing else: none at all, `help …`, `--help`, `COMMAND --help`. Undefined
 * for all others. Needs no host, so that help is there at once.
 * @throws MilleError `usage` for help about what is no command.
 */
export async function helpAsked(words: readonly string[]): Promise<string | undefined> {
  const [first, second] = words;
  const asksFirst = first === undefined || first === 'help' || HELP_WORDS.includes(first);
  const about = asksFirst
    ? words.slice(1)
    : words.length === 2 && HELP_WORDS.includes(second!)
      ? [first]
      : [];
  if (!asksFirst && about.length === 0) return undefined;
  const help = await import('./help.ts');
  if (about.length === 0) return help.helpOverview(commandSummaries());
  const found = findCommand(about);
  if (found) return help.helpCommand(await loadCommand(found.name));
  const inGroup = groupWords(about[0]!);
  if (inGroup && about.length === 1) return `mille ${about[0]} takes one of: ${inGroup.join(', ')}\n`;
  throw (await import('./unknown.ts')).unknownCommand(about);
}

/**
 * Does what the words after `mille` say; the exit status.
 * @throws whatever the command throws; MilleError `usage` for words that are no command.
 */
export async function dispatch(words: readonly string[], host: Host): Promise<number> {
  const found = findCommand(words);
  if (!found) throw (await import('./unknown.ts')).unknownCommand(words);
  const command = await loadCommand(found.name);
  const { parseFlags } = await import('./flags.ts');
  const parsed = parseFlags(command, found.rest);
  if (parsed !== 'help') {
    // Before anything of the command is done: what is promised holds for all of it.
    if (parsed.flags.offline === true) (await import('../../sys/index.ts')).goOffline();
    return command.run(parsed, host);
  }
  host.out((await import('./help.ts')).helpCommand(command));
  return 0;
}
