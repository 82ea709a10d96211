// The tags of the store's own images.

import { decodeTag, type Family } from '../../insight/tags/index.ts';
import { formatPlatform, parseReference, type Reference } from '../../oci/image/index.ts';
import type { Store } from '../../oci/store/index.ts';
import type { LearntTag } from './rows.ts';

/** All tags that the store has of a repository. */
export function learnOfStore(store: Store, repository: Reference, family: Family): LearntTag[] {
  return store.surveyImages().sound.flatMap((image) =>
    image.names.flatMap((name) => {
      const { registry, repository: path, tag } = parseReference(name);
      if (registry !== repository.registry || path !== repository.repository || tag === undefined) return [];
      const { created } = image.config;
      const own = {
        platform: formatPlatform(image.config),
        bytes: image.size,
        digest: image.manifestDigest,
      };
      return {
        tag: decodeTag(tag, family),
        images: [own],
        ...(created === undefined ? {} : { time: created }),
      };
    }),
  );
}
