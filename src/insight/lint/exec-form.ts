// A command line of the shell as a JSON array, where it says the same without a shell.

import type { Fix } from '../../core/index.ts';
import type { CommandLine } from '../../lang/dockerfile/index.ts';
import { isPlain, unsafeFix } from './fix.ts';

/** What only a shell can do. */
const BUILTINS = new Set([
  '.',
  ':',
  'cd',
  'eval',
  'exec',
  'exit',
  'export',
  'set',
  'source',
  'trap',
  'ulimit',
  'umask',
  'unset',
  'wait',
]);

/**
 * The change to exec form; none where anything in the line is the shell's. The process is then another one (there is no
 * shell around it), which is why it is shown first.
 */
export function execFormFix(command: CommandLine): Fix | undefined {
  if (command.form !== 'shell' || !command.text || !isPlain(command.text)) return undefined;
  const { text, span } = command.text;
  if (!/^[\w@%+=:,./-]+( +[\w@%+=:,./-]+)*$/.test(text)) return undefined;
  const words = text.split(/ +/);
  const [program = ''] = words;
  if (BUILTINS.has(program) || program.includes('=')) return undefined;
  const array = `[${words.map((word) => JSON.stringify(word)).join(', ')}]`;
  return unsafeFix(`write ${array}`, [{ start: span.start, end: span.end, text: array }]);
}
