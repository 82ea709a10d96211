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

/** Looks for literals. */
export class LiteralScanner<T extends Literal> {
  /** By the hash of two bytes: how far the next occurrence may be. */
  readonly #shifts = new Uint8Array(HASHES).fill(LEAST - 1);
  /** By the hash of two bytes: the literals whose third and fourth byte they are. */
  readonly #buckets = new Map<
    number,
    { readonly literal: T; readonly bytes: readonly (readonly [number, number])[] }[]
  >();

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
          const shift = LEAST - 2 - i;
          if (shift < this.#shifts[block]!) this.#shifts[block] = shift;
          if (shift > 0) continue;
          const bucket = this.#buckets.get(block) ?? [];
          this.#buckets.set(block, bucket);
          bucket.push({ literal, bytes });
        }
      }
    }
  }

  /** Calls back for every occurrence that begins from `from` on, in order of their fourth bytes. */
  scan(bytes: Uint8Array, from: number, end: number, found: (literal: T, at: number) => void): void {
    const shifts = this.#shifts;
    let i = from + LEAST - 1;
    while (i < end) {
      const block = (bytes[i - 1]! << 6) ^ bytes[i]!;
      const shift = shifts[block]!;
      if (shift > 0) {
        i += shift;
        continue;
      }
      const start = i - LEAST + 1;
      for (const { literal, bytes: wanted } of this.#buckets.get(block)!) {
        if (start + wanted.length <= end && matches(bytes, start, wanted)) found(literal, start);
      }
      i++;
    }
  }
}

function matches(bytes: Uint8Array, start: number, wanted: readonly (readonly [number, number])[]): boolean {
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
