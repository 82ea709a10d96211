// Flags and operands of a command, by the usual conventions: `-y`, `-qy`, `--yes`, `--option=value`, `--`.

import type { ShellWord } from './tree.ts';

/** One flag; of `-qy` there are two. */
export interface CommandFlag {
  /** Without dashes: `y`, `yes`. */
  readonly name: string;
  /** What stands after `=`. */
  readonly value?: string;
  readonly word: ShellWord;
}

/** Flags of a command. */
export type CommandFlags = readonly CommandFlag[];

/** The flags among some arguments. A word of one dash and several letters is read both as a whole and letter by letter. */
export function flagsOf(args: readonly ShellWord[]): CommandFlags {
  const found: CommandFlag[] = [];
  for (const word of args) {
    if (word.value === '--') break;
    const match = /^(--?)([^=]+)(?:=(.*))?$/s.exec(word.value);
    if (!match || word.value === '-') continue;
    const [, dashes, name = '', value] = match;
    const extra = value === undefined ? {} : { value };
    found.push({ name, word, ...extra });
    if (dashes === '-' && name.length > 1) for (const letter of name) found.push({ name: letter, word });
  }
  return found;
}

/**
 * The arguments that are no flags.
 * @param valued flags that take the next word for their value where they have no `=`
 */
export function operandsOf(args: readonly ShellWord[], valued: readonly string[] = []): readonly ShellWord[] {
  const found: ShellWord[] = [];
  for (let index = 0; index < args.length; index++) {
    const word = args[index] as ShellWord;
    const { value } = word;
    if (value === '--') return [...found, ...args.slice(index + 1)];
    if (!value.startsWith('-') || value === '-') found.push(word);
    else if (takesNext(value, valued)) index++;
  }
  return found;
}

function takesNext(value: string, valued: readonly string[]): boolean {
  if (value.startsWith('--') || value.includes('=')) return valued.includes(value.slice(2));
  if (valued.includes(value.slice(1))) return true;
  // Of `-qo` the last letter takes it; of `-ofile` nothing is left to take.
  const letters = value.slice(1);
  const first = [...letters].findIndex((letter) => valued.includes(letter));
  return first >= 0 && first === letters.length - 1;
}
