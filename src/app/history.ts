// `mille history`: which instruction made which layer.

import type { Digest } from '../core/index.ts';
import type { HistoryEntry } from '../oci/image/index.ts';
import { findImageFor } from './find-image.ts';
import { withServices } from './services.ts';
import type { HistoryRow, PlatformChoice } from './types.ts';

/** The history of an image, newest first. See `App.history`. */
export function history(name: string, options: PlatformChoice = {}): Promise<readonly HistoryRow[]> {
  return withServices('read', async (services) => {
    const store = await services.store();
    const image = store.image(findImageFor(store, name, options.platform).manifestDigest);
    const { config, imageId } = image;
    const distant = new Map(image.distant.map(({ diffId, descriptor }) => [diffId, descriptor.size]));
    const layers = config.rootfs.diff_ids.map((diffId) => {
      const known = store.layer(diffId);
      const sent = known ? undefined : distant.get(diffId);
      const bytes = known?.info.size ?? sent ?? 0;
      return { diffId, bytes, ...(sent === undefined ? {} : { distant: true as const }) };
    });
    return historyRows(imageId, config.history ?? [], layers);
  });
}

/** A layer of the image. */
export interface HistoryLayer {
  readonly diffId: Digest;
  readonly bytes: number;
  readonly distant?: true;
}

/**
 * Matches history entries (oldest first) with layers (bottom first). Layers that no entry speaks of, as in images
 * of tools that write no history, have rows of their own.
 */
export function historyRows(
  imageId: Digest,
  entries: readonly HistoryEntry[],
  layers: readonly HistoryLayer[],
): HistoryRow[] {
  const rows: HistoryRow[] = [];
  let next = 0;
  for (const entry of entries) {
    const layer = entry.empty_layer ? undefined : layers[next++];
    rows.push(rowOf(entry, layer));
  }
  for (const layer of layers.slice(next)) rows.push(rowOf({}, layer));
  rows.reverse();
  return rows.map((row, i) => (i === 0 ? { imageId, ...row } : row));
}

function rowOf(entry: HistoryEntry, layer: HistoryLayer | undefined): HistoryRow {
  return {
    ...(entry.created === undefined ? {} : { created: entry.created }),
    createdBy: entry.created_by ?? '',
    comment: entry.comment ?? '',
    bytes: layer?.bytes ?? 0,
    emptyLayer: layer === undefined,
    ...(layer === undefined ? {} : { diffId: layer.diffId }),
    ...(layer?.distant ? { distant: true } : {}),
  };
}
