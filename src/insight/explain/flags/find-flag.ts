// The flags of instructions, by the words of whoever asks: `COPY --chown`, `COPY --link --from=build`, `--interval`.

import { suggest } from '../../../core/index.ts';
import { FLAGS, type Flag } from './texts.ts';

/** The flags that an instruction takes. */
export function flagsOf(keyword: string): readonly Flag[] {
  const wanted = keyword.toUpperCase();
  return FLAGS.filter(({ of }) => of.includes(wanted));
}

/** What was found. */
export interface FoundFlags {
  /** The instruction they were asked of; absent where none was named. */
  readonly keyword?: string;
  readonly flags: readonly Flag[];
}

/**
 * Flags that words ask for; undefined where they do not ask for flags, or for some that are not there.
 * What stands behind a flag's `=` does not matter.
 */
export function findFlags(words: readonly string[]): FoundFlags | undefined {
  const asked = askedOf(words);
  if (!asked) return undefined;
  const { keyword, names } = asked;
  const known = keyword === undefined ? FLAGS : flagsOf(keyword);
  const flags = names.map((name) => known.find((flag) => flag.name === name));
  if (flags.some((flag) => flag === undefined)) return undefined;
  return { ...(keyword === undefined ? {} : { keyword }), flags: flags as readonly Flag[] };
}

/** What words that ask for a flag perhaps meant: `COPY --link` for `COPY --lnik`, `COPY --chown` for `RUN --chown`. */
export function nearestFlag(words: readonly string[]): string | undefined {
  const asked = askedOf(words);
  if (!asked) return undefined;
  const { keyword, names } = asked;
  const own = (keyword === undefined ? FLAGS : flagsOf(keyword)).map(({ name }) => name);
  const wrong = names.find((name) => !own.includes(name));
  if (wrong === undefined) return undefined;
  const near = suggest(wrong, own);
  if (near !== undefined) return keyword === undefined ? near : `${keyword} ${near}`;
  const other = FLAGS.find(({ name }) => name === wrong);
  return other && `${other.of[0]} ${other.name}`;
}

function askedOf(
  words: readonly string[],
): { readonly keyword?: string; readonly names: readonly string[] } | undefined {
  const [first = '', ...others] = words.flatMap((word) => word.trim().split(/\s+/));
  const hasKeyword = !first.startsWith('-');
  const flags = hasKeyword ? others : [first, ...others];
  if (flags.length === 0 || !flags.every((word) => /^--[a-zA-Z]/.test(word))) return undefined;
  const names = flags.map((word) => word.split('=', 1)[0]!.toLowerCase());
  return { ...(hasKeyword ? { keyword: first.toUpperCase() } : {}), names: [...new Set(names)] };
}
