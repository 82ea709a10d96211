// What stands after a `$`: `$name`, `${name}` and the forms with a modifier.

import type { MilleError } from '../../core/index.ts';
import { expandUntil, expansionError, peek, type Scan, take } from './expand.ts';
import { removePrefix, removeSuffix, replacePattern } from './shell-pattern.ts';

/**
 * Expands the reference at the scan's place, which is at the `$`.
 * @throws MilleError `expansion` when it is malformed or asks to fail.
 */
export function expandDollar(scan: Scan): string {
  const start = scan.at++;
  if (peek(scan) !== '{') {
    const name = takeName(scan);
    if (name === '') return '$';
    return lookUp(scan, name) ?? (scan.options.keepUnset ? scan.text.slice(start, scan.at) : '');
  }
  scan.at++;
  const first = peek(scan);
  if (first === '') throw expansionError(scan, "missing '}'");
  if (first === '{' || first === '}' || first === ':') throw expansionError(scan, 'bad substitution');
  const name = takeName(scan);
  const operator = take(scan);
  if (operator === '}') return lookUp(scan, name) ?? (scan.options.keepUnset ? `\${${name}}` : '');
  if (operator === '/') return substitute(scan, name);
  if (operator === ':') return withDefault(scan, { name, operator: take(scan), colon: true });
  if (operator === '#' || operator === '%') return trim(scan, name, operator);
  return withDefault(scan, { name, operator, colon: false });
}

/** A reference `${name-word}` and its kin; `colon`: an empty value counts as unset. */
interface Modifier {
  readonly name: string;
  readonly operator: string;
  readonly colon: boolean;
}

function withDefault(scan: Scan, { name, operator, colon }: Modifier): string {
  const written = `${colon ? ':' : ''}${operator}`;
  const known = operator === '-' || operator === '+' || operator === '?';
  // Behind a colon BuildKit reads on first, so that a reference it leaves as written may have any modifier.
  if (!known && (!colon || operator === '#' || operator === '%')) throw unsupported(scan, written);
  const word = inner(scan, '}', 'word');
  const value = lookUp(scan, name);
  if (value === undefined && scan.options.keepUnset) return `\${${name}${written}${word}}`;
  if (!known) throw unsupported(scan, written);
  const missing = value === undefined || (colon && value === '');
  if (operator === '-') return missing ? word : value;
  if (operator === '+') return missing ? '' : word;
  if (!missing) return value;
  const message = word || `is not allowed to be ${value === undefined ? 'unset' : 'empty'}`;
  throw expansionError(scan, `${name}: ${message}`);
}

function unsupported(scan: Scan, modifier: string): MilleError {
  return expansionError(
    scan,
    modifier === '' ? "missing '}'" : `unsupported modifier (${modifier}) in substitution`,
  );
}

/** `${name#pattern}`, `##`, `%` and `%%`. */
function trim(scan: Scan, name: string, operator: '#' | '%'): string {
  const word = inner(scan, '}', 'pattern');
  const value = lookUp(scan, name);
  if (value === undefined && scan.options.keepUnset) return `\${${name}${operator}${word}}`;
  const longest = word.startsWith(operator);
  const pattern = longest ? word.slice(1) : word;
  return checked(scan, () =>
    operator === '#'
      ? removePrefix(value ?? '', pattern, longest)
      : removeSuffix(value ?? '', pattern, longest),
  );
}

/** `${name/pattern/replacement}` and `${name//pattern/replacement}`. */
function substitute(scan: Scan, name: string): string {
  const all = peek(scan) === '/';
  if (all) scan.at++;
  const pattern = inner(scan, '/', 'pattern');
  const replacement = inner(scan, '}', 'replacement');
  const value = lookUp(scan, name);
  if (value === undefined && scan.options.keepUnset) return `\${${name}/${pattern}/${replacement}}`;
  return checked(scan, () => replacePattern(value ?? '', pattern, { replacement, all }));
}

/**
 * The word of a modifier, itself expanded. `pattern`: escape characters stay, for the pattern to read, and those that
 * are text between quotes are doubled for it; `replacement`: they stay.
 */
function inner(scan: Scan, stop: string, kind: 'word' | 'pattern' | 'replacement'): string {
  const { keepEscapes, inPattern } = scan;
  scan.words.current = '';
  scan.keepEscapes = kind !== 'word';
  scan.inPattern = kind === 'pattern';
  const text = expandUntil(scan, stop);
  scan.keepEscapes = keepEscapes;
  scan.inPattern = inPattern;
  return text;
}

function checked(scan: Scan, apply: () => string): string {
  try {
    return apply();
  } catch (error) {
    if (error instanceof SyntaxError) throw expansionError(scan, error.message);
    throw error;
  }
}

function lookUp(scan: Scan, name: string): string | undefined {
  const value = scan.options.lookup?.(name);
  (value === undefined ? scan.unset : scan.used).add(name);
  return value;
}

const DIGITS = /\p{Nd}+/uy;
const SPECIAL = /[@*#?\-$!]/y;
const NAME = /[\p{L}_][\p{L}\p{Nd}_]*/uy;

/** A name, a number, or one of the shell's special parameters; '' when none stands here. */
function takeName(scan: Scan): string {
  for (const pattern of [NAME, DIGITS, SPECIAL]) {
    pattern.lastIndex = scan.at;
    const match = pattern.exec(scan.text);
    if (match) {
      scan.at += match[0].length;
      return match[0];
    }
  }
  return '';
}
