// Images that are not in the store: layers that are all the same are taken from it, the others from where they lie.

import type { OpenedImage, OpenedLayer } from '../../oci/image/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { beginReading, completeLayer, type LayerBlob, type Reading } from './complete-layer.ts';
import { holdAll, storedLayer } from './stored.ts';

/** An image whose layers are had as blobs. */
export interface ImageElsewhere extends Omit<OpenedImage, 'layers'> {
  readonly layers: readonly LayerBlob[];
}

/** Opens it. Each layer is read once, also where it occurs twice. */
export function openElsewhere(store: Store, image: ImageElsewhere, signal?: AbortSignal): OpenedImage {
  const reading = beginReading(signal);
  const held = holdAll(
    store,
    image.layers.filter((layer) => isStored(store, layer)).map(({ diffId }) => diffId),
  );
  const layers = new Map<string, OpenedLayer>();
  for (const layer of image.layers) {
    const key = `${layer.diffId} ${layer.blob.digest}`;
    if (!layers.has(key)) layers.set(key, openLayer(store, layer, reading));
  }
  return {
    ...image,
    layers: image.layers.map(({ diffId, blob }) => layers.get(`${diffId} ${blob.digest}`)!),
    close: async () => {
      for (const one of held) one.release();
      await image.close();
    },
  };
}

function openLayer(store: Store, layer: LayerBlob, reading: Reading): OpenedLayer {
  return isStored(store, layer)
    ? storedLayer(store, layer.diffId, layer.blob)
    : completeLayer(layer, reading);
}

/** By what it holds; a blob that the store knows as another layer is not what it says, which reading it will show. */
function isStored(store: Store, { diffId, blob }: LayerBlob): boolean {
  const known = store.findByBlob(blob.digest);
  return known ? known.info.diffId === diffId : store.peekLayer(diffId) !== undefined;
}
