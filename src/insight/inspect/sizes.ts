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
    const shown = after ?? before;
    if (shown) node.entry = shown;
    const giver = after ? layer : beforeLayer;
    if (giver !== undefined) node.layer = giver;
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

/** What a container sees, as a tree, from a whole replay: what `surveyedSizes` does in less memory is held to this. */
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

/** A node that is not finished: sums are of itself alone. It becomes the result as it is, for there are many of them. */
interface Growing extends SizeNode {
  entry?: Entry;
  layer?: number;
  change?: PathChange['kind'];
  bytes: number;
  hiddenBytes: number;
  hidesBytes: number;
  files: number;
  children: Growing[];
}

class SizeTree {
  readonly #root = growing('', '');
  /** What is in a directory, by name. */
  readonly #names = new Map<Growing, Map<string, Growing>>();

  at(path: string): Growing {
    if (path === '') return this.#root;
    let node = this.#root;
    for (let start = 0; start <= path.length; ) {
      const slash = path.indexOf('/', start);
      const end = slash < 0 ? path.length : slash;
      node = this.#child(node, path.slice(start, end), path.slice(0, end));
      start = end + 1;
    }
    return node;
  }

  #child(node: Growing, name: string, path: string): Growing {
    let names = this.#names.get(node);
    if (!names) {
      names = new Map();
      this.#names.set(node, names);
    }
    const known = names.get(name);
    if (known) return known;
    const made = growing(name, path);
    names.set(name, made);
    if (node.children === NOTHING) node.children = [];
    node.children.push(made);
    return made;
  }

  finish(): SizeNode {
    this.#names.clear();
    finish(this.#root);
    return this.#root;
  }
}

/** Of all that have nothing below them: most names do not. */
const NOTHING: Growing[] = [];

function growing(name: string, path: string): Growing {
  return { name, path, bytes: 0, hiddenBytes: 0, hidesBytes: 0, files: 0, children: NOTHING };
}

function finish(node: Growing): void {
  const { children } = node;
  for (const child of children) {
    finish(child);
    node.bytes += child.bytes;
    node.hiddenBytes += child.hiddenBytes;
    node.hidesBytes += child.hidesBytes;
    node.files += child.files;
  }
  children.sort(bySize);
}

/** The largest first, then by what they hide, then by name. */
export function bySize(a: SizeNode, b: SizeNode): number {
  return b.bytes - a.bytes || b.hidesBytes - a.hidesBytes || (a.name < b.name ? -1 : 1);
}
