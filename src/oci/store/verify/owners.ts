// Whose blobs and layers are: what people know them by, and what brings them again.

import { type Digest, shortDigest } from '../../../core/index.ts';
import { imageTitle } from '../damage.ts';
import type { Images } from '../images.ts';
import type { Place } from '../place.ts';
import { createReferences } from '../references.ts';

/** Who needs what. */
export interface Owners {
  /** Images that need a blob or a layer, by their names or ids; none where only the cache may. */
  imagesOf(digest: Digest): readonly string[];
}

/** Finds out what all images need, as far as they can be read. */
export function findOwners(place: Place, images: Images): Owners {
  const owners = new Map<Digest, Set<string>>();
  const titles = new Map(images.imageEntries().map((entry) => [entry.manifestDigest, imageTitle(entry)]));
  for (const { manifest, config, layers, diffIds } of createReferences(place).images()) {
    const title = titles.get(manifest) ?? shortDigest(config);
    for (const digest of [manifest, config, ...layers, ...diffIds]) {
      owners.set(digest, (owners.get(digest) ?? new Set()).add(title));
    }
  }
  return { imagesOf: (digest) => [...(owners.get(digest) ?? [])] };
}

const REPAIR = "'mille store verify --repair' forgets it";

/** What to do about something that images need, or the build cache alone. */
export function remedyFor(titles: readonly string[]): string {
  if (titles.length === 0) return `${REPAIR}; it is made or fetched again when it is needed`;
  return `${REPAIR}; then pull, load or build again: ${titles.join('; ')}`;
}
