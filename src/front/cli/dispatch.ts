// From words to a command, its help, or an error that says what was probably meant.

import { MilleError } from '../../core/index.ts';
import { COMMAND_NAMES, findCommand, groupWords, loadAll, loadCommand } from './catalogue.ts';
import type { Host } from './spec.ts';

/**
 * Does what the words after `mille` say; the exit status.
 * @throws whatever the command throws; MilleError `usage` for words that are no command.
 */
export async function dispatch(words: readonly string[], host: Host): Promise<number> {
  const [first] = words;
  if (first === undefined) {
    await showOverview(host);
    return 0;
  }
  if (first === '--help' || first === '-h' || first === 'help') return help(words.slice(1), host);
  const found = findCommand(words);
  if (!found) return unknown(words, host);
  const command = await loadCommand(found.name);
  const { parseFlags } = await import('./flags.ts');
  const parsed = parseFlags(command, found.rest);
  if (parsed === 'help') {
    const { helpCommand } = await import('./help.ts');
    await host.out(helpCommand(command));
    return 0;
  }
  return command.run(parsed, host);
}

async function help(words: readonly string[], host: Host): Promise<number> {
  if (words.length === 0) {
    await showOverview(host);
    return 0;
  }
  const found = findCommand(words);
  if (!found) return unknown(words, host);
  const { helpCommand } = await import('./help.ts');
  await host.out(helpCommand(await loadCommand(found.name)));
  return 0;
}

async function showOverview(host: Host): Promise<void> {
  const { helpOverview } = await import('./help.ts');
  await host.out(helpOverview(await loadAll()));
}

async function unknown(words: readonly string[], host: Host): Promise<number> {
  const [first = '', second] = words;
  const { COMMANDS_MISSING } = await import('./unsupported.ts');
  const { nearest } = await import('../report/index.ts');
  const inGroup = groupWords(first);
  if (inGroup) {
    if (second === undefined || second === '--help' || second === '-h') {
      await host.out(`mille ${first} takes one of: ${inGroup.join(', ')}\n`);
      return second === undefined ? 2 : 0;
    }
    const near = nearest(second, inGroup);
    throw new MilleError('usage', `mille ${first} has no command '${second}'`, {
      hint:
        near === undefined ? `there are: ${inGroup.join(', ')}` : `did you mean 'mille ${first} ${near}'?`,
    });
  }
  if (first.startsWith('-')) {
    throw new MilleError('usage', `unknown flag ${first}`, {
      hint: "flags come after the command's name; 'mille help' lists the commands",
    });
  }
  if (Object.hasOwn(COMMANDS_MISSING, first)) {
    throw new MilleError('usage', `${first} is a command of docker that mille does not have yet`, {
      hint: COMMANDS_MISSING[first]!,
    });
  }
  const near = nearest(first, COMMAND_NAMES);
  throw new MilleError('usage', `unknown command '${first}'`, {
    hint: near === undefined ? "'mille help' lists the commands" : `did you mean 'mille ${near}'?`,
  });
}
