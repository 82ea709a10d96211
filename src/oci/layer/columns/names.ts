// Paths as numbers: each is a parent and a name, and every name is kept once.

import { Column } from './column.ts';

/** The root directory. */
export const ROOT = 0;
/** Where there is none. */
export const NONE = -1;

const MULTIPLIERS = [0x9e3779b1, 0x85ebca6b] as const;

/** Paths that are numbered as they come; a number is never given twice, and never taken back. */
export class PathTable {
  readonly #names: string[] = [''];
  readonly #ids = new Map<string, number>();
  readonly #parent = Column.integers();
  readonly #name = Column.integers();
  #count = 1;
  /** Numbers of paths by parent and name; 0, which is the root's, where there is none. */
  #slots = new Int32Array(1024);

  /** How many there are: all are smaller. */
  get count(): number {
    return this.#count;
  }

  /** The path of a name in a directory; without `make` only one that is known. */
  child(parent: number, name: string, make: boolean): number {
    const id = this.#idOf(name, make);
    if (id === NONE) return NONE;
    for (let slot = this.#slotOf(parent, id); ; slot = (slot + 1) & (this.#slots.length - 1)) {
      const path = this.#slots[slot]!;
      if (path !== 0 && this.#parent.at(path) === parent && this.#name.at(path) === id) return path;
      if (path === 0) return make ? this.#add(parent, id, slot) : NONE;
    }
  }

  parent(path: number): number {
    return this.#parent.at(path);
  }

  /** The last part. */
  name(path: number): string {
    return this.#names[this.#name.at(path)]!;
  }

  /** As it is written. */
  text(path: number): string {
    if (path === ROOT) return '';
    const parent = this.#parent.at(path);
    return parent === ROOT ? this.name(path) : `${this.text(parent)}/${this.name(path)}`;
  }

  #idOf(name: string, make: boolean): number {
    const known = this.#ids.get(name);
    if (known !== undefined || !make) return known ?? NONE;
    // A part of a text keeps the whole of it.
    const own = JSON.parse(JSON.stringify(name)) as string;
    const id = this.#names.push(own) - 1;
    this.#ids.set(own, id);
    return id;
  }

  #add(parent: number, name: number, slot: number): number {
    const path = this.#count++;
    this.#parent.set(path, parent);
    this.#name.set(path, name);
    this.#slots[slot] = path;
    if (this.#count * 2 > this.#slots.length) this.#spread();
    return path;
  }

  #slotOf(parent: number, name: number): number {
    const mixed = Math.imul(parent, MULTIPLIERS[0]) ^ Math.imul(name, MULTIPLIERS[1]);
    return (mixed ^ (mixed >>> 15)) & (this.#slots.length - 1);
  }

  #spread(): void {
    this.#slots = new Int32Array(this.#slots.length * 2);
    for (let path = 1; path < this.#count; path++) {
      let slot = this.#slotOf(this.#parent.at(path), this.#name.at(path));
      while (this.#slots[slot] !== 0) slot = (slot + 1) & (this.#slots.length - 1);
      this.#slots[slot] = path;
    }
  }
}
