// `mille tag`: one more name for an image.

import { MilleError } from '../core/index.ts';
import { canonicalName, parseReference } from '../oci/image/index.ts';
import { findImage } from './find-image.ts';
import { withServices } from './services.ts';

/**
 * Gives an image a name, taking it from the image that had it. See `App.tag`.
 * @throws MilleError `image-missing`, `reference-invalid`
 */
export function tag(source: string, target: string): Promise<void> {
  const reference = parseReference(target);
  if (reference.digest !== undefined) {
    throw new MilleError('reference-invalid', `a name to be given cannot hold a digest: ${target}`, {
      hint: 'leave out the part after @',
    });
  }
  return withServices('write', async (services) => {
    const store = await services.store();
    const name = canonicalName(reference);
    const { index, manifestDigest } = findImage(store, source);
    if (index) store.tagIndex(name, index.digest);
    else store.tag(name, manifestDigest);
  });
}
