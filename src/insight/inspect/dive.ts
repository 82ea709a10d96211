// dive's own figures, for comparison: its efficiency and its wasted bytes, as it computes them. It looks at paths as
// tars have them, counts every copy of a path that occurs twice, the one that is kept too, and takes a deleted
// directory for one file of the size of all that was in it.

import type { Entry, TableOfContents } from '../../oci/image/index.ts';

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

interface Occurrences {
  count: number;
  bytes: number;
  smallest: number;
}

interface Node {
  size: number;
  isDirectory: boolean;
  children: Map<string, Node> | undefined;
}

/** Computes what dive would say. */
export function diveFigures(tables: readonly TableOfContents[]): DiveFigures {
  const count = new DiveCount();
  for (const { entries } of tables) count.add(entries);
  return count.figures();
}

/** The same layer by layer, the lowest first: none of them is kept. */
export class DiveCount {
  readonly #seen = new Map<string, Occurrences>();
  readonly #stack = node();
  #layers = 0;
  #userBytes = 0;

  add(entries: readonly Entry[]): void {
    for (const { path, size } of leavesOf(entries, this.#stack)) {
      const known = this.#seen.get(path);
      if (!known) this.#seen.set(path, { count: 1, bytes: size, smallest: size });
      else {
        known.count++;
        known.bytes += size;
        known.smallest = Math.min(known.smallest, size);
      }
    }
    for (const entry of entries) if (entry.type === 'whiteout') remove(this.#stack, entry.path);
    for (const entry of entries) {
      if (entry.type === 'whiteout' || entry.type === 'opaque') continue;
      add(this.#stack, entry);
      if (this.#layers > 0) this.#userBytes += entry.size;
    }
    this.#layers++;
  }

  figures(): DiveFigures {
    let [bytes, smallest, wastedBytes] = [0, 0, 0];
    for (const one of this.#seen.values()) {
      bytes += one.bytes;
      smallest += one.smallest;
      if (one.count > 1) wastedBytes += one.bytes;
    }
    const userBytes = this.#userBytes;
    return {
      efficiency: bytes === 0 ? 1 : smallest / bytes,
      wastedBytes,
      userBytes,
      userWasted: userBytes === 0 ? 0 : wastedBytes / userBytes,
    };
  }
}

/** The names of a layer with nothing below them; a deletion and a new file of the same name are two. */
function* leavesOf(entries: readonly Entry[], below: Node): Generator<{ path: string; size: number }> {
  const inner = new Set<string>();
  const files = new Map<string, Entry>();
  const deletions = new Set<string>();
  for (const entry of entries) {
    if (entry.type === 'opaque') continue;
    if (entry.type === 'whiteout') deletions.add(entry.path);
    else files.set(entry.path, entry);
    for (let at = entry.path.lastIndexOf('/'); at > 0; at = entry.path.lastIndexOf('/', at - 1)) {
      const parent = entry.path.slice(0, at);
      if (inner.has(parent)) break;
      inner.add(parent);
    }
  }
  for (const path of deletions) yield { path, size: sizeOfDirectory(below, path) };
  for (const [path, { size }] of files) if (path !== '' && !inner.has(path)) yield { path, size };
}

function node(): Node {
  return { size: 0, isDirectory: true, children: undefined };
}

function find(root: Node, path: string): Node | undefined {
  let at: Node | undefined = root;
  for (const name of path.split('/')) at = at?.children?.get(name);
  return at;
}

function add(root: Node, { path, size, type }: Entry): void {
  if (path === '') return;
  let at = root;
  for (const name of path.split('/')) {
    at.children ??= new Map();
    let child = at.children.get(name);
    if (!child) {
      child = node();
      at.children.set(name, child);
    }
    at = child;
  }
  at.size = size;
  at.isDirectory = type === 'dir';
}

function remove(root: Node, path: string): void {
  const slash = path.lastIndexOf('/');
  const parent = slash < 0 ? root : find(root, path.slice(0, slash));
  parent?.children?.delete(path.slice(slash + 1));
}

function sizeOfDirectory(root: Node, path: string): number {
  const found = find(root, path);
  return found?.isDirectory ? total(found) : 0;
}

function total({ size, children }: Node): number {
  let sum = size;
  for (const child of children?.values() ?? []) sum += total(child);
  return sum;
}
