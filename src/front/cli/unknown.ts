// Words that are no command of mille: what was probably meant, or what does that work meanwhile.

import { MilleError } from '../../core/index.ts';
import { nearest } from '../report/index.ts';
import { COMMAND_NAMES, GROUP_NAMES, groupWords } from './catalogue.ts';
import { COMMANDS_MISSING } from './unsupported.ts';

/** The error for words that `findCommand` doesn't know. */
export function unknownCommand([first = '', second]: readonly string[]): MilleError {
  const inGroup = groupWords(first);
  if (inGroup) {
    const near = second === undefined ? undefined : nearest(second, inGroup);
    const message =
      second === undefined ? `mille ${first} needs a command` : `mille ${first} has no command '${second}'`;
    const hint =
      near === undefined ? `there are: ${inGroup.join(', ')}` : `did you mean 'mille ${first} ${near}'?`;
    return new MilleError('usage', message, { hint });
  }
  if (first.startsWith('-')) {
    return new MilleError('usage', `unknown flag ${first}`, {
      hint: "flags come after the command's name; 'mille help' lists the commands",
    });
  }
  if (Object.hasOwn(COMMANDS_MISSING, first)) {
    return new MilleError('usage', `${first} is a command of docker that mille does not have yet`, {
      hint: COMMANDS_MISSING[first]!,
    });
  }
  const near = nearest(first, [...COMMAND_NAMES, ...GROUP_NAMES, 'help', 'version']);
  return new MilleError('usage', `unknown command '${first}'`, {
    hint: near === undefined ? "'mille help' lists the commands" : `did you mean 'mille ${near}'?`,
  });
}
