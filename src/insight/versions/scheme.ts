// What an order of versions is, and what several of them are made of.

/** Less than, equal to, or greater than zero. */
export type Sign = -1 | 0 | 1;

/** An order: texts become values that can be compared quickly and often. */
export interface VersionScheme<V = unknown> {
  /** Undefined for what is no version in this scheme. */
  parse(text: string): V | undefined;
  compare(a: V, b: V): number;
}

/** Longer texts are no versions; a hostile one could keep a comparison busy for long. */
const LONGEST_VERSION = 512;

/** Writes a scheme with its type checked, and forgets that for tables of schemes. */
export function scheme<V>(made: VersionScheme<V>): VersionScheme {
  return {
    parse: (text) => (text.length > LONGEST_VERSION ? undefined : made.parse(text)),
    compare: made.compare as VersionScheme['compare'],
  };
}

/** Orders two texts by their code units. */
export function compareText(a: string, b: string): Sign {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Orders two runs of digits by the numbers they are, of any length; nothing is zero. */
export function compareDigits(a: string, b: string): Sign {
  const [one, other] = [significant(a), significant(b)];
  if (one.length !== other.length) return one.length < other.length ? -1 : 1;
  return compareText(one, other);
}

function significant(digits: string): string {
  let at = 0;
  while (digits.charCodeAt(at) === 0x30) at++;
  return at === 0 ? digits : digits.slice(at);
}

/** Whether the character at a place is a digit. */
export function isDigitAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0x30 && code <= 0x39;
}

/** Whether the character at a place is a letter of ASCII. */
export function isLetterAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at) | 0x20;
  return code >= 0x61 && code <= 0x7a;
}

/** The first difference of two lists, a missing item being `missing`. */
export function compareLists<T>(
  a: readonly T[],
  b: readonly T[],
  compare: (a: T, b: T) => number,
  missing: T,
): number {
  const length = Math.max(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const order = compare(i < a.length ? a[i]! : missing, i < b.length ? b[i]! : missing);
    if (order !== 0) return order;
  }
  return 0;
}
