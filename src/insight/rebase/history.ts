// Which part of an image's history is its own, and what the history says of each of its own layers.

import type { HistoryEntry, ImageConfig } from '../../oci/image/index.ts';

/**
 * The entries that came after the base's. Where the base's history is not the beginning of the image's, those after the
 * base's last layer.
 */
export function ownHistory(image: ImageConfig, base: ImageConfig): readonly HistoryEntry[] {
  const [all, below] = [image.history ?? [], base.history ?? []];
  const isBeginning =
    below.length <= all.length &&
    below.every(
      (entry, i) =>
        all[i]!.created_by === entry.created_by &&
        Boolean(all[i]!.empty_layer) === Boolean(entry.empty_layer),
    );
  if (isBeginning) return all.slice(below.length);
  let left = base.rootfs.diff_ids.length;
  const at = all.findIndex(({ empty_layer }) => left === 0 || (!empty_layer && --left < 0));
  return at < 0 ? [] : all.slice(at);
}

/** What the history says of each own layer; empty where it does not tell. */
export function ownMakers(history: readonly HistoryEntry[], layers: number): readonly string[] {
  const made = history.filter(({ empty_layer }) => !empty_layer);
  // A history that tells of another number of layers tells nothing of any.
  if (made.length !== layers) return Array.from({ length: layers }, () => '');
  return made.map(({ created_by = '' }) => created_by);
}
