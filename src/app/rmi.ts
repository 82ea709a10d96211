// `mille rmi`: names taken away, and images that have none left.

import type { Digest } from '../core/index.ts';
import { MilleError, shortDigest } from '../core/index.ts';
import { formatReference, parseReference } from '../oci/image/index.ts';
import type { Store } from '../oci/store/index.ts';
import { type FoundImage, findImage } from './find-image.ts';
import { withServices } from './services.ts';
import type { RmiEvent } from './types.ts';

/**
 * Removes names and images by Docker's rules, then what only they needed. Either all that was named is removed or,
 * on an error, nothing. See `App.rmi`.
 * @throws MilleError `image-missing`; `image-in-use` for an id with several names, without `force`
 */
export function rmi(
  names: readonly string[],
  options: { readonly force: boolean },
): Promise<readonly RmiEvent[]> {
  return withServices('container', async (services) => {
    const store = await services.store();
    const events = store.changeNames(() => names.flatMap((name) => removeOne(store, name, options.force)));
    await collect(store);
    return events;
  });
}

function removeOne(store: Store, text: string, force: boolean): RmiEvent[] {
  const found = findImage(store, text);
  return found.name === undefined ? removeById(store, found, force) : removeName(store, found, found.name);
}

/** The image goes with its last name. Nothing of it is read: a damaged image goes like any other. */
function removeName(store: Store, found: FoundImage, name: string): RmiEvent[] {
  const { imageId } = store.imageEntry(found.manifestDigest);
  store.untag(name);
  const untagged: RmiEvent = { type: 'untagged', name: formatReference(parseReference(name)) };
  if (store.imageEntry(found.manifestDigest).names.length > 0) return [untagged];
  store.removeImage(found.manifestDigest);
  return [untagged, ...deleted(store, imageId)];
}

function removeById(store: Store, found: FoundImage, force: boolean): RmiEvent[] {
  const { imageId } = store.imageEntry(found.manifestDigest);
  // One config can stand in several manifests: loaded compressed and built here.
  const manifests = store.imageEntries().filter((image) => image.imageId === imageId);
  const names = manifests
    .flatMap((image) => image.names)
    .map((name) => formatReference(parseReference(name)));
  if (names.length > 1 && !force) {
    throw new MilleError(
      'image-in-use',
      `the image ${shortDigest(imageId)} has several names: ${names.join(', ')}`,
      { hint: 'remove the names one by one, or the image with all of them by --force' },
    );
  }
  for (const image of manifests) store.removeImage(image.manifestDigest);
  return [...names.map((name): RmiEvent => ({ type: 'untagged', name })), ...deleted(store, imageId)];
}

/** Nothing where another manifest of the same image is still there. */
function deleted(store: Store, imageId: Digest): RmiEvent[] {
  return store.findById(imageId) ? [] : [{ type: 'deleted', imageId }];
}

/** Layers that the build cache can still use stay, and so does what a build or a container at work relies on. */
async function collect(store: Store): Promise<void> {
  const { openCache } = await import('../build/cache/index.ts');
  const { collectGarbage } = await import('./collect-garbage.ts');
  collectGarbage(store, openCache(store.db, { hasLayer: (diffId) => store.layer(diffId) !== undefined }));
}
