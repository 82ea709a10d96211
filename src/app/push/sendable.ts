// The store for whoever sends images some of whose layers are still at a registry: they are mounted from there, or pass
// through on their way, and are kept nowhere.

import type { Digest, EventSink } from '../../core/index.ts';
import { parseReference, type Reference } from '../../oci/image/index.ts';
import { type LayerPacking, needsPacking, type Store, type StoredImage } from '../../oci/store/index.ts';
import { bringLayersShown, type OriginAccess, readChecked } from '../pull/bring-layers.ts';
import { withDistant } from '../pull/with-distant.ts';

/** How layers are got at that are not here. */
export interface SendableOptions extends OriginAccess {
  readonly packing: LayerPacking;
  readonly events: EventSink;
  readonly signal: AbortSignal;
}

/** The store with all layers of images; those that are wanted in another form are brought. */
export async function sendable(
  store: Store,
  images: readonly StoredImage[],
  { packing, events, signal, ...origin }: SendableOptions,
): Promise<Store> {
  const distant = images.flatMap((image) => image.distant);
  if (distant.length === 0) return store;
  if (distant.some(({ descriptor }) => needsPacking(descriptor, packing))) {
    for (const image of images) await bringLayersShown(store, image, { ...origin, events, signal });
    return store;
  }
  const layers = images.flatMap((image) => {
    const open = readChecked(image, origin);
    return image.distant.map((layer) => ({ ...layer, open }));
  });
  return withDistant(store, layers);
}

/** Other repositories of a registry that have layers of images. */
export function mountsFor(
  { registry, repository }: Reference,
  images: readonly StoredImage[],
): ReadonlyMap<Digest, string> {
  const found = images
    .flatMap((image) => image.distant)
    .map(({ descriptor, origin }) => [descriptor.digest, parseReference(origin)] as const)
    .filter(([, from]) => from.registry === registry && from.repository !== repository);
  return new Map(found.map(([digest, from]) => [digest, from.repository]));
}
