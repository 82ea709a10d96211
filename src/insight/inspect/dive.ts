// dive's own figures, for comparison: its efficiency and its wasted bytes, as it computes them. It looks at paths as
// tars have them, counts every copy of a path that occurs twice, the one that is kept too, and takes a deleted
// directory for one file of the size of all that was in it.

import type { Entry } from '../../oci/image/index.ts';
import { ColumnTree, EntryTable, Integers, NONE, Numbers, ROOT } from '../../oci/layer/index.ts';

/** What dive says of an image. */
export interface DiveFigures {
  /** From 0 to 1. */
  readonly efficiency: number;
  readonly wastedBytes: number;
  /** Bytes of all layers but the lowest. */
  readonly userBytes: number;
  /** Of those, what is wasted, from 0; dive's limit `highestUserWastedPercent` is compared with it. */
  readonly userWasted: number;
}

/** Computes it, layer by layer, the lowest first, in columns of numbers: no entry is kept. */
export class DiveCount {
  readonly #occurrences = new Occurrences();
  readonly #stack = new DiveStack();
  #layers = 0;
  #userBytes = 0;
  /** Of each path: the last layer that has it, that has something below it, and that deletes it; one more than they are. */
  readonly #listed = new Integers();
  readonly #inner = new Integers();
  readonly #deleted = new Integers();

  /** @param entries those of a layer, some at a time */
  add(entries: Iterable<readonly Entry[]>): void {
    const layer = ++this.#layers;
    const stack = this.#stack;
    const deletions: number[] = [];
    const files: number[] = [];
    /** Of what a tar has twice, the last counts for its occurrence. */
    const placed: { readonly at: number; readonly size: number; readonly isDirectory: boolean }[] = [];
    for (const some of entries) {
      for (const { path, type, size } of some) {
        if (type === 'opaque') continue;
        const at = stack.pathOf(path);
        this.#markAbove(at, layer);
        const [marks, list] = type === 'whiteout' ? [this.#deleted, deletions] : [this.#listed, files];
        if (marks.at(at) !== layer) list.push(at);
        marks.set(at, layer);
        if (type !== 'whiteout') placed.push({ at, size, isDirectory: type === 'dir' });
      }
    }
    const sizes = new Map<number, number>();
    for (const { at, size } of placed) sizes.set(at, size);
    for (const at of deletions) this.#occurrences.add(at, stack.sizeOfDirectory(at));
    for (const at of files)
      if (at !== ROOT && this.#inner.at(at) !== layer) this.#occurrences.add(at, sizes.get(at)!);
    for (const at of deletions) stack.remove(at);
    for (const { at, size, isDirectory } of placed) {
      stack.put(at, size, isDirectory);
      if (layer > 1) this.#userBytes += size;
    }
  }

  figures(): DiveFigures {
    const { bytes, smallest, wastedBytes } = this.#occurrences.sums();
    const userBytes = this.#userBytes;
    return {
      efficiency: bytes === 0 ? 1 : smallest / bytes,
      wastedBytes,
      userBytes,
      userWasted: userBytes === 0 ? 0 : wastedBytes / userBytes,
    };
  }

  #markAbove(path: number, layer: number): void {
    const { paths } = this.#stack.tree;
    for (let at = paths.parent(path); at !== ROOT && this.#inner.at(at) !== layer; at = paths.parent(at))
      this.#inner.set(at, layer);
  }
}

/** The names of all layers with nothing below them; a deletion and a new file of the same name are two. */
class Occurrences {
  readonly #count = new Integers();
  readonly #bytes = new Numbers();
  readonly #smallest = new Numbers();
  #end = 0;

  add(path: number, size: number): void {
    const count = this.#count.at(path);
    this.#count.set(path, count + 1);
    this.#bytes.set(path, this.#bytes.at(path) + size);
    this.#smallest.set(path, count === 0 ? size : Math.min(this.#smallest.at(path), size));
    this.#end = Math.max(this.#end, path + 1);
  }

  sums(): { readonly bytes: number; readonly smallest: number; readonly wastedBytes: number } {
    let [bytes, smallest, wastedBytes] = [0, 0, 0];
    for (let path = 0; path < this.#end; path++) {
      bytes += this.#bytes.at(path);
      smallest += this.#smallest.at(path);
      if (this.#count.at(path) > 1) wastedBytes += this.#bytes.at(path);
    }
    return { bytes, smallest, wastedBytes };
  }
}

/** The names of the layers so far, no link followed. */
class DiveStack {
  readonly tree = new ColumnTree(new EntryTable());
  readonly #size = new Numbers();
  #lastText = '';
  #last = ROOT;

  pathOf(text: string): number {
    if (text === '') return ROOT;
    const slash = text.lastIndexOf('/');
    return this.tree.paths.make(slash < 0 ? ROOT : this.#parent(text.slice(0, slash)), text, slash + 1);
  }

  put(path: number, size: number, isDirectory: boolean): void {
    if (path === ROOT) return;
    this.#make(path);
    this.#size.set(path, size);
    this.tree.setDirectory(path, isDirectory);
  }

  remove(path: number): void {
    if (path === ROOT || this.tree.entry(path) === NONE) return;
    for (const child of this.tree.children(path)) this.remove(child);
    this.tree.remove(path);
  }

  sizeOfDirectory(path: number): number {
    return path !== ROOT && this.tree.entry(path) !== NONE && this.tree.isDirectory(path)
      ? this.#total(path)
      : 0;
  }

  #total(path: number): number {
    let sum = this.#size.at(path);
    for (const child of this.tree.children(path)) sum += this.#total(child);
    return sum;
  }

  /** What is above it is there too, as directories. */
  #make(path: number): void {
    if (path === ROOT || this.tree.entry(path) !== NONE) return;
    this.#make(this.tree.paths.parent(path));
    this.tree.put(path, 0, 0, NONE);
    this.tree.setDirectory(path, true);
    this.#size.set(path, 0);
  }

  #parent(text: string): number {
    if (text === this.#lastText) return this.#last;
    const path = this.pathOf(text);
    [this.#lastText, this.#last] = [text, path];
    return path;
  }
}
