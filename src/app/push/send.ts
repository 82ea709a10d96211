// Blobs that a repository lacks, then manifests, then the name.

import { type Digest, inParallel } from '../../core/index.ts';
import type { Descriptor } from '../../oci/image/index.ts';
import type { Repository } from '../../oci/registry/index.ts';
import type { Store } from '../../oci/store/index.ts';
import type { TravelProgress } from '../cache-travel/announced.ts';
import type { PushDocuments } from './documents.ts';

/** Where things come from and go to. */
export interface SendServices {
  readonly store: Store;
  readonly repository: Repository;
  /** Other repositories of the same registry that blobs may be mounted from. */
  readonly places: ReadonlyMap<Digest, string>;
  readonly progress: TravelProgress;
}

/** @returns bytes of blobs that were sent */
export async function sendDocuments(
  { store, repository, places, progress }: SendServices,
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
  let sent = 0;
  await inParallel(missing, async ({ digest, size }) => {
    const onProgress = (bytes: number) => {
      done.set(digest, bytes);
      progress('sending', sumOf(done.values()), total);
    };
    const mountFrom = places.get(digest);
    const blob = { digest, size, open: () => store.streamBlob(digest) };
    const how = await repository.send(blob, {
      onProgress,
      ...(mountFrom === undefined ? {} : { mountFrom }),
    });
    if (how === 'sent') sent += size;
    onProgress(size);
  });
  for (const manifest of manifests) await repository.putManifest(manifest.digest, manifest);
  await repository.putManifest(tag, root);
  return sent;
}

function sumOf(numbers: Iterable<number>): number {
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum;
}
