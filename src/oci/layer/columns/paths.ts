// Paths as numbers: each is a parent and a name.

import { Integers } from './column.ts';
import { NameTable, NONE } from './names.ts';

/** The root directory. */
export const ROOT = 0;

const MULTIPLIERS = [0x9e3779b1, 0x85ebca6b] as const;

/** Paths that are numbered as they come; a number is never given twice, and never taken back. */
export class PathTable {
  readonly #names = new NameTable();
  readonly #parent = new Integers();
  readonly #name = new Integers();
  #count = 1;
  #lastParent = ROOT;
  #lastText = '';
  /** Numbers of paths by parent and name; 0, which is the root's, where there is none. */
  #slots = new Int32Array(1 << 10);

  /** The path of a name in a directory, which is a part of a text; NONE for one that is not known. */
  find(parent: number, text: string, from: number, to: number): number {
    const name = this.#names.find(text, from, to, false);
    if (name === NONE) return NONE;
    const path = this.#slots[this.#slot(parent, name)]!;
    return path === 0 ? NONE : path;
  }

  /** The path of a name in a directory, which is the end of a text. */
  make(parent: number, text: string, from: number): number {
    const name = this.#names.find(text, from, text.length, true);
    const slot = this.#slot(parent, name);
    return this.#slots[slot]! || this.#add(parent, name, slot);
  }

  parent(path: number): number {
    return this.#parent.at(path);
  }

  /** The last part. */
  name(path: number): string {
    return path === ROOT ? '' : this.#names.text(this.#name.at(path));
  }

  /** As it is written. */
  text(path: number): string {
    if (path === ROOT) return '';
    const parent = this.#parent.at(path);
    if (parent === ROOT) return this.name(path);
    // Who asks for one path asks for the next one in the same directory.
    if (parent !== this.#lastParent) {
      this.#lastText = this.text(parent);
      this.#lastParent = parent;
    }
    return `${this.#lastText}/${this.name(path)}`;
  }

  /** The order of their names. */
  compareNames(a: number, b: number): number {
    return this.#names.compare(this.#name.at(a), this.#name.at(b));
  }

  #add(parent: number, name: number, slot: number): number {
    const path = this.#count++;
    this.#parent.set(path, parent);
    this.#name.set(path, name);
    this.#slots[slot] = path;
    if (this.#count * 2 > this.#slots.length) this.#spread();
    return path;
  }

  /** Where a path is, or would be. */
  #slot(parent: number, name: number): number {
    let slot = this.#slotOf(parent, name);
    for (; ; slot = (slot + 1) & (this.#slots.length - 1)) {
      const path = this.#slots[slot]!;
      if (path === 0 || (this.#parent.at(path) === parent && this.#name.at(path) === name)) return slot;
    }
  }

  #slotOf(parent: number, name: number): number {
    const mixed = Math.imul(parent, MULTIPLIERS[0]) ^ Math.imul(name, MULTIPLIERS[1]);
    return (mixed ^ (mixed >>> 15)) & (this.#slots.length - 1);
  }

  #spread(): void {
    this.#slots = new Int32Array(this.#slots.length * 4);
    for (let path = 1; path < this.#count; path++) {
      let slot = this.#slotOf(this.#parent.at(path), this.#name.at(path));
      while (this.#slots[slot] !== 0) slot = (slot + 1) & (this.#slots.length - 1);
      this.#slots[slot] = path;
    }
  }
}
