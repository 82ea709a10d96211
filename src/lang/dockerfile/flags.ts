// Builder flags of an instruction, checked against what it takes.

import { MilleError, quote, shorten, suggest } from '../../core/index.ts';
import type { Clause, FlagWord, Word } from './tree.ts';

/** `list` may be repeated; the others may not. */
export type FlagKind = 'text' | 'list' | 'switch';

/** Flags by name; see `text`, `list` and `on`. */
export type Flags = ReadonlyMap<string, readonly FlagWord[]>;

/**
 * Checks the flags of a clause.
 * @throws MilleError `dockerfile-syntax` for an unknown or repeated flag, a missing value, or a bad boolean.
 */
export function checkFlags(clause: Clause, allowed: Readonly<Record<string, FlagKind>> = {}): Flags {
  const found = new Map<string, FlagWord[]>();
  for (const flag of clause.flags) {
    const kind = Object.hasOwn(allowed, flag.name) ? allowed[flag.name] : undefined;
    if (!kind) throw unknownFlag(clause, flag, Object.keys(allowed));
    const known = found.get(flag.name);
    if (known && kind !== 'list') throw bad(flag, `--${flag.name} is given twice`, 'give it once');
    if (kind === 'switch') checkSwitch(flag);
    else if (!flag.value) throw bad(flag, `--${flag.name} needs a value`, `write --${flag.name}=VALUE`);
    if (known) known.push(flag);
    else found.set(flag.name, [flag]);
  }
  return found;
}

function unknownFlag(clause: Clause, flag: FlagWord, allowed: readonly string[]): MilleError {
  const near = suggest(flag.name, allowed);
  const keyword = clause.keyword.text.toUpperCase();
  const all = allowed.map((name) => `--${name}`).join(' ');
  const known = all === '' ? `${keyword} takes no flags` : `${keyword} takes ${all}`;
  return bad(
    flag,
    `unknown flag: --${shorten(flag.name)}`,
    near ? `did you mean --${near}? ${known}` : known,
  );
}

function checkSwitch(flag: FlagWord): void {
  if (!flag.value || /^(true|false)$/i.test(flag.value.text)) return;
  throw bad(flag, `--${flag.name} is true or false, not ${quote(flag.value.text)}`, 'leave the value out');
}

function bad(flag: Word, message: string, hint: string): MilleError {
  return new MilleError('dockerfile-syntax', message, { hint, span: flag.span });
}

/** The value of a flag; absent where the flag is, so that it can be spread into a value with optional fields. */
export function textFlag<K extends string>(
  flags: Flags,
  name: string,
  field: K,
): { readonly [key in K]?: Word } {
  const value = flags.get(name)?.[0]?.value;
  return (value ? { [field]: value } : {}) as { readonly [key in K]?: Word };
}

/** All values of a repeated flag. */
export function listFlag(flags: Flags, name: string): readonly Word[] {
  return (flags.get(name) ?? []).flatMap((flag) => (flag.value ? [flag.value] : []));
}

/** Whether a switch is on, off, or (undefined) not given. */
export function switchFlag(flags: Flags, name: string): boolean | undefined {
  const flag = flags.get(name)?.[0];
  return flag && flag.value?.text.toLowerCase() !== 'false';
}
