// A store in which layers that lie at a registry look as if they were there: they can be named in an image, and read for
// whoever sends them on. Their bytes are kept nowhere.

import type { Digest } from '../../core/index.ts';
import { type Descriptor, type LayerInfo, ociLayerType } from '../../oci/image/index.ts';
import type { Store } from '../../oci/store/index.ts';

/** A layer that need not be here. */
export interface LayerElsewhere {
  readonly diffId: Digest;
  readonly descriptor: Descriptor;
  /** The image that has it. */
  readonly origin: string;
  /** Reads its blob, checked against its digest by the end. */
  readonly open: (layer: Descriptor) => AsyncIterable<Uint8Array>;
}

/** The store with these layers. Images that are kept in it say where they are. */
export function withDistant(store: Store, distant: readonly LayerElsewhere[]): Store {
  const layers = new Map(distant.map((layer) => [layer.diffId, layer]));
  const blobs = new Map(distant.map((layer) => [layer.descriptor.digest, layer]));
  const origins = new Map(distant.map(({ descriptor, origin }) => [descriptor.digest, origin]));
  const asHere = ({ diffId, descriptor }: LayerElsewhere) => ({
    info: store.layer(diffId)?.info ?? infoOf(diffId, descriptor),
    descriptor: asKept(descriptor),
  });
  return {
    ...store,
    layer: (diffId) => {
      const layer = layers.get(diffId);
      return layer ? asHere(layer) : store.layer(diffId);
    },
    findByBlob: (digest) => {
      const layer = blobs.get(digest);
      return store.findByBlob(digest) ?? (layer && asHere(layer));
    },
    streamBlob: (digest) => {
      const layer = blobs.get(digest);
      return layer && !store.hasBlob(digest, layer.descriptor.size)
        ? layer.open(layer.descriptor)
        : store.streamBlob(digest);
    },
    putImage: (image) => store.putImage({ ...image, origins }),
  };
}

/** As the store has it once it is here: an image is the same with its base elsewhere. */
function asKept({ mediaType, digest, size }: Descriptor): Descriptor {
  return { mediaType: ociLayerType(mediaType), digest, size };
}

/** Of a layer that is not here nothing may be known but its digests. */
function infoOf(diffId: Digest, { size }: Descriptor): LayerInfo {
  return { diffId, contentId: diffId, size, files: 0 };
}
