// The nodes of a merged tree, and the resolution of links within it.

import type { Entry } from '../image/index.ts';

/** What a name leads to, the same for all names of a file with hard links. Not for directories. */
export interface FileContent {
  readonly layer: number;
  readonly entry: Entry;
  /** Given once the file has a second name. */
  inode: string | undefined;
}

/** A name in a directory. */
export interface Node {
  readonly name: string;
  /** Undefined for a root that no layer lists. */
  entry: Entry | undefined;
  layer: number;
  /** The last layer that put something below, whether or not it lists the directory itself. */
  touched: number;
  file: FileContent | undefined;
  /** Directories only. */
  children: Map<string, Node> | undefined;
}

/** A node without children. */
export function createNode(name: string, entry: Entry | undefined, layer: number): Node {
  return { name, entry, layer, touched: -1, file: undefined, children: undefined };
}

/** The node at a clean path, no link followed. */
export function lookUp(root: Node, path: string): Node | undefined {
  if (path === '') return root;
  let node: Node | undefined = root;
  for (let start = 0; node && start <= path.length; ) {
    const slash = path.indexOf('/', start);
    const end = slash < 0 ? path.length : slash;
    node = node.children?.get(path.slice(start, end));
    start = end + 1;
  }
  return node;
}

/** Links that are followed at most, as in the kernel. */
export const MAX_LINKS = 40;

/** Resolves links as if `root` were the root directory; see `MergedTree.resolve`. */
export function resolveIn(root: Node, path: string, followFinal: boolean): string | undefined {
  let rest = path.split('/').reverse();
  const names: string[] = [];
  // The nodes of `names`; undefined from the first that does not exist.
  const nodes: (Node | undefined)[] = [root];
  let links = 0;
  while (rest.length > 0) {
    const name = rest.pop()!;
    if (name === '' || name === '.') continue;
    if (name === '..') {
      if (names.pop() !== undefined) nodes.pop();
      continue;
    }
    const node = nodes.at(-1)?.children?.get(name);
    const final = !rest.some((part) => part !== '' && part !== '.');
    if (node?.entry?.type === 'symlink' && (followFinal || !final)) {
      if (++links > MAX_LINKS) return undefined;
      const target = node.entry.link!;
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
