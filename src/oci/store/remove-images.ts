// Images removed beside whoever works on the store; their blobs go with the next collection.

import type { Digest } from '../../core/index.ts';
import type { Images } from './images.ts';
import type { Place } from './place.ts';
import { forgetUse } from './uses.ts';

/** Removes images with all their names, but for those that somebody uses. @returns those that are gone */
export function removeImages(place: Place, images: Images, manifests: readonly Digest[]): Digest[] {
  if (manifests.length === 0) return [];
  return place.claims.removing((take) =>
    images.changeNames(() =>
      manifests.filter((manifest) => {
        if (!take(manifest) || !images.removeImage(manifest)) return false;
        forgetUse(place.db, `image:${manifest}`);
        return true;
      }),
    ),
  );
}
