// `mille rmi`: names taken away, and images that have none left.

import { type Digest, MilleError, shortDigest } from '../core/index.ts';
import { formatReference, parseReference } from '../oci/image/index.ts';
import type { Store } from '../oci/store/index.ts';
import { type FoundImage, findImage, findImageFor } from './find-image.ts';
import { withServices } from './services.ts';
import type { RmiEvent, RmiOptions } from './types.ts';

/**
 * Removes names and images by Docker's rules, then what only they needed. Either all that was named is removed or,
 * on an error, nothing. See `App.rmi`.
 * @throws MilleError `image-missing`, `platform-unsupported`; `image-in-use` for an id, or one platform of an image,
 * with several names, without `force`
 */
export function rmi(names: readonly string[], options: RmiOptions): Promise<readonly RmiEvent[]> {
  return withServices('container', async (services) => {
    const store = await services.store();
    const events = store.changeNames(() => names.flatMap((name) => removeOne(store, name, options)));
    await collectUnused(store);
    return events;
  });
}

function removeOne(store: Store, text: string, { force, platform }: RmiOptions): RmiEvent[] {
  if (platform !== undefined) {
    const found = findImageFor(store, text, platform);
    return found.name !== undefined && !found.index
      ? removeName(store, found, found.name)
      : removeImages(store, [found.manifestDigest], force);
  }
  const found = findImage(store, text);
  if (found.name !== undefined) return removeName(store, found, found.name);
  if (found.index) return removeIndex(store, found.index, force);
  return removeImages(store, twinsOf(store, found.manifestDigest), force);
}

/** An image goes with its last name, and so do those of an index. */
function removeName(store: Store, { manifestDigest, index }: FoundImage, name: string): RmiEvent[] {
  const manifests = index?.members.map((member) => member.manifestDigest) ?? [manifestDigest];
  store.untag(name);
  return [{ type: 'untagged', name: shown(name) }, ...removeNameless(store, manifests)];
}

/** An index is nothing but names and images: it goes with its last image. */
function removeIndex(
  store: Store,
  { digest, members, names }: NonNullable<FoundImage['index']>,
  force: boolean,
): RmiEvent[] {
  checkNames(digest, names, force);
  for (const name of names) store.untag(name);
  const untagged = names.map((name): RmiEvent => ({ type: 'untagged', name: shown(name) }));
  return [
    ...untagged,
    ...removeNameless(
      store,
      members.map((member) => member.manifestDigest),
    ),
  ];
}

function removeNameless(store: Store, manifests: readonly Digest[]): RmiEvent[] {
  const nameless = manifests
    .map((digest) => store.imageEntry(digest))
    .filter(({ names }) => names.length === 0);
  for (const { manifestDigest } of nameless) store.removeImage(manifestDigest);
  return deleted(
    store,
    nameless.map(({ imageId }) => imageId),
  );
}

/** Images with all their names; one of an index leaves the others theirs. */
function removeImages(store: Store, manifests: readonly Digest[], force: boolean): RmiEvent[] {
  const images = manifests.map((digest) => store.imageEntry(digest));
  const names = [...new Set(images.flatMap((image) => image.names))];
  checkNames(images[0]!.imageId, names, force);
  for (const digest of manifests) store.removeImage(digest);
  const gone = names.filter((name) => store.resolveName(name) === undefined);
  return [
    ...gone.map((name): RmiEvent => ({ type: 'untagged', name: shown(name) })),
    ...deleted(
      store,
      images.map(({ imageId }) => imageId),
    ),
  ];
}

function checkNames(id: Digest, names: readonly string[], force: boolean): void {
  if (names.length <= 1 || force) return;
  throw new MilleError(
    'image-in-use',
    `the image ${shortDigest(id)} has several names: ${names.map(shown).join(', ')}`,
    { hint: 'remove the names one by one, or the image with all of them by --force' },
  );
}

/** One config can stand in several manifests: loaded compressed and built here. */
function twinsOf(store: Store, manifestDigest: Digest): Digest[] {
  const { imageId } = store.imageEntry(manifestDigest);
  return store.imageEntries().flatMap((image) => (image.imageId === imageId ? [image.manifestDigest] : []));
}

/** Those of which no other manifest is left. */
function deleted(store: Store, imageIds: readonly Digest[]): RmiEvent[] {
  return [...new Set(imageIds)]
    .filter((imageId) => !store.findById(imageId))
    .map((imageId) => ({ type: 'deleted', imageId }));
}

function shown(name: string): string {
  return formatReference(parseReference(name));
}

/** Removes what no image needs any more. Layers that the build cache can still use stay, and so does what a build or a container at work relies on. */
export async function collectUnused(store: Store): Promise<void> {
  const { openCache } = await import('../build/cache/index.ts');
  const { collectGarbage } = await import('./collect-garbage.ts');
  collectGarbage(store, openCache(store.db, { hasLayer: (diffId) => store.layer(diffId) !== undefined }));
}
