// Sizes as a tree, of an image that was surveyed: sums are numbers in columns, and a node is made when it is asked for,
// for nobody looks at all of them.

import { type ColumnTree, Integers, NONE, Numbers, ROOT } from '../../oci/layer/index.ts';
import { bySize, type SizeNode } from './sizes.ts';
import type { LayerSurvey } from './survey.ts';

/** What a container sees, as a tree; see `imageSizes`. */
export function surveyedSizes({ tree }: LayerSurvey): SizeNode {
  const sums = new Sums(tree);
  return new SizeView(sums, ROOT);
}

/** Of each path: bytes and files there and below. */
class Sums {
  readonly tree: ColumnTree;
  readonly bytes = new Numbers();
  readonly files = new Integers();
  /** Entries whose content was counted. */
  readonly #counted = new Integers();

  constructor(tree: ColumnTree) {
    this.tree = tree;
    this.#sum(ROOT);
  }

  #sum(path: number): void {
    const { tree } = this;
    const entry = tree.entry(path);
    if (entry !== NONE && tree.entries.type(entry) !== 'dir') this.files.set(path, 1);
    const content = tree.content(path);
    if (content !== NONE && tree.entries.type(content) === 'file' && this.#counted.at(content) === 0) {
      this.#counted.set(content, 1);
      this.bytes.set(path, tree.entries.size(content));
    }
    // Which of a file's names has its bytes, the order of names decides.
    for (const child of tree.hasLinks ? tree.sorted(path) : tree.children(path)) {
      this.#sum(child);
      this.bytes.set(path, this.bytes.at(path) + this.bytes.at(child));
      this.files.set(path, this.files.at(path) + this.files.at(child));
    }
  }
}

class SizeView implements SizeNode {
  readonly name: string;
  readonly path: string;
  readonly entry?: NonNullable<SizeNode['entry']>;
  readonly layer?: number;
  readonly bytes: number;
  readonly hiddenBytes = 0;
  readonly hidesBytes = 0;
  readonly files: number;
  readonly #sums: Sums;
  readonly #at: number;
  #children: readonly SizeNode[] | undefined;

  constructor(sums: Sums, at: number) {
    const { tree } = sums;
    this.#sums = sums;
    this.#at = at;
    this.name = tree.paths.name(at);
    this.path = tree.paths.text(at);
    const entry = tree.entry(at);
    if (entry !== NONE) {
      this.entry = tree.entries.entry(entry, this.path);
      this.layer = tree.layer(at);
    }
    this.bytes = sums.bytes.at(at);
    this.files = sums.files.at(at);
  }

  get children(): readonly SizeNode[] {
    this.#children ??= this.#sums.tree
      .children(this.#at)
      .map((child) => new SizeView(this.#sums, child))
      .sort(bySize);
    return this.#children;
  }
}
