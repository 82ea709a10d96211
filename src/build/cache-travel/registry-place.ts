// A cache in a registry: a manifest under a tag, its blobs beside those of images.

import { formatReference, MEDIA, type Reference } from '../../oci/image/index.ts';
import { openRepository, type RegistryAccess } from '../../oci/registry/index.ts';
import type { ReadingPlace, WritingPlace } from './place.ts';

/** Makes ready to read from a repository. */
export function readRegistryPlace(reference: Reference, access: RegistryAccess): ReadingPlace {
  const repository = openRepository(reference, access);
  return {
    name: formatReference(reference),
    repository: { registry: reference.registry, name: reference.repository },
    manifest: async (digest) =>
      (await repository.manifest(digest ?? reference.digest ?? reference.tag!)).bytes,
    stream: (blob) => repository.stream(blob),
    close: () => {},
  };
}

/**
 * Makes ready to write to a repository.
 * @param near places that blobs may be mounted from, those of the same registry
 */
export function writeRegistryPlace(
  reference: Reference,
  access: RegistryAccess,
  near: readonly ReadingPlace[],
): WritingPlace {
  const { registry, repository: own } = reference;
  const mounts = near.flatMap(({ repository }) =>
    repository?.registry === registry && repository.name !== own ? [repository.name] : [],
  );
  const repository = openRepository(reference, access, { push: true, mounts: [...new Set(mounts)] });
  return {
    name: formatReference(reference),
    has: ({ digest }) => repository.has(digest),
    write: async ({ descriptor, open, from }, onProgress) => {
      const there = from?.repository;
      const mountable = there?.registry === registry && there.name !== own;
      const { digest, size } = descriptor;
      const sent = await repository.send(
        { digest, size, open },
        { onProgress, ...(mountable ? { mountFrom: there.name } : {}) },
      );
      return sent === 'mounted' ? 0 : size;
    },
    publish: async (manifest) => {
      await repository.putManifest(reference.tag!, { mediaType: MEDIA.manifest, bytes: manifest });
    },
    close: () => {},
  };
}
