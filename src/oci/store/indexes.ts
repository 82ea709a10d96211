// Images of several platforms: an index names one image for each. An index is in the store as long as one of its
// images is; which of them are is never written down, so that images come and go without it. A name that points to
// an index points to one of its images as well: the one that is meant where nobody asks for a platform.

import { type Digest, LIMITS, MilleError } from '../../core/index.ts';
import { sha256 } from '../../sys/index.ts';
import {
  choosePlatform,
  isImageEntry,
  isIndexType,
  MEDIA,
  type Platform,
  parseConfig,
  parseIndex,
} from '../image/index.ts';
import { attestationsIn, blobsOfAttestation, type StoredAttestation } from './attestations.ts';
import { type Blobs, readBlobFile } from './blobs.ts';
import { damageOf } from './damage.ts';
import { hostPlatform } from './host-platform.ts';
import { blobFile } from './layout.ts';
import type { Place } from './place.ts';

/** An image of an index that is in the store. */
export interface IndexMember {
  readonly manifestDigest: Digest;
  /** As the index has it or, where it says nothing, as the image does. */
  readonly platform: Platform;
}

/** An index in the store. */
export interface StoredIndex {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly size: number;
  /** In the index's own order; never empty. */
  readonly members: readonly IndexMember[];
  /** The one for this machine, or else the first. */
  readonly usual: Digest;
  /** Canonical names, sorted. */
  readonly names: readonly string[];
}

/** The indexes of a store. */
export interface Indexes {
  /**
   * Keeps an index.
   * @throws MilleError `image-invalid` where it is none, or one of indexes; `image-missing` where none of its images
   * is in the store.
   */
  putIndex(bytes: Uint8Array | string): Digest;
  /** Points a canonical name to an index; what it pointed to before loses it. */
  tagIndex(canonicalName: string, digest: Digest): void;
  index(digest: Digest): StoredIndex | undefined;
  /** The index that a canonical name points to, where it is one. */
  indexOf(canonicalName: string): Digest | undefined;
  /** What is attested of the images of an index, as far as it is here. @throws MilleError where the index is damaged */
  attestationsOf(index: Digest): readonly StoredAttestation[];
  /** The blobs of these. Claims none of them; of a damaged index there are none. */
  peekAttestedBlobs(index: Digest): readonly Digest[];
}

/** What images need to know of indexes. */
export interface IndexRows extends Indexes {
  /** Follows an image that came or went. To be called in the same change. */
  imageChanged(manifestDigest: Digest): void;
}

/** Changes names. */
export type Change = <T>(work: () => T) => T;

/** The indexes of the store at `place`. */
export function createIndexes(place: Place, blobs: Blobs, change: Change): IndexRows {
  const { db } = place;

  const index = (digest: Digest): StoredIndex | undefined => {
    place.claims.claim(digest);
    const row = db.get<IndexRow>('SELECT media_type, size FROM indexes WHERE digest = ?', digest);
    if (!row) return undefined;
    const present = new Map(
      db.all<PresentRow>(PRESENT, digest).map(({ manifest, config }) => [manifest, config]),
    );
    const members = new Map<Digest, IndexMember>();
    for (const entry of imagesIn(blobs.readBlob(digest, LIMITS.manifest))) {
      const config = present.get(entry.digest);
      if (config === undefined || members.has(entry.digest)) continue;
      const platform = entry.platform ?? platformIn(blobs.readBlob(config, LIMITS.manifest));
      members.set(entry.digest, { manifestDigest: entry.digest, platform });
    }
    const usual = usualMember([...members.values()]);
    // Its last image was removed by another process since the row was read.
    if (usual === undefined) return undefined;
    const names = db.all<{ name: string }>(
      'SELECT name FROM names WHERE image_index = ? ORDER BY name',
      digest,
    );
    return {
      digest,
      mediaType: row.media_type,
      size: row.size,
      members: [...members.values()],
      usual,
      names: names.map(({ name }) => name),
    };
  };

  /** A damaged index must not keep its images from being removed. */
  const usualOf = (digest: Digest) => {
    try {
      return index(digest)?.usual;
    } catch {
      return undefined;
    }
  };

  const indexOf = (canonicalName: string) =>
    db.get<{ image_index: Digest | null }>('SELECT image_index FROM names WHERE name = ?', canonicalName)
      ?.image_index ?? undefined;

  /**
   * An index that has no name any more and whose images another one has all of: the attestations of an earlier build of
   * the same. Nobody would ever find it again.
   */
  const dropOlder = (digest: Digest) => {
    for (const older of db.all<{ digest: Digest }>(SUPERSEDED, digest)) {
      db.run('DELETE FROM index_members WHERE digest = ?', older.digest);
      db.run('DELETE FROM indexes WHERE digest = ?', older.digest);
    }
  };

  return {
    index,
    indexOf,
    attestationsOf: (digest) => attestationsIn(blobs.readBlob(digest, LIMITS.manifest), blobs.readBlob),
    peekAttestedBlobs: (digest) => {
      const read = (one: Digest, limit: number) => readBlobFile(blobFile(place.paths, one), one, limit);
      try {
        return attestationsIn(read(digest, LIMITS.manifest), read).flatMap(blobsOfAttestation);
      } catch (error) {
        damageOf(error);
        return [];
      }
    },
    putIndex: (bytes) => {
      const content = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
      const digest = sha256(content);
      const parsed = parseIndex(new TextDecoder().decode(content));
      const { size } = blobs.putBlob(content);
      if (db.get('SELECT 1 FROM indexes WHERE digest = ?', digest)) return digest;
      const manifests = new Set(imagesIn(content).map((entry) => entry.digest));
      change(() => {
        // Another process may have been first.
        db.run(
          'INSERT OR IGNORE INTO indexes VALUES (?, ?, ?)',
          digest,
          parsed.mediaType ?? MEDIA.index,
          size,
        );
        for (const manifest of manifests) {
          db.run('INSERT OR IGNORE INTO index_members VALUES (?, ?)', digest, manifest);
        }
        if (!db.get(PRESENT, digest)) throw emptyIndex(digest);
        dropOlder(digest);
      });
      return digest;
    },
    tagIndex: (canonicalName, digest) => {
      if (indexOf(canonicalName) === digest) return;
      change(() => {
        const found = index(digest);
        if (!found) throw emptyIndex(digest);
        db.run(
          'INSERT INTO names (name, manifest, moved, image_index) VALUES (?1, ?2, ?3, ?4) ' +
            'ON CONFLICT DO UPDATE SET manifest = ?2, moved = ?3, image_index = ?4',
          ...[canonicalName, found.usual, Math.floor(Date.now() / 1000), digest],
        );
        dropOlder(digest);
      });
    },
    imageChanged: (manifestDigest) => {
      const rows = db.all<{ digest: Digest }>(
        'SELECT digest FROM index_members WHERE manifest = ?',
        manifestDigest,
      );
      for (const { digest } of rows) {
        const [first] = db.all<PresentRow>(PRESENT, digest);
        if (first) {
          const usual = usualOf(digest) ?? first.manifest;
          db.run('UPDATE names SET manifest = ? WHERE image_index = ?', usual, digest);
          continue;
        }
        db.run('DELETE FROM names WHERE image_index = ?', digest);
        db.run('DELETE FROM index_members WHERE digest = ?', digest);
        db.run('DELETE FROM indexes WHERE digest = ?', digest);
      }
    },
  };
}

interface IndexRow {
  readonly media_type: string;
  readonly size: number;
}

interface PresentRow {
  readonly manifest: Digest;
  readonly config: Digest;
}

const PRESENT =
  'SELECT m.manifest, i.config FROM index_members m JOIN images i ON i.manifest = m.manifest WHERE m.digest = ?';

const SUPERSEDED = `
  SELECT digest FROM indexes x
  WHERE digest <> ?1
    AND NOT EXISTS (SELECT 1 FROM names WHERE image_index = x.digest)
    AND NOT EXISTS (
      SELECT manifest FROM index_members WHERE digest = x.digest
      EXCEPT SELECT manifest FROM index_members WHERE digest = ?1
    )
    AND (SELECT count(*) FROM index_members WHERE digest = x.digest) =
      (SELECT count(*) FROM index_members WHERE digest = ?1)`;

function imagesIn(bytes: Uint8Array) {
  const entries = parseIndex(new TextDecoder().decode(bytes)).manifests.filter(isImageEntry);
  if (entries.every(({ mediaType }) => !isIndexType(mediaType))) return entries;
  throw new MilleError('image-invalid', 'an index of indexes is not kept');
}

function platformIn(config: Uint8Array): Platform {
  const { os, architecture, variant } = parseConfig(new TextDecoder().decode(config));
  return { os, architecture, ...(variant === undefined ? {} : { variant }) };
}

function usualMember(members: readonly IndexMember[]): Digest | undefined {
  const own = choosePlatform(members, ({ platform }) => platform, hostPlatform());
  return (own ?? members[0])?.manifestDigest;
}

function emptyIndex(digest: Digest): MilleError {
  return new MilleError('image-missing', `no image of the index ${digest} is in the store`, {
    hint: '`mille images` lists what there is',
  });
}
