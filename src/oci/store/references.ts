// What images need: their documents, their layers, the blobs that carry these. An image never changes, so that what
// it needs is read once.

import { type Digest, LIMITS } from '../../core/index.ts';
import { CWD, statAt } from '../../sys/index.ts';
import { parseConfig, parseManifest } from '../image/index.ts';
import { attestationsIn, blobsOfAttestation } from './attestations.ts';
import { readBlobFile } from './blobs.ts';
import { damageOf } from './damage.ts';
import { blobFile } from './layout.ts';
import type { Place } from './place.ts';

/** What one image needs. */
export interface ImageNeeds {
  readonly manifest: Digest;
  readonly config: Digest;
  /** Blobs of its layers, and what they hold, in the same order. */
  readonly layers: readonly Digest[];
  readonly diffIds: readonly Digest[];
}

/** Digests that something needs. */
export interface Kept {
  readonly blobs: ReadonlySet<string>;
  readonly diffIds: ReadonlySet<string>;
}

/** What is needed besides images. */
export interface Roots {
  /** DiffIDs of layers that are needed though no image has them: those of cache records. */
  readonly roots?: () => Iterable<Digest>;
  /** Blobs that are needed and carry no layer. */
  readonly rootBlobs?: () => Iterable<Digest>;
}

/** What is needed, asked for as often as wanted. */
export interface References {
  /** What all images need, as the database has them now; of damaged ones what can be read. */
  images(): ImageNeeds[];
  /** What images and roots need, as the database has them now. */
  kept(roots: Roots): Kept;
}

/** What is needed of the store at `place`. Claims nothing. */
export function createReferences(place: Place): References {
  const { db, paths } = place;
  const known = new Map<Digest, ImageNeeds>();
  const text = (digest: Digest) =>
    new TextDecoder().decode(readBlobFile(blobFile(paths, digest), digest, LIMITS.manifest));
  const needs = (manifest: Digest, config: Digest): ImageNeeds => {
    const found = known.get(manifest);
    if (found) return found;
    const layers = parseManifest(text(manifest)).layers.map(({ digest }) => digest);
    const made = { manifest, config, layers, diffIds: parseConfig(text(config)).rootfs.diff_ids };
    known.set(manifest, made);
    return made;
  };
  const images = () =>
    db
      .all<{ manifest: Digest; config: Digest }>('SELECT manifest, config FROM images')
      .flatMap(({ manifest, config }) => {
        try {
          return [needs(manifest, config)];
        } catch (error) {
          damageOf(error);
          // Perhaps removed by another process since the rows were read.
          return db.get('SELECT 1 FROM images WHERE manifest = ?', manifest)
            ? [whatIsLeft(manifest, config)]
            : [];
        }
      });
  /** Not remembered: somebody may bring the image again. Without a config the layers say what they hold. */
  const whatIsLeft = (manifest: Digest, config: Digest): ImageNeeds => {
    const layers = unlessDamaged(() => parseManifest(text(manifest)).layers.map(({ digest }) => digest));
    const diffIds = layers.flatMap((digest) => {
      const row = db.get<{ diff_id: Digest }>('SELECT diff_id FROM layer_blobs WHERE digest = ?', digest);
      return row ? [row.diff_id] : [];
    });
    return { manifest, config, layers, diffIds };
  };
  /** An index never changes, but what is attested in it may come later. */
  const attestedBlobs = (index: Digest) =>
    unlessDamaged(() => {
      const read = (digest: Digest, limit: number) => readBlobFile(blobFile(paths, digest), digest, limit);
      return attestationsIn(read(index, LIMITS.manifest), read).flatMap(blobsOfAttestation);
    });
  const firstThere = (digests: readonly Digest[]) =>
    digests.find((digest) => digests.length === 1 || statAt(CWD, blobFile(paths, digest))) ?? digests[0]!;
  return {
    images,
    kept: ({ roots, rootBlobs }) => {
      const blobs = new Set<string>(rootBlobs?.());
      const diffIds = new Set<string>();
      for (const { digest } of db.all<{ digest: Digest }>('SELECT digest FROM indexes')) {
        blobs.add(digest);
        for (const attested of attestedBlobs(digest)) blobs.add(attested);
      }
      for (const image of images()) {
        blobs.add(image.manifest).add(image.config);
        for (const digest of image.layers) blobs.add(digest);
        for (const diffId of image.diffIds) diffIds.add(diffId);
      }
      if (!roots) return { blobs, diffIds };
      const carriers = carriersOf(db);
      for (const diffId of roots()) {
        const digests = carriers.get(diffId);
        if (!digests) continue;
        diffIds.add(diffId);
        if (!digests.some((digest) => blobs.has(digest))) blobs.add(firstThere(digests));
      }
      return { blobs, diffIds };
    },
  };
}

function unlessDamaged<T>(read: () => T[]): T[] {
  try {
    return read();
  } catch (error) {
    damageOf(error);
    return [];
  }
}

/** By diffID: the blobs that carry a layer, in the order in which they are tried. */
export function carriersOf(db: Place['db']): ReadonlyMap<Digest, readonly Digest[]> {
  const carriers = new Map<Digest, Digest[]>();
  const rows = db.all<{ digest: Digest; diff_id: Digest }>(
    'SELECT digest, diff_id FROM layer_blobs ORDER BY rowid',
  );
  for (const { digest, diff_id } of rows) {
    const known = carriers.get(diff_id);
    if (known) known.push(digest);
    else carriers.set(diff_id, [digest]);
  }
  return carriers;
}
