// A stack of layers that is asked for paths.

import type { Entry, EntryType } from '../image/index.ts';
import { type ColumnTree, type EntryNumbers, NONE, ROOT } from './columns/index.ts';
import { MAX_LINKS } from './parents.ts';
import type { MergedEntry, MergedTree } from './types.ts';

/** Entries as they came: the objects themselves. */
export class KeptEntries implements EntryNumbers {
  readonly all: Entry[] = [];

  add(entry: Entry): number {
    return this.all.push(entry) - 1;
  }

  type(entry: number): EntryType {
    return this.all[entry]!.type;
  }

  link(entry: number): string {
    return this.all[entry]!.link!;
  }
}

/** @param starts the number of the first entry of each layer */
export function mergedTree(tree: ColumnTree<KeptEntries>, starts: readonly number[]): MergedTree {
  const shown = (node: number, path: string): MergedEntry => {
    const { all } = tree.entries;
    const layer = tree.layer(node);
    const kept = all[tree.entry(node)]!;
    const entry = kept.path === path ? kept : { ...kept, path };
    if (entry.type === 'dir') return { entry, layer };
    const file = tree.file(node);
    const inode = file === NONE ? {} : { inode: `${file}` };
    if (entry.type !== 'file') return { entry, layer, ...inode };
    const content = tree.content(node);
    return { entry, layer, content: { layer: layerOf(content, starts), entry: all[content]! }, ...inode };
  };
  return {
    layers: starts.length,
    get: (path) => {
      const node = lookUp(tree, path);
      return node === NONE || tree.entry(node) === NONE ? undefined : shown(node, path);
    },
    children: (path) => {
      const node = lookUp(tree, path);
      return node === NONE ? [] : tree.sorted(node).map((child) => tree.paths.name(child));
    },
    resolve: (path, options) => resolveIn(tree, path, options?.followFinal ?? true),
    *walk() {
      for (const node of tree.walk()) yield shown(node, tree.paths.text(node));
    },
  };
}

/** The layer that an entry came with. */
function layerOf(entry: number, starts: readonly number[]): number {
  let [low, high] = [0, starts.length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= entry) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The node at a clean path, no link followed; NONE where there is none. */
function lookUp(tree: ColumnTree<KeptEntries>, path: string): number {
  if (path === '') return ROOT;
  let node: number = ROOT;
  for (let start = 0; node !== NONE && start <= path.length; ) {
    const slash = path.indexOf('/', start);
    const end = slash < 0 ? path.length : slash;
    node = tree.child(node, path, start, end);
    start = end + 1;
  }
  return node;
}

/** Resolves links as if the tree's root were the root directory; see `MergedTree.resolve`. */
function resolveIn(tree: ColumnTree<KeptEntries>, path: string, followFinal: boolean): string | undefined {
  let rest = path.split('/').reverse();
  const names: string[] = [];
  // The nodes of `names`; NONE from the first that does not exist.
  const nodes: number[] = [ROOT];
  let links = 0;
  while (rest.length > 0) {
    const name = rest.pop()!;
    if (name === '' || name === '.') continue;
    if (name === '..') {
      if (names.pop() !== undefined) nodes.pop();
      continue;
    }
    const directory = nodes.at(-1)!;
    const node = directory === NONE ? NONE : tree.child(directory, name);
    const final = !rest.some((part) => part !== '' && part !== '.');
    const entry = node === NONE ? undefined : tree.entries.all[tree.entry(node)]!;
    if (entry?.type === 'symlink' && (followFinal || !final)) {
      if (++links > MAX_LINKS) return undefined;
      const target = entry.link!;
      if (target.startsWith('/')) {
        names.length = 0;
        nodes.length = 1;
      }
      rest = [...rest, ...target.split('/').reverse()];
      continue;
    }
    names.push(name);
    nodes.push(node);
  }
  return names.join('/');
}
