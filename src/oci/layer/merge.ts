// Stacks of tables of contents whose entries stay as they are: trees that are asked for paths, and what each layer did
// to those below it. The stacking itself is in `columns/merge.ts`.

import type { Entry, TableOfContents } from '../image/index.ts';
import {
  ColumnMerge,
  type ColumnObserver,
  type ColumnTree,
  type EarlierMeaning,
  NONE,
} from './columns/index.ts';
import { KeptEntries, mergedTree } from './merged-tree.ts';
import type { MergedTree } from './types.ts';

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
  removed(layer: number, path: string, before: MergeState, by: Pick<Entry, 'path' | 'type'>): void;
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
  const merge: ColumnMerge<KeptEntries> = new ColumnMerge(new KeptEntries(), {
    followLinks,
    ...(observer ? { observer: telling(observer, () => merge.tree) } : {}),
  });
  const kept = merge.tree.entries;
  const starts = tables.map(({ entries }) => {
    const start = kept.all.length;
    merge.add([entries]);
    return start;
  });
  return mergedTree(merge.tree, starts);
}

/** An observer that is told of entries, not of their numbers. */
function telling(observer: MergeObserver, treeOf: () => ColumnTree<KeptEntries>): ColumnObserver {
  const stateOf = ({ entry, content, layer }: EarlierMeaning): MergeState => {
    const { all } = treeOf().entries;
    return { entry: all[entry]!, layer, content: content === NONE ? undefined : all[content]! };
  };
  return {
    placed(layer, path, before) {
      const tree = treeOf();
      const now = { entry: tree.entry(path), content: tree.content(path), layer };
      observer.placed(layer, tree.paths.text(path), stateOf(now), before && stateOf(before));
    },
    removed(layer, path, before, by) {
      observer.removed(layer, treeOf().paths.text(path), stateOf(before), by);
    },
  };
}
