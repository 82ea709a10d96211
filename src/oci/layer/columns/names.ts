// Names as numbers: each is kept once, as the codes of its characters, in one list with all others.

import { Integers } from './column.ts';

/** Where there is none. */
export const NONE = -1;

/** Names that are numbered as they come, from 0. */
export class NameTable {
  #codes = new Uint16Array(1 << 12);
  /** The same memory: it makes texts ten times as quickly as `String.fromCharCode` does. */
  #bytes = Buffer.from(this.#codes.buffer);
  #used = 0;
  #count = 0;
  readonly #start = new Integers();
  readonly #hash = new Integers();
  /** Numbers by hash, one more than they are; 0 where there is none. */
  #slots = new Int32Array(1 << 10);

  /** The number of the name that is a part of a text; NONE for one that is not known, unless it is to be made. */
  find(text: string, from: number, to: number, make: boolean): number {
    let hash = 0;
    for (let i = from; i < to; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
    hash ^= hash >>> 15;
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const known = this.#slots[slot]! - 1;
      if (known < 0) return make ? this.#add(text.slice(from, to), hash, slot) : NONE;
      if (this.#hash.at(known) === hash && this.#is(known, text, from, to)) return known;
    }
  }

  text(name: number): string {
    return this.#bytes.toString('utf16le', this.#start.at(name) * 2, this.#start.at(name + 1) * 2);
  }

  /** The order of texts. */
  compare(a: number, b: number): number {
    const codes = this.#codes;
    let [i, j] = [this.#start.at(a), this.#start.at(b)];
    const [endOfA, endOfB] = [this.#start.at(a + 1), this.#start.at(b + 1)];
    while (i < endOfA && j < endOfB) {
      const difference = codes[i++]! - codes[j++]!;
      if (difference !== 0) return difference;
    }
    return endOfA - i - (endOfB - j);
  }

  #is(name: number, text: string, from: number, to: number): boolean {
    const start = this.#start.at(name);
    if (this.#start.at(name + 1) - start !== to - from) return false;
    for (let i = from; i < to; i++) if (this.#codes[start + i - from] !== text.charCodeAt(i)) return false;
    return true;
  }

  #add(name: string, hash: number, slot: number): number {
    while (this.#used + name.length > this.#codes.length) {
      const codes = new Uint16Array(this.#codes.length * 2);
      codes.set(this.#codes);
      this.#codes = codes;
      this.#bytes = Buffer.from(codes.buffer);
    }
    for (let i = 0; i < name.length; i++) this.#codes[this.#used++] = name.charCodeAt(i);
    const made = this.#count++;
    this.#hash.set(made, hash);
    this.#start.set(made + 1, this.#used);
    this.#slots[slot] = made + 1;
    if (this.#count * 2 > this.#slots.length) this.#spread();
    return made;
  }

  #spread(): void {
    this.#slots = new Int32Array(this.#slots.length * 4);
    const mask = this.#slots.length - 1;
    for (let name = 0; name < this.#count; name++) {
      let slot = this.#hash.at(name) & mask;
      while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
      this.#slots[slot] = name + 1;
    }
  }
}
