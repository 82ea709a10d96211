// Sizes as a tree: of what a layer carries and does, or of what a container sees. Bytes are those of files' contents,
// hard links counted once.

import type { Entry } from '../../oci/image/index.ts';
import type { PathChange, Replay } from './replay.ts';

/** A file or a directory with all that is below it. */
export interface SizeNode {
  /** '' for the root. */
  readonly name: string;
  readonly path: string;
  /** As the tables have it; of what was removed, as it was; absent for a directory that nobody lists. */
  readonly entry?: Entry;
  /** The layer whose entry that is. */
  readonly layer?: number;
  /** In the tree of a layer: what that does to this name. */
  readonly change?: PathChange['kind'];
  /** Here and below. */
  readonly bytes: number;
  /** Of those, what is not visible at the end of the image. */
  readonly hiddenBytes: number;
  /** In the tree of a layer: bytes of files that it removed or replaced, of the layers below. */
  readonly hidesBytes: number;
  /** What is here and below and is no directory; what was removed is not counted. */
  readonly files: number;
  /** The largest first, then by name. */
  readonly children: readonly SizeNode[];
}

/** What a layer carries, and what it removes, as a tree. */
export function layerSizes({ changes, contents }: Replay, layer: number): SizeNode {
  const tree = new SizeTree();
  for (const { path, kind, after, before, beforeLayer } of changes[layer]!) {
    const node = tree.at(path);
    node.change = kind;
    node.entry = after ?? before;
    node.layer = after ? layer : beforeLayer;
    if (after && after.type !== 'dir') node.files = 1;
  }
  for (const { layer: from, path, entry, hidden } of contents) {
    if (hidden?.layer === layer && from !== layer) tree.at(hidden.path).hidesBytes += entry.size;
    if (from !== layer) continue;
    const node = tree.at(path);
    node.bytes += entry.size;
    if (hidden) node.hiddenBytes += entry.size;
  }
  return tree.finish();
}

/** What a container sees, as a tree. */
export function imageSizes({ tree: merged }: Replay): SizeNode {
  const tree = new SizeTree();
  const counted = new Set<Entry>();
  for (const { entry, layer, content } of merged.walk()) {
    const node = tree.at(entry.path);
    node.entry = entry;
    node.layer = layer;
    if (entry.type !== 'dir') node.files = 1;
    if (!content || counted.has(content.entry)) continue;
    node.bytes = content.entry.size;
    counted.add(content.entry);
  }
  return tree.finish();
}

interface Growing {
  readonly name: string;
  readonly path: string;
  entry: Entry | undefined;
  layer: number | undefined;
  change: PathChange['kind'] | undefined;
  bytes: number;
  hiddenBytes: number;
  hidesBytes: number;
  files: number;
  /** Most names have none: there are many of them. */
  children: Map<string, Growing> | undefined;
}

class SizeTree {
  readonly #root = growing('', '');

  at(path: string): Growing {
    if (path === '') return this.#root;
    let node = this.#root;
    for (let start = 0; start <= path.length; ) {
      const slash = path.indexOf('/', start);
      const end = slash < 0 ? path.length : slash;
      const name = path.slice(start, end);
      node.children ??= new Map();
      let child = node.children.get(name);
      if (!child) {
        child = growing(name, path.slice(0, end));
        node.children.set(name, child);
      }
      node = child;
      start = end + 1;
    }
    return node;
  }

  finish(): SizeNode {
    return finished(this.#root);
  }
}

function growing(name: string, path: string): Growing {
  return {
    ...{ name, path, entry: undefined, layer: undefined, change: undefined },
    ...{ bytes: 0, hiddenBytes: 0, hidesBytes: 0, files: 0, children: undefined },
  };
}

const NOTHING: SizeNode[] = [];

function finished(node: Growing): SizeNode {
  const children = node.children ? [...node.children.values()].map(finished) : NOTHING;
  children.sort((a, b) => b.bytes - a.bytes || b.hidesBytes - a.hidesBytes || (a.name < b.name ? -1 : 1));
  let { bytes, hiddenBytes, hidesBytes, files } = node;
  for (const child of children) {
    bytes += child.bytes;
    hiddenBytes += child.hiddenBytes;
    hidesBytes += child.hidesBytes;
    files += child.files;
  }
  const { name, path, entry, layer, change } = node;
  return {
    ...{ name, path },
    ...(entry ? { entry } : {}),
    ...(layer === undefined ? {} : { layer }),
    ...(change ? { change } : {}),
    ...{ bytes, hiddenBytes, hidesBytes, files, children },
  };
}
