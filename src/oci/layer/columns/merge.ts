// Layers stacked: what a container on them would see, computed without unpacking any. The rules are those of unpacking
// (`unpack.ts`), so that both always agree: deletions hide what is below and never what their own layer brings;
// parents that a layer does not list are found through the links of the layers below, never through a link of the
// layer itself.

import { displayPath, parentPath } from '../../../core/index.ts';
import type { Entry } from '../../image/index.ts';
import { orderDeletions } from '../deletions.ts';
import {
  belowFile,
  checkLink,
  implied,
  inPlaceOfItself,
  linkLoop,
  MAX_LINKS,
  throughLink,
} from '../parents.ts';
import { brokenTar } from '../tar/format.ts';
import type { EntryNumbers, EntryTable } from './entries.ts';
import { NONE } from './names.ts';
import { ROOT } from './paths.ts';
import { ColumnTree } from './tree.ts';

/** What a path meant before a layer changed it; of one that was not there nothing else is told. */
export interface EarlierMeaning {
  readonly entry: number;
  readonly content: number;
  readonly layer: number;
}

/** Told what each layer does to those below it, in its order. Paths are those where things really are, links followed. */
export interface ColumnObserver {
  /** A path has a new meaning, which the tree has. @param before valid during the call only */
  placed(layer: number, path: number, before: EarlierMeaning | undefined): void;
  /**
   * A path is gone, or is about to go. @param before valid during the call only
   * @param by the deletion, or what took the place of a directory above
   */
  removed(layer: number, path: number, before: EarlierMeaning, by: Pick<Entry, 'path' | 'type'>): void;
}

/** How to stack. */
export interface ColumnMergeOptions {
  readonly observer?: ColumnObserver;
  /** Follows links of the same layer too, as an archive's that is unpacked in one place. */
  readonly followLinks?: boolean;
}

/** Stacks layers. */
export class ColumnMerge<E extends EntryNumbers = EntryTable> {
  readonly tree: ColumnTree<E>;
  readonly #observer: ColumnObserver | undefined;
  readonly #followLinks: boolean;
  /** The files of layers below that this layer made links to, each by its copy. */
  readonly #copies = new Map<number, number>();
  #files = 0;
  #implied = NONE;
  #layer = -1;
  // The parent of the last entry: archives list a directory's files one after the other.
  #lastPath: string | undefined;
  #lastParent = ROOT;

  /** @param entries takes what the layers list */
  constructor(entries: E, { observer, followLinks = false }: ColumnMergeOptions = {}) {
    this.tree = new ColumnTree(entries);
    this.#observer = observer;
    this.#followLinks = followLinks;
  }

  /**
   * Puts a layer onto those that are there. @param entries its entries, some at a time @returns how many entries it has
   * @throws MilleError `archive-escape` for an entry below a link of its own layer, unless they are followed,
   *   `archive-broken` for one below a file of its own layer
   */
  add(entries: Iterable<readonly Entry[]>): number {
    this.#layer++;
    let count = 0;
    this.#lastPath = undefined;
    this.#copies.clear();
    const deletions: Entry[] = [];
    const late: Entry[] = [];
    for (const some of entries) {
      count += some.length;
      for (const entry of some) {
        if (entry.type === 'whiteout' || entry.type === 'opaque') deletions.push(entry);
        else if (entry.type === 'hardlink') {
          checkLink(entry);
          if (!this.#link(entry, true)) late.push(entry);
        } else this.#place(entry, this.tree.entries.add(entry), NONE);
      }
    }
    // A file may come after its link, or be one of the layers below: only the end of the layer tells.
    for (const entry of late) {
      if (!this.#link(entry, true) && !this.#link(entry, false))
        throw brokenTar(`the target of the hard link '${displayPath(entry.path)}' does not exist`);
    }
    for (const entry of orderDeletions(deletions)) this.#delete(entry);
    return count;
  }

  /** @param content what the name leads to, where that is there already @returns where that is */
  #place({ path, type }: Pick<Entry, 'path' | 'type'>, entry: number, content: number): number {
    const { tree } = this;
    if (path === '') {
      const before = this.#meaning(ROOT);
      tree.put(ROOT, entry, this.#layer, NONE);
      this.#observer?.placed(this.#layer, ROOT, before);
      return ROOT;
    }
    const slash = path.lastIndexOf('/');
    const place = tree.paths.make(this.#parent(path, slash), path, slash + 1);
    const earlier = tree.entry(place);
    const before = this.#meaning(place);
    if (earlier !== NONE && tree.entries.type(earlier) !== type) this.#lastPath = undefined;
    const isDirectory = type === 'dir';
    if (!isDirectory && tree.isDirectory(place)) this.#clear(place, { path, type });
    tree.put(place, entry, this.#layer, isDirectory ? NONE : content === NONE ? entry : content);
    tree.setDirectory(place, isDirectory);
    this.#observer?.placed(this.#layer, place, before);
    return place;
  }

  /** Everything below a directory goes with it. */
  #clear(directory: number, by: Pick<Entry, 'path' | 'type'>): void {
    const { tree } = this;
    for (let child = tree.first(directory); child !== NONE; ) {
      const next = tree.next(child);
      this.#clear(child, by);
      this.#observer?.removed(this.#layer, child, this.#meaning(child)!, by);
      tree.remove(child);
      child = next;
    }
  }

  #link({ path, link = '' }: Entry, own: boolean): boolean {
    const { tree } = this;
    const target = this.#found(this.#existingParent(link), link);
    if (target === NONE) return false;
    if (own && tree.layer(target) !== this.#layer && tree.touched(target) !== this.#layer) return false;
    const entry = tree.entry(target);
    const type = tree.entries.type(entry);
    if (type === 'dir') throw brokenTar(`the hard link '${displayPath(path)}' leads to a directory`);
    if (own && this.#replaces(path, target)) throw inPlaceOfItself({ path } as Entry);
    // Links of the layers below may make the two names one.
    if (this.#found(this.#parent(path, path.lastIndexOf('/')), path) === target) return true;
    tree.hasLinks = true;
    const file = own ? this.#fileOf(target) : this.#copyOf(target);
    tree.setFile(this.#place({ path, type }, entry, tree.content(target)), file);
    return true;
  }

  /** What all names of a file have in common, given once it has a second one. */
  #fileOf(path: number): number {
    const known = this.tree.file(path);
    if (known !== NONE) return known;
    this.tree.setFile(path, this.#files);
    return this.#files++;
  }

  /** A file of the layers below is copied to be linked to: once for all links of this layer. */
  #copyOf(path: number): number {
    const known = this.#copies.get(path);
    if (known !== undefined) return known;
    this.#copies.set(path, this.#files);
    return this.#files++;
  }

  /** Whether something at a path would take a file away. Links of the layers below may lead to where names do not. */
  #replaces(path: string, file: number): boolean {
    const directory = this.#found(this.#existingParent(path), path);
    if (directory === NONE) return false;
    for (let at = file; at !== ROOT; ) {
      at = this.tree.paths.parent(at);
      if (at === directory) return true;
    }
    return false;
  }

  #delete(entry: Entry): void {
    const { path, type } = entry;
    if (path === '') {
      if (type === 'opaque') this.#removeOlder(ROOT, entry);
      return;
    }
    const place = this.#found(this.#existingParent(path), path);
    if (place === NONE) return;
    if (type !== 'opaque') this.#removeUnlessOwn(place, entry);
    else if (this.tree.isDirectory(place)) this.#removeOlder(place, entry);
  }

  #removeUnlessOwn(place: number, by: Entry): boolean {
    if (this.#removeOlder(place, by)) return false;
    this.#observer?.removed(this.#layer, place, this.#meaning(place)!, by);
    this.tree.remove(place);
    return true;
  }

  /** Removes what older layers have below a path. @returns whether it is, or holds, something of this layer */
  #removeOlder(place: number, by: Entry): boolean {
    const { tree } = this;
    let holds = false;
    for (let child = tree.first(place); child !== NONE; ) {
      const next = tree.next(child);
      if (!this.#removeUnlessOwn(child, by)) holds = true;
      child = next;
    }
    return holds || tree.layer(place) === this.#layer;
  }

  /** The directory that an entry goes to; what is missing on the way is made. */
  #parent(path: string, slash: number): number {
    if (slash < 0) {
      // What is placed there may change where others are.
      this.#lastPath = undefined;
      return ROOT;
    }
    const last = this.#lastPath;
    if (last?.length === slash && path.startsWith(last)) return this.#lastParent;
    const parent = path.slice(0, slash);
    this.#lastParent = this.#directory(parent, true);
    this.#lastPath = parent;
    return this.#lastParent;
  }

  /** The same without making anything; NONE where it does not exist. */
  #existingParent(path: string): number {
    const parent = parentPath(path);
    return parent === '' ? ROOT : this.#directory(parent, false);
  }

  #directory(path: string, make: boolean): number {
    const { tree } = this;
    const rest = path.split('/').reverse();
    let at = ROOT;
    let links = 0;
    while (rest.length > 0) {
      const name = rest.pop()!;
      if (name === '..') at = tree.paths.parent(at);
      if (name === '' || name === '.' || name === '..') continue;
      const next = tree.child(at, name);
      if (next !== NONE && tree.entries.type(tree.entry(next)) === 'symlink') {
        if (tree.layer(next) === this.#layer && !this.#followLinks)
          throw throughLink(tree.paths.text(next), path);
        // A link of the layers below that leads to a directory, as /lib does to usr/lib.
        if (++links > MAX_LINKS) {
          if (!make) return NONE;
          throw linkLoop(path);
        }
        const target = tree.entries.link(tree.entry(next));
        if (target.startsWith('/')) at = ROOT;
        rest.push(...target.split('/').reverse());
        continue;
      }
      if (next !== NONE && tree.isDirectory(next)) at = next;
      else if (!make) return NONE;
      else if (next !== NONE && tree.layer(next) === this.#layer) throw belowFile(path);
      else at = this.#imply(at, name);
      if (make) tree.touch(at, this.#layer);
    }
    return at;
  }

  /** A directory that no layer lists. */
  #imply(parent: number, name: string): number {
    const { tree } = this;
    if (this.#implied === NONE) this.#implied = tree.entries.add(implied(''));
    const made = tree.paths.make(parent, name, 0);
    const before = this.#meaning(made);
    tree.put(made, this.#implied, this.#layer, NONE);
    tree.setDirectory(made, true);
    this.#observer?.placed(this.#layer, made, before);
    return made;
  }

  #found(parent: number, path: string): number {
    return parent === NONE ? NONE : this.tree.child(parent, path, nameStart(path));
  }

  /** Where somebody is told. */
  #meaning(path: number): EarlierMeaning | undefined {
    if (!this.#observer) return undefined;
    const { tree } = this;
    const entry = tree.entry(path);
    if (entry === NONE) return undefined;
    return { entry, content: tree.content(path), layer: tree.layer(path) };
  }
}

function nameStart(path: string): number {
  return path.lastIndexOf('/') + 1;
}
