// Stacks of tables of contents: what a container on these layers would see, computed without unpacking any. The
// rules are those of unpacking (`unpack.ts`), so that both always agree: deletions hide what is below and never
// what their own layer brings; parents that a layer does not list are found through the links of the layers
// below, never through a link of the layer itself.

import { displayPath, joinRelative, parentPath } from '../../core/index.ts';
import type { Entry, TableOfContents } from '../image/index.ts';
import { orderDeletions } from './deletions.ts';
import { belowFile, checkLink, implied, inPlaceOfItself, linkLoop, throughLink } from './parents.ts';
import { brokenTar } from './tar/format.ts';
import { createNode, type FileContent, lookUp, MAX_LINKS, type Node, resolveIn } from './tree-node.ts';
import type { MergedEntry, MergedTree } from './types.ts';

/** What a name means while layers are stacked. */
export interface MergeState {
  readonly entry: Entry;
  /** The layer that gave it this meaning. */
  readonly layer: number;
  /** For all but directories: the entry that carries the content, one for all names of a file. */
  readonly content: Entry | undefined;
}

/** Told what each layer does to those below it, in its order. Paths are those where things really are, links followed. */
export interface MergeObserver {
  /** A name has a new meaning. @param before what it meant until now, in this layer or one below */
  placed(layer: number, path: string, now: MergeState, before: MergeState | undefined): void;
  /** A name is gone. @param by the deletion, or what took the place of a directory above */
  removed(layer: number, path: string, before: MergeState, by: Entry): void;
}

/** How to stack. */
export interface MergeOptions {
  /** Follows links of the same layer too, as an archive's that is unpacked in one place. */
  readonly followLinks?: boolean;
  readonly observer?: MergeObserver;
}

/**
 * Stacks tables of contents, bottom first.
 * @throws MilleError `archive-escape` for an entry below a link of its own layer, unless they are followed,
 *   `archive-broken` for one below a file of its own layer
 */
export function mergeTables(
  tables: readonly TableOfContents[],
  { followLinks = false, observer }: MergeOptions = {},
): MergedTree {
  const root = createNode('', undefined, -1);
  root.children = new Map();
  tables.forEach((toc, layer) => {
    new LayerMerge(root, layer, { followLinks, observer }).apply(toc.entries);
  });
  return {
    layers: tables.length,
    get: (path) => {
      const node = lookUp(root, path);
      return node?.entry ? shown(node, path) : undefined;
    },
    children: (path) => [...(lookUp(root, path)?.children?.keys() ?? [])].sort(),
    resolve: (path, options) => resolveIn(root, path, options?.followFinal ?? true),
    walk: () => walk(root, ''),
  };
}

function* walk(node: Node, path: string): IterableIterator<MergedEntry> {
  if (node.entry) yield shown(node, path);
  for (const name of [...(node.children?.keys() ?? [])].sort())
    yield* walk(node.children!.get(name)!, path === '' ? name : `${path}/${name}`);
}

function shown(node: Node, path: string): MergedEntry {
  const { entry, layer, file } = node;
  const own = entry!.path === path ? entry! : { ...entry!, path };
  if (!file) return { entry: own, layer };
  const inode = file.inode === undefined ? {} : { inode: file.inode };
  if (own.type !== 'file') return { entry: own, layer, ...inode };
  return { entry: own, layer, content: { layer: file.layer, entry: file.entry }, ...inode };
}

/** Puts one layer onto a tree. */
class LayerMerge {
  readonly #root: Node;
  readonly #layer: number;
  readonly #followLinks: boolean;
  readonly #observer: MergeObserver | undefined;
  // The parent of the last entry: archives list a directory's files one after the other.
  #lastPath: string | undefined;
  #lastParent: Node | undefined;
  #lastReal = '';
  /** Where the directory really is that was looked for last; only known where somebody observes. */
  #real = '';
  #links = 0;
  readonly #copies = new Map<Node, FileContent>();

  constructor(
    root: Node,
    layer: number,
    options: { readonly followLinks: boolean; readonly observer: MergeObserver | undefined },
  ) {
    this.#root = root;
    this.#layer = layer;
    this.#followLinks = options.followLinks;
    this.#observer = options.observer;
  }

  apply(entries: readonly Entry[]): void {
    const deletions: Entry[] = [];
    const late: Entry[] = [];
    for (const entry of entries) {
      if (entry.type === 'whiteout' || entry.type === 'opaque') deletions.push(entry);
      else if (entry.type === 'hardlink') {
        checkLink(entry);
        if (!this.#link(entry, true)) late.push(entry);
      } else this.#place(entry);
    }
    // A file may come after its link, or be one of the layers below: only the end of the layer tells.
    for (const entry of late) {
      if (!this.#link(entry, true) && !this.#link(entry, false))
        throw brokenTar(`the target of the hard link '${displayPath(entry.path)}' does not exist`);
    }
    for (const entry of orderDeletions(deletions)) this.#delete(entry);
  }

  /** @param file what the name leads to, where that is there already */
  #place(entry: Entry, file?: FileContent): void {
    if (entry.path === '') {
      const before = stateOf(this.#root);
      this.#root.entry = entry;
      this.#root.layer = this.#layer;
      this.#observer?.placed(this.#layer, '', stateOf(this.#root)!, before);
      return;
    }
    const parent = this.#parent(entry.path);
    const name = entry.path.slice(entry.path.lastIndexOf('/') + 1);
    const existing = parent.children!.get(name);
    const node = existing ?? createNode(name, entry, this.#layer);
    const before = existing && this.#observer && stateOf(existing);
    if (!existing) parent.children!.set(name, node);
    if (existing && existing.entry?.type !== entry.type) this.#lastPath = undefined;
    const path = this.#observer ? this.#realPlace(entry.path, name) : '';
    if (entry.type === 'dir') node.children ??= new Map();
    else {
      if (node.children && this.#observer) this.#tellRemoved(node, path, entry);
      node.children = undefined;
    }
    node.entry = entry;
    node.layer = this.#layer;
    node.file = entry.type !== 'dir' ? (file ?? { layer: this.#layer, entry, inode: undefined }) : undefined;
    this.#observer?.placed(this.#layer, path, stateOf(node)!, before);
  }

  /** The text that is there already, where no link was followed: there are many of them. */
  #realPlace(path: string, name: string): string {
    const real = this.#lastReal;
    const isSame = path.length === real.length + name.length + (real === '' ? 0 : 1) && path.startsWith(real);
    return isSame ? path : joinRelative(real, name);
  }

  /** Everything below a directory goes with it. */
  #tellRemoved(directory: Node, path: string, by: Entry): void {
    for (const [name, child] of directory.children ?? []) {
      const place = joinRelative(path, name);
      this.#tellRemoved(child, place, by);
      this.#observer!.removed(this.#layer, place, stateOf(child)!, by);
    }
  }

  #link(entry: Entry, own: boolean): boolean {
    const targetParent = this.#existingParent(entry.link!);
    const target = targetParent?.children?.get(entry.link!.slice(entry.link!.lastIndexOf('/') + 1));
    const isOwn = target?.layer === this.#layer || target?.touched === this.#layer;
    if (!target?.entry || (own && !isOwn)) return false;
    if (target.entry.type === 'dir')
      throw brokenTar(`the hard link '${displayPath(entry.path)}' leads to a directory`);
    if (own && this.#replaces(entry.path, target)) throw inPlaceOfItself(entry);
    // Links of the layers below may make the two names one.
    if (lookUpWhere(this.#parent(entry.path), entry.path) === target) return true;
    const shared = own ? target.file! : this.#copyOf(target);
    shared.inode ??= `${this.#layer}:${this.#links++}`;
    this.#place({ ...target.entry, path: entry.path }, shared);
    return true;
  }

  /** Whether something at a path would take a file away. Links of the layers below may lead to where names do not. */
  #replaces(path: string, file: Node): boolean {
    const directory = lookUpWhere(this.#existingParent(path), path);
    return directory?.children !== undefined && holds(directory, file);
  }

  /** A file of the layers below is copied to be linked to: once for all links of this layer. */
  #copyOf(target: Node): FileContent {
    const copy = this.#copies.get(target) ?? { ...target.file!, inode: undefined };
    this.#copies.set(target, copy);
    return copy;
  }

  #delete(entry: Entry): void {
    const { path, type } = entry;
    if (type === 'opaque') {
      const directory = path === '' ? this.#root : lookUpWhere(this.#existingParent(path), path);
      if (directory?.children) this.#removeOlder(directory, this.#realPath(path), entry);
      return;
    }
    const parent = this.#existingParent(path);
    const node = lookUpWhere(parent, path);
    if (node) this.#removeUnlessOwn(parent!, node, { path: this.#realPath(path), by: entry });
  }

  #removeUnlessOwn(parent: Node, node: Node, { path, by }: { path: string; by: Entry }): boolean {
    if (this.#removeOlder(node, path, by)) return false;
    parent.children!.delete(node.name);
    this.#observer?.removed(this.#layer, path, stateOf(node)!, by);
    return true;
  }

  /** Removes what older layers have below a node. @returns whether the node is, or holds, something of this layer */
  #removeOlder(node: Node, path: string, by: Entry): boolean {
    let holds = false;
    for (const [name, child] of node.children ?? []) {
      const place = this.#observer ? joinRelative(path, name) : '';
      if (!this.#removeUnlessOwn(node, child, { path: place, by })) holds = true;
    }
    return holds || node.layer === this.#layer;
  }

  /** Where a path is whose parent was looked for last. */
  #realPath(path: string): string {
    if (path === '' || !this.#observer) return '';
    return joinRelative(this.#real, path.slice(path.lastIndexOf('/') + 1));
  }

  /** The directory that an entry goes to; what is missing on the way is made. */
  #parent(path: string): Node {
    const parent = parentPath(path);
    if (parent === this.#lastPath) return this.#lastParent!;
    this.#real = '';
    this.#lastParent = parent === '' ? this.#root : this.#directory(parent, true)!;
    this.#lastPath = parent;
    this.#lastReal = this.#real;
    return this.#lastParent;
  }

  /** The same without making anything; undefined where it does not exist. */
  #existingParent(path: string): Node | undefined {
    const parent = parentPath(path);
    this.#real = '';
    return parent === '' ? this.#root : this.#directory(parent, false);
  }

  #directory(path: string, make: boolean): Node | undefined {
    const rest = path.split('/').reverse();
    const stack: Node[] = [this.#root];
    let links = 0;
    while (rest.length > 0) {
      const name = rest.pop()!;
      if (name === '..' && stack.length > 1) stack.pop();
      if (name === '' || name === '.' || name === '..') continue;
      const node = stack.at(-1)!;
      let next = node.children!.get(name);
      if (next?.entry?.type === 'symlink') {
        if (next.layer === this.#layer && !this.#followLinks) throw throughLink(placeOf(stack, name), path);
        // A link of the layers below that leads to a directory, as /lib does to usr/lib.
        if (++links > MAX_LINKS) {
          if (!make) return undefined;
          throw linkLoop(path);
        }
        const target = next.entry.link!;
        if (target.startsWith('/')) stack.length = 1;
        rest.push(...target.split('/').reverse());
        continue;
      }
      if (!next?.children) {
        if (!make) return undefined;
        if (next?.layer === this.#layer) throw belowFile(path);
        const before = next && stateOf(next);
        const place = placeOf(stack, name);
        next = createNode(name, implied(place), this.#layer);
        next.children = new Map();
        node.children!.set(name, next);
        this.#observer?.placed(this.#layer, place, stateOf(next)!, before);
      }
      if (make) next.touched = this.#layer;
      stack.push(next);
    }
    if (this.#observer) this.#real = pathOf(stack);
    return stack.at(-1);
  }
}

function holds(directory: Node, file: Node): boolean {
  return [...directory.children!.values()].some(
    (child) => child === file || (child.children !== undefined && holds(child, file)),
  );
}

function placeOf(stack: readonly Node[], name: string): string {
  return joinRelative(pathOf(stack), name);
}

/** Without the root, which has no name. */
function pathOf(stack: readonly Node[]): string {
  let path = '';
  for (let i = 1; i < stack.length; i++) path = i === 1 ? stack[i]!.name : `${path}/${stack[i]!.name}`;
  return path;
}

function stateOf({ entry, layer, file }: Node): MergeState | undefined {
  return entry && { entry, layer, content: file?.entry };
}

function lookUpWhere(parent: Node | undefined, path: string): Node | undefined {
  return parent?.children?.get(path.slice(path.lastIndexOf('/') + 1));
}
