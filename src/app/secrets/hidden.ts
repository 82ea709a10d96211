// Whether what a layer holds is still seen at the end, or by which later layer it is hidden.

import type { Digest } from '../../core/index.ts';
import { parentPath } from '../../core/index.ts';
import type { Entry, OpenedLayer } from '../../oci/image/index.ts';

/** By whom a file is hidden. */
export interface Hiding {
  /** Index of the layer. */
  readonly layer: number;
  readonly how: 'deleted' | 'overwritten';
}

/** Answers for the files of an image; tables of contents are indexed when they are first needed. */
export function createHidingIndex(layers: readonly OpenedLayer[]) {
  const tables = new Map<number, ReadonlyMap<string, Entry>>();
  const tableOf = async (index: number) => {
    const known = tables.get(index);
    if (known) return known;
    const table = new Map<string, Entry>();
    for (const entry of (await layers[index]!.toc()).entries)
      table.set(entry.type === 'opaque' ? opaqueKey(entry.path) : entry.path, entry);
    tables.set(index, table);
    return table;
  };
  return {
    /** The first later layer that hides a file; undefined where it is still seen. */
    async hiding(layer: number, path: string, digest: Digest | undefined): Promise<Hiding | undefined> {
      for (let later = layer + 1; later < layers.length; later++) {
        const table = await tableOf(later);
        const same = table.get(path);
        if (same?.type === 'whiteout') return { layer: later, how: 'deleted' };
        if (same && !(same.type === 'file' && digest !== undefined && same.digest === digest))
          return { layer: later, how: 'overwritten' };
        if (same) continue;
        const how = hiddenAbove(table, path);
        if (how) return { layer: later, how };
      }
      return undefined;
    },
  };
}

function hiddenAbove(table: ReadonlyMap<string, Entry>, path: string): Hiding['how'] | undefined {
  for (let parent = parentPath(path); ; parent = parentPath(parent)) {
    if (table.has(opaqueKey(parent))) return 'deleted';
    if (parent === '') return undefined;
    const entry = table.get(parent);
    if (entry?.type === 'whiteout') return 'deleted';
    if (entry && entry.type !== 'dir') return 'overwritten';
  }
}

/** No path has this character. */
function opaqueKey(path: string): string {
  return `${path}\0`;
}
