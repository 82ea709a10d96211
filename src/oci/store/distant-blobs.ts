// Layers that images of the store have and that were never fetched, because nobody needed their bytes: a base image that
// nothing ran in. Of each it is written down which image of which registry has it, and nothing of who may ask there.
// Whatever brings such a layer, for whichever image, ends that for all of them.

import type { Digest } from '../../core/index.ts';
import type { SqlDatabase } from '../../sys/index.ts';
import type { Descriptor, ImageConfig, Manifest } from '../image/index.ts';

/** A layer of an image that is not here. */
export interface DistantBlob {
  readonly diffId: Digest;
  readonly descriptor: Descriptor;
  /** The image that has it, with its registry and its digest: `docker.io/library/python@sha256:…`. */
  readonly origin: string;
}

/** Where layers can be had, by the digests of their blobs. */
export type Origins = ReadonlyMap<Digest, string>;

/** The layers of an image that are not here, bottom first, each once. */
export function distantBlobsOf(
  db: SqlDatabase,
  manifestDigest: Digest,
  { manifest, config }: { readonly manifest: Manifest; readonly config: ImageConfig },
): DistantBlob[] {
  const rows = db.all<{ digest: Digest; origin: string }>(
    'SELECT digest, origin FROM distant_blobs WHERE manifest = ?',
    manifestDigest,
  );
  if (rows.length === 0) return [];
  const origins = new Map(rows.map(({ digest, origin }) => [digest, origin]));
  return manifest.layers.flatMap((descriptor, i) => {
    const origin = origins.get(descriptor.digest);
    origins.delete(descriptor.digest);
    return origin === undefined ? [] : [{ diffId: config.rootfs.diff_ids[i]!, descriptor, origin }];
  });
}

/** Writes down where layers of an image are. To be called in the change that makes it known. */
export function noteDistantBlobs(db: SqlDatabase, manifestDigest: Digest, origins: Origins): void {
  for (const [digest, origin] of origins) {
    db.run(
      'INSERT INTO distant_blobs VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET origin = ?3',
      ...[manifestDigest, digest, origin],
    );
  }
}

/** Forgets what an image that goes was waiting for. */
export function forgetDistantBlobs(db: SqlDatabase, manifestDigest: Digest): void {
  db.run('DELETE FROM distant_blobs WHERE manifest = ?', manifestDigest);
}

/** A blob has come. @returns whether an image was waiting for it */
export function blobCame(db: SqlDatabase, digest: Digest): boolean {
  return db.run('DELETE FROM distant_blobs WHERE digest = ?', digest) > 0;
}
