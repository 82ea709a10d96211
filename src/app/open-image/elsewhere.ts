// Images that are not in the store: layers that are all the same are taken from it, the others from where they lie.

import { MilleError } from '../../core/index.ts';
import type { OpenedImage, OpenedLayer } from '../../oci/image/index.ts';
import type { Store } from '../../oci/store/index.ts';
import {
  beginReading,
  completeLayer,
  type LayerBlob,
  type Reading,
  type ReadingOptions,
} from './complete-layer.ts';
import { holdAll, storedLayer } from './stored.ts';

/** More than any tool makes and any kernel mounts. */
const MOST_LAYERS = 1000;

/** An image whose layers are had as blobs. */
export interface ImageElsewhere extends Omit<OpenedImage, 'layers'> {
  readonly layers: readonly LayerBlob[];
}

/** Opens it. Each layer is read once, also where it occurs twice. */
export function openElsewhere(store: Store, image: ImageElsewhere, options: ReadingOptions): OpenedImage {
  if (image.layers.length > MOST_LAYERS)
    throw new MilleError('image-invalid', `${image.title} has ${image.layers.length} layers`);
  const stored = image.layers.filter((layer) => isStored(store, layer));
  const unread = new Map(
    image.layers.filter((layer) => !stored.includes(layer)).map((one) => [keyOf(one), one]),
  );
  const total = [...unread.values()].reduce((sum, { blob }) => sum + blob.size, 0);
  const reading = beginReading(total, options);
  const held = holdAll(
    store,
    stored.map(({ diffId }) => diffId),
  );
  const occurrences = new Map<string, number>();
  for (const layer of image.layers) occurrences.set(keyOf(layer), (occurrences.get(keyOf(layer)) ?? 0) + 1);
  const layers = new Map<string, OpenedLayer>();
  for (const layer of image.layers) {
    const key = keyOf(layer);
    const times = occurrences.get(key)!;
    if (!layers.has(key)) layers.set(key, openLayer(store, layer, { reading, times }));
  }
  return {
    ...image,
    layers: image.layers.map((layer) => layers.get(keyOf(layer))!),
    close: async () => {
      for (const one of held) one.release();
      await image.close();
    },
  };
}

function keyOf({ diffId, blob }: LayerBlob): string {
  return `${diffId} ${blob.digest}`;
}

function openLayer(
  store: Store,
  layer: LayerBlob,
  how: { readonly reading: Reading; readonly times: number },
): OpenedLayer {
  return isStored(store, layer) ? storedLayer(store, layer.diffId, layer.blob) : completeLayer(layer, how);
}

/** By what it holds; a blob that the store knows as another layer is not what it says, which reading it will show. */
function isStored(store: Store, { diffId, blob }: LayerBlob): boolean {
  const known = store.findByBlob(blob.digest);
  return known ? known.info.diffId === diffId : store.peekLayer(diffId) !== undefined;
}
