// `mille tag`: one more name for an image.

import { findImage } from './find-image.ts';
import { nameToGive } from './name-to-give.ts';
import { withServices } from './services.ts';

/**
 * Gives an image a name, taking it from the image that had it. See `App.tag`.
 * @throws MilleError `image-missing`, `reference-invalid`
 */
export function tag(source: string, target: string): Promise<void> {
  const name = nameToGive(target);
  return withServices('write', async (services) => {
    const store = await services.store();
    const { index, manifestDigest } = findImage(store, source);
    if (index) store.tagIndex(name, index.digest);
    else store.tag(name, manifestDigest);
  });
}
