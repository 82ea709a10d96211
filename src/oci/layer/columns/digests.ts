// Digests as numbers: which contents are the same, in 40 bytes each.

import type { Digest } from '../../../core/index.ts';
import { Integers } from './column.ts';

/** A digest's number of 32 bits. */
const WORDS = 8;
const PREFIX = 'sha256:'.length;

/** Digests that are numbered as they come, from 0. */
export class DigestTable {
  readonly #words = new Integers();
  #count = 0;
  /** Numbers by digest, one more than they are; 0 where there is none. */
  #slots = new Int32Array(1024);
  readonly #bytes = Buffer.alloc(4 * WORDS);
  readonly #wanted = new Int32Array(this.#bytes.buffer, this.#bytes.byteOffset, WORDS);

  /** How many there are: all are smaller. */
  get count(): number {
    return this.#count;
  }

  number(digest: Digest): number {
    const written = this.#bytes.write(digest.slice(PREFIX), 'hex');
    if (written !== 4 * WORDS) throw new Error(`not a digest: ${digest}`);
    const mask = this.#slots.length - 1;
    for (let slot = this.#wanted[0]! & mask; ; slot = (slot + 1) & mask) {
      const held = this.#slots[slot]! - 1;
      if (held < 0) return this.#add(slot);
      if (this.#isWanted(held)) return held;
    }
  }

  text(digest: number): Digest {
    for (let i = 0; i < WORDS; i++) this.#wanted[i] = this.#words.at(digest * WORDS + i);
    return `sha256:${this.#bytes.toString('hex')}` as Digest;
  }

  #isWanted(held: number): boolean {
    for (let i = 0; i < WORDS; i++) if (this.#words.at(held * WORDS + i) !== this.#wanted[i]) return false;
    return true;
  }

  #add(slot: number): number {
    const made = this.#count++;
    for (let i = 0; i < WORDS; i++) this.#words.set(made * WORDS + i, this.#wanted[i]!);
    this.#slots[slot] = made + 1;
    if (this.#count * 2 > this.#slots.length) this.#spread();
    return made;
  }

  #spread(): void {
    this.#slots = new Int32Array(this.#slots.length * 4);
    const mask = this.#slots.length - 1;
    for (let digest = 0; digest < this.#count; digest++) {
      let slot = this.#words.at(digest * WORDS) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = digest + 1;
    }
  }
}
