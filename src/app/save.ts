// `mille save`: images into one archive.

import { blobsOfAttestation, type ImageToSave, type Store, saveArchive } from '../oci/store/index.ts';
import { type FoundImage, findImageFor } from './find-image.ts';
import { intoFile } from './into-file.ts';
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
      const chosen = names.map((name) =>
        imageToSave(store, findImageFor(store, name, options.platform), options),
      );
      await intoFile(output, (sink) => saveArchive(store, chosen, sink), options.signal);
    } finally {
      lock.release();
    }
  });
}

/** An image of several platforms with all that are here, or the one that is wanted. */
function imageToSave(store: Store, found: FoundImage, { platform }: SaveOptions): ImageToSave {
  const { index, manifestDigest, name } = found;
  const manifests =
    index && platform === undefined ? index.members.map((member) => member.manifestDigest) : [manifestDigest];
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
