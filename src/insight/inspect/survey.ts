// What a list of an image's layers needs to know of them, found while one table of contents is there after the other:
// a replay (`replay.ts`) that keeps numbers only. What a large image takes of memory is decided here.

import type { Entry } from '../../oci/image/index.ts';
import {
  ColumnMerge,
  type ColumnTree,
  type EarlierMeaning,
  EntryTable,
  Integers,
  NONE,
} from '../../oci/layer/index.ts';
import { ColumnContents } from './column-contents.ts';
import type { Contents } from './contents.ts';
import type { LayerFigures } from './figures.ts';

/** What all layers did, in numbers. */
export interface LayerSurvey {
  /** Of each layer, bottom first. */
  readonly figures: readonly LayerFigures[];
  readonly contents: Contents;
  /** What a container sees. */
  readonly tree: ColumnTree;
}

/**
 * Replays the layers of an image, bottom first, from the entries of each, some at a time, of which it keeps none.
 * @throws MilleError as `replayLayers` does
 */
export async function surveyLayers(
  layers: AsyncIterable<Iterable<readonly Entry[]>> | Iterable<Iterable<readonly Entry[]>>,
): Promise<LayerSurvey> {
  const counts = new CountLedger();
  const merge: ColumnMerge = new ColumnMerge(new EntryTable(), {
    observer: {
      placed(layer, path, before) {
        counts.note(tree, layer, path, before);
        contents.gain(layer, path);
        if (before) contents.overwritten(layer, path, before);
      },
      removed(layer, path, before, by: Pick<Entry, 'path' | 'type'>) {
        counts.note(tree, layer, path, before);
        contents.deleted(layer, path, before, by);
      },
    },
  });
  const { tree } = merge;
  const contents = new ColumnContents(tree);
  const figures: LayerFigures[] = [];
  for await (const layer of layers) {
    const entries = merge.add(layer);
    figures.push({ entries, files: counts.finish(tree) });
  }
  return { figures, contents: contents.finish(), tree };
}

const DIRECTORY = 1;
const OTHER = 2;

/** What one layer changes: each path as it was when the layer came, and as it is at its end. */
class CountLedger {
  /** The last layer that changed a path, one more than it is. */
  readonly #changedBy = new Integers();
  /** What a path was when that came: 0 for nothing. */
  readonly #before = new Integers();
  #changed: number[] = [];

  note(tree: ColumnTree, layer: number, path: number, before: EarlierMeaning | undefined): void {
    if (this.#changedBy.at(path) === layer + 1) return;
    this.#changedBy.set(path, layer + 1);
    this.#before.set(path, kindOf(tree, before ? before.entry : NONE));
    this.#changed.push(path);
  }

  finish(tree: ColumnTree): LayerFigures['files'] {
    const counts = { added: 0, changed: 0, removed: 0 };
    for (const path of this.#changed) {
      const before = this.#before.at(path);
      const after = kindOf(tree, tree.entry(path));
      if (after === OTHER) counts[before === 0 ? 'added' : 'changed']++;
      else if (after === 0 && before === OTHER) counts.removed++;
    }
    this.#changed = [];
    return counts;
  }
}

function kindOf(tree: ColumnTree, entry: number): number {
  return entry === NONE ? 0 : tree.entries.type(entry) === 'dir' ? DIRECTORY : OTHER;
}
