// How much of an image's history came with its base: that may go on after the base's last layer, with ENV and the like.

import type { BuildRecord } from '../../build/cache/index.ts';
import { type Digest, MilleError } from '../../core/index.ts';
import type { HistoryEntry, OpenedImage } from '../../oci/image/index.ts';
import type { Store } from '../../oci/store/index.ts';
import type { ImageOrigins } from '../image-origins.ts';

/** How many entries are the base's, as far as an image of the store tells. */
export function baseHistory(
  store: Store,
  image: OpenedImage,
  { record, known }: { readonly record: BuildRecord | undefined; readonly known: ImageOrigins },
): number {
  const own = image.config.history ?? [];
  const named = known.others.filter(({ title }) => title === known.base?.title);
  const candidates = new Set([
    ...(record?.stages ?? []).flatMap((stage) => stage.image ?? []),
    ...named.map(({ imageId }) => imageId),
  ]);
  candidates.delete(image.imageId);
  const lengths = [...candidates].map((imageId) => begins(own, historyOf(store, imageId)));
  return Math.max(0, ...lengths);
}

function historyOf(store: Store, imageId: Digest): readonly HistoryEntry[] {
  try {
    const manifest = store.findById(imageId);
    return (manifest && store.image(manifest).config.history) ?? [];
  } catch (error) {
    // Gone or damaged: then it is not known.
    if (error instanceof MilleError) return [];
    throw error;
  }
}

/** The length of a history that another one begins with; 0 where it does not. */
function begins(history: readonly HistoryEntry[], base: readonly HistoryEntry[]): number {
  const same = base.every((entry, i) => JSON.stringify(entry) === JSON.stringify(history[i]));
  return same ? base.length : 0;
}
