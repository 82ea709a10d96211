// The part of Go's regular expressions that a translated ignore pattern can hold: literal characters, escapes,
// sets, `.*`, `(.*/)?`, and a `*` after a set. Read here so that matching is linear and means what it means in Go.

import { type Element, literal, notNewline } from './glob.ts';

type Accepts = (code: number) => boolean;

/** The elements of the expression; undefined when Go would refuse it. */
export function regexpElements(regexp: string): Element[] | undefined {
  const chars = Array.from(regexp);
  const lastName = chars.findLastIndex((char, i) => char === ':' && chars[i + 1] === ']');
  const elements: Element[] = [];
  let at = 0;
  while (at < chars.length) {
    const char = chars[at] as string;
    if (regexpStarts(chars, at, '(.*/)?')) {
      elements.push({ kind: 'directories' });
      at += 6;
    } else if (regexpStarts(chars, at, '.*')) {
      elements.push({ kind: 'run', accepts: notNewline });
      at += 2;
    } else if (char === '[') {
      const set = readSet(chars, at, lastName);
      if (!set) return undefined;
      const repeated = chars[set.end] === '*';
      elements.push({ kind: repeated ? 'run' : 'one', accepts: set.accepts });
      at = set.end + (repeated ? 1 : 0);
    } else if (char === '^') {
      elements.push({ kind: 'where', holds: (before) => before === -1 });
      at++;
    } else if (char === '\\') {
      const found = readEscape(chars, at);
      if (!found) return undefined;
      elements.push(found.element);
      at = found.end;
    } else {
      elements.push(literal(char));
      at++;
    }
  }
  return elements;
}

function regexpStarts(chars: readonly string[], at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (chars[at + i] !== text[i]) return false;
  return true;
}

const digit: Accepts = (code) => code >= 48 && code <= 57;
const space: Accepts = (code) => code === 32 || (code >= 9 && code <= 13 && code !== 11);
const word: Accepts = (code) =>
  digit(code) || (code >= 65 && code <= 90) || code === 95 || (code >= 97 && code <= 122);
const not =
  (accepts: Accepts): Accepts =>
  (code) =>
    !accepts(code);

/** Perl's classes, which an escaped letter of a pattern turns into. */
const CLASSES: Readonly<Record<string, Accepts>> = {
  d: digit,
  D: not(digit),
  s: space,
  S: not(space),
  w: word,
  W: not(word),
};

const CONTROLS: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

const atBoundary = (before: number, after: number): boolean => word(before) !== word(after);
const PLACES: Readonly<Record<string, (before: number, after: number) => boolean>> = {
  b: atBoundary,
  B: (before, after) => !atBoundary(before, after),
  A: (before) => before === -1,
  z: (_, after) => after === -1,
};

/** An escape outside a set. */
function readEscape(chars: readonly string[], at: number): { element: Element; end: number } | undefined {
  const char = chars[at + 1] ?? '';
  const holds = Object.hasOwn(PLACES, char) ? PLACES[char] : undefined;
  if (holds) return { element: { kind: 'where', holds }, end: at + 2 };
  const accepts = Object.hasOwn(CLASSES, char) ? CLASSES[char] : undefined;
  if (accepts) return { element: { kind: 'one', accepts }, end: at + 2 };
  const code = readEscapedCode(chars, at);
  return code && { element: literal(String.fromCodePoint(code.code)), end: code.end };
}

/** The character of an escape at `at`: punctuation stands for itself, some letters for control characters. */
function readEscapedCode(chars: readonly string[], at: number): { code: number; end: number } | undefined {
  const char = chars[at + 1] ?? '';
  const code = char.codePointAt(0);
  if (code === undefined || code >= 0x80) return undefined;
  if (!/[0-9A-Za-z]/.test(char)) return { code, end: at + 2 };
  const control = Object.hasOwn(CONTROLS, char) ? CONTROLS[char] : undefined;
  if (control !== undefined) return { code: control, end: at + 2 };
  const octal = /^(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/.exec(chars.slice(at + 1, at + 4).join(''))?.[0];
  if (octal) return { code: Number.parseInt(octal, 8), end: at + 1 + octal.length };
  const hex = char === 'x' ? /^[0-9a-fA-F]{2}/.exec(chars.slice(at + 2, at + 4).join(''))?.[0] : undefined;
  return hex ? { code: Number.parseInt(hex, 16), end: at + 4 } : undefined;
}

/**
 * The set that begins with the `[` at `start`. A `]` right after it is an ordinary character.
 * @param lastName where the last `:]` of the expression is
 */
function readSet(
  chars: readonly string[],
  start: number,
  lastName: number,
): { accepts: Accepts; end: number } | undefined {
  const negated = chars[start + 1] === '^';
  const parts: Accepts[] = [];
  let at = start + (negated ? 2 : 1);
  for (let first = true; first || chars[at] !== ']'; first = false) {
    if (at >= chars.length) return undefined;
    const part = readSetClass(chars, at, lastName) ?? readSetRange(chars, at);
    if (!part || part === 'malformed') return undefined;
    parts.push(part.accepts);
    at = part.end;
  }
  return { accepts: (code) => parts.some((accepts) => accepts(code)) !== negated, end: at + 1 };
}

const POSIX: Readonly<Record<string, RegExp>> = {
  alnum: /[0-9A-Za-z]/,
  alpha: /[A-Za-z]/,
  ascii: /[\x00-\x7f]/,
  blank: /[\t ]/,
  cntrl: /[\x00-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[\t\n\v\f\r ]/,
  upper: /[A-Z]/,
  word: /[0-9A-Za-z_]/,
  xdigit: /[0-9A-Fa-f]/,
};

/** `\d` and its kin, or `[:alpha:]`, inside a set; 'malformed' for a `[:name:]` that Go does not know. */
function readSetClass(
  chars: readonly string[],
  at: number,
  lastName: number,
): { accepts: Accepts; end: number } | 'malformed' | undefined {
  const escaped = chars[at] === '\\' ? (chars[at + 1] ?? '') : '';
  const accepts = Object.hasOwn(CLASSES, escaped) ? CLASSES[escaped] : undefined;
  if (accepts) return { accepts, end: at + 2 };
  if (chars[at] !== '[' || chars[at + 1] !== ':' || at + 2 > lastName) return undefined;
  // Whatever stands before the next `:]`, however far away, is a name to Go.
  let close = at + 2;
  while (chars[close] !== ':' || chars[close + 1] !== ']') close++;
  const [, caret, name = ''] = /^(\^?)(.*)$/s.exec(chars.slice(at + 2, close).join('')) ?? [];
  const posix = Object.hasOwn(POSIX, name) ? POSIX[name] : undefined;
  if (!posix) return 'malformed';
  const negated = caret === '^';
  return { accepts: (code) => posix.test(String.fromCodePoint(code)) !== negated, end: close + 2 };
}

function readSetRange(
  chars: readonly string[],
  start: number,
): { accepts: Accepts; end: number } | undefined {
  const low = readSetCode(chars, start);
  if (!low) return undefined;
  if (chars[low.end] !== '-' || chars[low.end + 1] === ']' || low.end + 1 >= chars.length) {
    return { accepts: (code) => code === low.code, end: low.end };
  }
  const high = readSetCode(chars, low.end + 1);
  if (!high || high.code < low.code) return undefined;
  return { accepts: (code) => code >= low.code && code <= high.code, end: high.end };
}

function readSetCode(chars: readonly string[], at: number): { code: number; end: number } | undefined {
  if (chars[at] === '\\') return readEscapedCode(chars, at);
  const code = chars[at]?.codePointAt(0);
  return code === undefined ? undefined : { code, end: at + 1 };
}
