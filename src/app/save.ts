// `mille save`: images into one archive.

import { saveArchive } from '../oci/store/index.ts';
import { findImage } from './find-image.ts';
import { intoFile } from './into-file.ts';
import { withServices } from './services.ts';

/**
 * Writes images to a file, or to standard output for '-'. An image given by its id has no name in the archive, as
 * with Docker. See `App.save`.
 */
export function save(names: readonly string[], output: string, signal?: AbortSignal): Promise<void> {
  return withServices('write', async (services) => {
    const store = await services.store();
    const lock = store.lockShared();
    try {
      const chosen = names.map((name) => {
        const found = findImage(store, name);
        return {
          image: store.image(found.manifestDigest),
          names: found.name === undefined ? [] : [found.name],
        };
      });
      await intoFile(output, (sink) => saveArchive(store, chosen, sink), signal);
    } finally {
      lock.release();
    }
  });
}
