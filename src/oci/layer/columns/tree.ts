// A tree of names in columns: what each path means at the moment, and what is in each directory, in the order in which
// it came.

import { Integers } from './column.ts';
import type { EntryNumbers, EntryTable } from './entries.ts';
import { NONE } from './names.ts';
import { PathTable, ROOT } from './paths.ts';

/** Names and what they mean. Nothing of it is an object of its own: there are hundreds of thousands. */
export class ColumnTree<E extends EntryNumbers = EntryTable> {
  readonly paths = new PathTable();
  readonly entries: E;
  /** Whether files ever had more than one name. */
  hasLinks = false;
  /** All of these are one more than what they mean: 0 is none. */
  readonly #entry = new Integers();
  readonly #content = new Integers();
  readonly #layer = new Integers();
  readonly #touched = new Integers();
  readonly #file = new Integers();
  readonly #first = new Integers();
  readonly #last = new Integers();
  readonly #next = new Integers();
  readonly #before = new Integers();
  readonly #isDirectory = new Integers();

  constructor(entries: E) {
    this.entries = entries;
    this.#isDirectory.set(ROOT, 1);
  }

  /** The entry that a path means; NONE where it is not there, and for a root that no layer lists. */
  entry(path: number): number {
    return this.#entry.at(path) - 1;
  }

  /** For all but directories: the entry that carries the content, one for all names of a file. */
  content(path: number): number {
    return this.#content.at(path) - 1;
  }

  /** The same for all names of a file with several hard links; NONE for one that never had any. */
  file(path: number): number {
    return this.#file.at(path) - 1;
  }

  setFile(path: number, file: number): void {
    this.#file.set(path, file + 1);
  }

  /** The layer that gave a path its meaning. */
  layer(path: number): number {
    return this.#layer.at(path) - 1;
  }

  /** The last layer that put something below, whether or not it lists the directory itself. */
  touched(path: number): number {
    return this.#touched.at(path) - 1;
  }

  touch(path: number, layer: number): void {
    this.#touched.set(path, layer + 1);
  }

  isDirectory(path: number): boolean {
    return this.#isDirectory.at(path) === 1;
  }

  /** The first name in a directory; NONE if there is none. */
  first(directory: number): number {
    return this.#first.at(directory) - 1;
  }

  /** The next name in the same directory. */
  next(path: number): number {
    return this.#next.at(path) - 1;
  }

  /** The path of a name, a part of a text, that is there; NONE if it is not. */
  child(directory: number, text: string, from = 0, to = text.length): number {
    const path = this.paths.find(directory, text, from, to);
    return path === NONE || this.entry(path) === NONE ? NONE : path;
  }

  /** Gives a path a meaning. @param content NONE for directories */
  put(path: number, entry: number, layer: number, content: number): void {
    if (path !== ROOT && this.#entry.at(path) === 0) this.#append(path);
    this.#entry.set(path, entry + 1);
    this.#layer.set(path, layer + 1);
    this.#content.set(path, content + 1);
    this.#file.set(path, 0);
  }

  /** Says whether a path is one that may have others below it. It has none now if it is not. */
  setDirectory(path: number, isDirectory: boolean): void {
    this.#isDirectory.set(path, isDirectory ? 1 : 0);
  }

  /** Takes away a path below which there is nothing. */
  remove(path: number): void {
    const parent = this.paths.parent(path);
    const [before, next] = [this.#before.at(path), this.#next.at(path)];
    if (before === 0) this.#first.set(parent, next);
    else this.#next.set(before - 1, next);
    if (next === 0) this.#last.set(parent, before);
    else this.#before.set(next - 1, before);
    this.#entry.set(path, 0);
    this.#content.set(path, 0);
    this.#isDirectory.set(path, 0);
  }

  /** The paths in a directory. */
  children(directory: number): number[] {
    const found: number[] = [];
    for (let path = this.first(directory); path !== NONE; path = this.next(path)) found.push(path);
    return found;
  }

  /** The same by name. */
  sorted(directory: number): number[] {
    return this.children(directory).sort((a, b) => this.paths.compareNames(a, b));
  }

  /** All that is there, parents first, names sorted. */
  *walk(from = ROOT): Generator<number, void, void> {
    if (this.entry(from) !== NONE) yield from;
    for (const path of this.sorted(from)) yield* this.walk(path);
  }

  #append(path: number): void {
    const parent = this.paths.parent(path);
    const last = this.#last.at(parent);
    this.#before.set(path, last);
    this.#next.set(path, 0);
    if (last === 0) this.#first.set(parent, path + 1);
    else this.#next.set(last - 1, path + 1);
    this.#last.set(parent, path + 1);
    this.#touched.set(path, 0);
  }
}
