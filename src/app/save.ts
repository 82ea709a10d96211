// `mille save`: images into one archive.

import { blobsOfAttestation, type ImageToSave, type Store, saveArchive } from '../oci/store/index.ts';
import { type FoundImage, findImageFor, manifestsMeant } from './find-image.ts';
import { intoFile } from './into-file.ts';
import { registryAccess } from './pull/access.ts';
import { bringLayers } from './pull/bring-layers.ts';
import { withServices } from './services.ts';
import type { SaveOptions } from './types.ts';

/**
 * Writes images to a file, or to standard output for '-'. An image given by its id has no name in the archive, as
 * with Docker. See `App.save`.
 */
export function save(names: readonly string[], output: string, options: SaveOptions = {}): Promise<void> {
  return withServices('write', async (services) => {
    const store = await services.store();
    const lock = store.lockShared();
    try {
      const found = names.map((name) => findImageFor(store, name, options.platform));
      const { signal = new AbortController().signal, progress } = options;
      const access = () => registryAccess(store, { signal });
      for (const manifest of found.flatMap((one) => manifestsMeant(one, options.platform)))
        await bringLayers(store, store.image(manifest), {
          ...{ access, signal },
          ...(progress ? { progress } : {}),
        });
      const chosen = found.map((one) => imageToSave(store, one, options));
      await intoFile(output, (sink) => saveArchive(store, chosen, sink), options.signal);
    } finally {
      lock.release();
    }
  });
}

/** An image of several platforms with all that are here, or the one that is wanted. */
function imageToSave(store: Store, found: FoundImage, options: SaveOptions): ImageToSave {
  const { index, name } = found;
  const manifests = manifestsMeant(found, options.platform);
  const attestations = index
    ? store.attestationsOf(index.digest).filter(({ image }) => manifests.some((digest) => digest === image))
    : [];
  return {
    images: manifests.map((digest) => store.image(digest)),
    names: name === undefined ? [] : [name],
    ...(index ? { index } : {}),
    attestations: attestations.flatMap(blobsOfAttestation),
  };
}
