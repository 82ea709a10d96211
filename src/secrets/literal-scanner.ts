// Finds any of many literals in bytes, in one pass (Wu and Manber, with blocks of two bytes): the pass mostly moves on by
// three bytes at a time, which makes looking through a gigabyte a matter of a second or two.

/** A literal to look for: ASCII, at least four bytes. */
export interface Literal {
  readonly text: string;
  /** Upper and lower case are the same. */
  readonly ignoreCase?: boolean;
}

const LEAST = 4;
/** Of two bytes, in fourteen bits: the table stays in the processor's first cache. */
const HASHES = 0x4000;

type Cases = readonly (readonly [number, number])[];

/** Looks for literals. */
export class LiteralScanner<T extends Literal> {
  /** By the hash of two bytes: how far the next occurrence may be. */
  readonly #shifts = new Uint8Array(HASHES).fill(LEAST - 1);
  /** By the hash of four bytes: whether a literal may begin with them. Pairs of letters alone are too common in texts. */
  readonly #begins = new Uint8Array(0x10000);
  /** By the hash of four bytes: the literals that begin with them. */
  readonly #buckets = new Map<number, { readonly literal: T; readonly bytes: Cases }[]>();

  constructor(literals: readonly T[]) {
    for (const literal of literals) this.#add(literal);
  }

  #add(literal: T): void {
    if (literal.text.length < LEAST) throw new Error(`too short a literal: ${literal.text}`);
    const bytes = [...literal.text].map((char) => bothCases(char, literal.ignoreCase === true));
    for (let i = 0; i < LEAST - 1; i++) {
      for (const first of new Set(bytes[i])) {
        for (const second of new Set(bytes[i + 1])) {
          const block = (first << 6) ^ second;
          this.#shifts[block] = Math.min(this.#shifts[block]!, LEAST - 2 - i);
        }
      }
    }
    for (const begin of beginnings(bytes)) {
      this.#begins[begin] = 1;
      const bucket = this.#buckets.get(begin) ?? [];
      this.#buckets.set(begin, bucket);
      bucket.push({ literal, bytes });
    }
  }

  /** Calls back for every occurrence that begins from `from` on, in order of their fourth bytes. */
  scan(bytes: Uint8Array, from: number, end: number, found: (literal: T, at: number) => void): void {
    const shifts = this.#shifts;
    const begins = this.#begins;
    let i = from + LEAST - 1;
    while (i < end) {
      const shift = shifts[(bytes[i - 1]! << 6) ^ bytes[i]!]!;
      if (shift > 0) {
        i += shift;
        continue;
      }
      const begin = hashOf(bytes[i - 3]!, bytes[i - 2]!, bytes[i - 1]!, bytes[i]!);
      if (begins[begin] === 1) this.#verify(bytes, i - 3, { begin, end, found });
      i++;
    }
  }

  #verify(
    bytes: Uint8Array,
    start: number,
    at: { readonly begin: number; readonly end: number; readonly found: (literal: T, at: number) => void },
  ): void {
    for (const { literal, bytes: wanted } of this.#buckets.get(at.begin)!)
      if (start + wanted.length <= at.end && matches(bytes, start, wanted)) at.found(literal, start);
  }
}

function hashOf(a: number, b: number, c: number, d: number): number {
  return ((a << 11) ^ (b << 7) ^ (c << 4) ^ d) & 0xffff;
}

/** The hashes of the first four bytes, in all cases. */
function beginnings([a, b, c, d]: Cases): ReadonlySet<number> {
  const hashes = new Set<number>();
  for (const first of a!)
    for (const second of b!)
      for (const third of c!) for (const fourth of d!) hashes.add(hashOf(first, second, third, fourth));
  return hashes;
}

function matches(bytes: Uint8Array, start: number, wanted: Cases): boolean {
  for (let k = 0; k < wanted.length; k++) {
    const byte = bytes[start + k]!;
    const [one, other] = wanted[k]!;
    if (byte !== one && byte !== other) return false;
  }
  return true;
}

function bothCases(char: string, ignoreCase: boolean): readonly [number, number] {
  const code = char.charCodeAt(0);
  return ignoreCase ? [char.toLowerCase().charCodeAt(0), char.toUpperCase().charCodeAt(0)] : [code, code];
}
