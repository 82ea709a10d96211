// The contents of layers that are being stacked in columns: how many names each has, and what hides it.

import type { Entry } from '../../oci/image/index.ts';
import { type ColumnTree, type EarlierMeaning, Integers, NONE } from '../../oci/layer/index.ts';
import { differingAspects } from './aspects.ts';
import type { Contents, HiddenBy } from './contents.ts';

/**
 * Counts the names of each content. `ContentLedger` does the same with objects: who walks about in an image holds all of
 * its entries anyway, and is told of each by the entry itself; here an entry is a number, so that layers can be surveyed
 * some entries at a time. A property (`survey.test.ts`) holds the two to the same answers.
 */
export class ColumnContents {
  readonly #tree: ColumnTree;
  #count = 0;
  /** The number of a content by its entry, one more than it is; 0 for what is none. */
  readonly #byEntry = new Integers();
  readonly #entry = new Integers();
  readonly #layer = new Integers();
  readonly #path = new Integers();
  readonly #names = new Integers();
  /** Of what is hidden: one more than the place in the list of what hid it. */
  readonly #hidden = new Integers();
  readonly #hidings: HiddenBy[] = [];
  /** Those that lost a name and have others: the first may be gone. */
  readonly #fewer = new Set<number>();

  constructor(tree: ColumnTree) {
    this.#tree = tree;
  }

  gain(layer: number, path: number): void {
    const entry = this.#tree.content(path);
    const { entries } = this.#tree;
    if (entry === NONE || entries.size(entry) === 0 || entries.type(entry) !== 'file') return;
    const known = this.#byEntry.at(entry) - 1;
    if (known !== NONE) {
      this.#names.set(known, this.#names.at(known) + 1);
      // A link to what its own layer replaces.
      if (this.#hidden.at(known) !== 0) this.#hidden.set(known, 0);
      return;
    }
    const made = this.#count++;
    this.#byEntry.set(entry, made + 1);
    this.#entry.set(made, entry);
    this.#layer.set(made, layer);
    this.#path.set(made, path);
    this.#names.set(made, 1);
  }

  overwritten(layer: number, path: number, before: EarlierMeaning): void {
    const content = this.#lose(before);
    if (content === undefined) return;
    const { entries, paths } = this.#tree;
    const by = this.#tree.entry(path);
    const digest = entries.digest(this.#entry.at(content));
    const isSame = digest !== NONE && digest === entries.digest(by) && entries.type(by) === 'file';
    const told = { layer, path: paths.text(path), how: 'overwritten' } as const;
    if (!isSame) this.#hide(content, told);
    else {
      const aspects = differingAspects(entries.entry(before.entry, told.path), entries.entry(by, told.path));
      this.#hide(content, { ...told, aspects });
    }
  }

  deleted(layer: number, at: number, before: EarlierMeaning, by: Pick<Entry, 'path' | 'type'>): void {
    const content = this.#lose(before);
    if (content === undefined) return;
    const path = this.#tree.paths.text(at);
    const isAbove = by.type === 'opaque' || by.path !== path;
    this.#hide(content, { layer, path, how: 'deleted', ...(isAbove ? { deleted: by.path } : {}) });
  }

  /** @returns the content that lost its last name */
  #lose(before: EarlierMeaning): number | undefined {
    const known = before.content === NONE ? NONE : this.#byEntry.at(before.content) - 1;
    if (known === NONE) return undefined;
    const left = this.#names.at(known) - 1;
    this.#names.set(known, left);
    if (left === 0) return known;
    this.#fewer.add(known);
    return undefined;
  }

  /** At the end: what there is, each with a name that it has. */
  finish(): Contents {
    this.#settle();
    const { entries, paths } = this.#tree;
    return {
      count: this.#count,
      digests: entries.digests.count,
      layer: (i) => this.#layer.at(i),
      size: (i) => entries.size(this.#entry.at(i)),
      path: (i) => paths.text(this.#path.at(i)),
      digest: (i) => entries.digest(this.#entry.at(i)),
      hidden: (i) => {
        const hiding = this.#hidden.at(i);
        return hiding === 0 ? undefined : this.#hidings[hiding - 1];
      },
    };
  }

  #hide(content: number, by: HiddenBy): void {
    this.#hidden.set(content, this.#hidings.push(by));
  }

  #settle(): void {
    const tree = this.#tree;
    const unsettled = new Set([...this.#fewer].filter((one) => tree.entry(this.#path.at(one)) === NONE));
    this.#fewer.clear();
    if (unsettled.size === 0) return;
    for (const path of tree.walk()) {
      const content = tree.content(path);
      const known = content === NONE ? NONE : this.#byEntry.at(content) - 1;
      if (unsettled.delete(known)) this.#path.set(known, path);
    }
  }
}
