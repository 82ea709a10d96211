// An image of the store, opened for looking into.

import { type Digest, LIMITS, MilleError } from '../../core/index.ts';
import {
  formatReference,
  type Index,
  type OpenedImage,
  type OpenedLayer,
  parseIndex,
  parseManifest,
  parseReference,
  surroundingsOf,
} from '../../oci/image/index.ts';
import { readContents } from '../../oci/layer/index.ts';
import {
  type Claimable,
  type Held,
  imageTitle,
  type Store,
  type StoredImage,
} from '../../oci/store/index.ts';
import { SystemError } from '../../sys/index.ts';
import type { FoundImage } from '../find-image.ts';

/** Brings the layers of an image that are not here. */
export type BringImage = (image: StoredImage) => Promise<unknown>;

/**
 * Opens an image that was found in the store. Until it is closed nobody removes what it consists of.
 * @param bring called when somebody looks into a layer of an image that is not all here; needed where there may be any
 */
export function openStoredImage(
  store: Store,
  found: FoundImage,
  bring: BringImage = async () => {},
): OpenedImage {
  const image = store.image(found.manifestDigest);
  const { config, imageId, manifest, manifestDigest } = image;
  const { diff_ids } = config.rootfs;
  const blobs = manifest.layers.map(({ digest }) => digest);
  const held = holdAll(store, [manifestDigest, imageId, ...diff_ids, ...blobs]);
  let bringing: Promise<unknown> | undefined;
  const whole = () => {
    bringing ??= bring(image);
    return bringing;
  };
  const brought =
    image.distant.length === 0
      ? (layer: OpenedLayer) => layer
      : (layer: OpenedLayer) => afterwards(layer, whole);
  return {
    title: found.name === undefined ? imageTitle(image) : formatReference(parseReference(found.name)),
    origin: 'store',
    ...{ imageId, manifestDigest, config },
    layers: diff_ids.map((diffId, i) => brought(storedLayer(store, diffId, manifest.layers[i]!))),
    surroundings: () => {
      const indexes = found.index ? [readIndex(store, found.index.digest)] : [];
      return surroundingsOf({ manifestDigest, manifest, indexes, ...beside(store) });
    },
    close: async () => {
      for (const one of held) one.release();
    },
  };
}

/** What stands beside images is not always here. */
function beside(store: Store): Pick<Parameters<typeof surroundingsOf>[0], 'readManifest' | 'openBlob'> {
  return {
    readManifest: async ({ digest }) =>
      store.hasBlob(digest)
        ? parseManifest(new TextDecoder().decode(store.readBlob(digest, LIMITS.manifest)))
        : undefined,
    openBlob: ({ digest }) => (store.hasBlob(digest) ? () => store.streamBlob(digest) : undefined),
  };
}

function readIndex(store: Store, digest: Digest): Index {
  return parseIndex(new TextDecoder().decode(store.readBlob(digest, LIMITS.manifest)));
}

/** A layer of the store. @param blob as the manifest that is looked at has it */
export function storedLayer(store: Store, diffId: Digest, blob: OpenedLayer['blob']): OpenedLayer {
  return {
    diffId,
    blob,
    toc: async () => store.toc(diffId),
    pass: async () => store.passEntries(diffId),
    size: async () => {
      const known = store.peekLayer(diffId);
      if (known) return known.info.size;
      throw new MilleError('image-missing', `the layer ${diffId} is not in the store`, {
        hint: 'the image is incomplete: pull, load or build it again',
      });
    },
    read: (visit) => readContents(store.streamLayer(diffId), store.toc(diffId), visit),
  };
}

/** The layer for whoever can wait until it is here. */
function afterwards(layer: OpenedLayer, ready: () => Promise<unknown>): OpenedLayer {
  const { toc, pass, size, read } = layer;
  return {
    ...layer,
    toc: async () => {
      await ready();
      return await toc();
    },
    ...(pass
      ? {
          pass: async () => {
            await ready();
            return await pass();
          },
        }
      : {}),
    size: async () => {
      await ready();
      return await size();
    },
    read: async (visit) => {
      await ready();
      await read(visit);
    },
  };
}

/** Who may not write to the store looks at it all the same; then it is as with a file that somebody may remove. */
export function holdAll(store: Store, things: readonly Claimable[]): Held[] {
  const held: Held[] = [];
  try {
    for (const thing of things) held.push(store.claims.hold(thing));
  } catch (error) {
    if (!(error instanceof SystemError)) throw error;
  }
  return held;
}
