// Blobs that a repository lacks, then manifests, then the name.

import { type Digest, inParallel } from '../../core/index.ts';
import type { Descriptor } from '../../oci/image/index.ts';
import type { Repository } from '../../oci/registry/index.ts';
import type { Store } from '../../oci/store/index.ts';
import type { TravelProgress } from '../cache-travel/announced.ts';
import type { PushDocuments } from './documents.ts';

/** @returns bytes of blobs that were sent */
export async function sendDocuments(
  {
    store,
    repository,
    progress,
  }: { readonly store: Store; readonly repository: Repository; readonly progress: TravelProgress },
  { root, manifests, blobs }: PushDocuments,
  tag: string,
): Promise<number> {
  const wanted = [...new Map(blobs.map((blob) => [blob.digest, blob])).values()];
  const missing: Descriptor[] = [];
  await inParallel(wanted, async (blob) => {
    if (!(await repository.has(blob.digest))) missing.push(blob);
  });
  const total = missing.reduce((sum, { size }) => sum + size, 0);
  const done = new Map<Digest, number>();
  await inParallel(missing, async ({ digest, size }) => {
    await repository.send(
      { digest, size, open: () => store.streamBlob(digest) },
      {
        onProgress: (bytes) => {
          done.set(digest, bytes);
          progress(
            'sending',
            [...done.values()].reduce((sum, each) => sum + each, 0),
            total,
          );
        },
      },
    );
  });
  for (const manifest of manifests) await repository.putManifest(manifest.digest, manifest);
  await repository.putManifest(tag, root);
  return total;
}
