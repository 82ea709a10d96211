// Images and their names. An image is in the store when its manifest and its config are, and every layer is or is known to
// be elsewhere; a name points to a manifest. An image without a name stays until it is removed.

import { type Digest, isDigest, LIMITS, MilleError } from '../../core/index.ts';
import { sha256 } from '../../sys/index.ts';
import { type ImageConfig, type Manifest, MEDIA, parseConfig, parseManifest } from '../image/index.ts';
import { type Blobs, readBlobFile } from './blobs.ts';
import { damageOf, unlessDamaged } from './damage.ts';
import {
  type DistantBlob,
  distantBlobsOf,
  forgetDistantBlobs,
  noteDistantBlobs,
  type Origins,
} from './distant-blobs.ts';
import type { Change, IndexRows } from './indexes.ts';
import type { Layers } from './layers.ts';
import { blobFile } from './layout.ts';
import type { Place } from './place.ts';
import { noteUse } from './uses.ts';

/** An image as its documents. */
export interface ImageDocuments {
  readonly manifestDigest: Digest;
  /** The digest of the config: what Docker shows as the image's id. */
  readonly imageId: Digest;
  readonly mediaType: string;
  readonly manifest: Manifest;
  readonly config: ImageConfig;
  /** Exactly the bytes that the digests are of. */
  readonly manifestBytes: Uint8Array;
  readonly configBytes: Uint8Array;
}

/** What the database alone says of an image. */
export interface ImageEntry {
  readonly manifestDigest: Digest;
  readonly imageId: Digest;
  /** Canonical names, sorted; those of an index that it is part of too. */
  readonly names: readonly string[];
  /** The indexes that it is part of. */
  readonly indexes: readonly Digest[];
  /** When it came into the store, seconds since the epoch. */
  readonly added: number;
  /** When the latest of its names was given, seconds since the epoch. */
  readonly tagged?: number;
}

/** An image in the store. */
export interface StoredImage extends ImageEntry, ImageDocuments {
  /** Bytes of all layers, uncompressed; of those that are not here as they are sent. */
  readonly size: number;
  /** Its layers that are not here; none of a whole one. */
  readonly distant: readonly DistantBlob[];
}

/** An image whose documents cannot be read: it can be removed, or got or built again. */
export interface DamagedImage extends ImageEntry {
  /** What is wrong, as a part of a sentence. */
  readonly damage: string;
  /** Blobs of its layers, where its manifest can be read. */
  readonly layers: readonly Digest[];
}

/** An image that is to be kept. */
export interface ImageToKeep {
  readonly manifest: Uint8Array | string;
  readonly config: Uint8Array | string;
  /** Where layers can be had that are not here. */
  readonly origins?: Origins;
}

/** The images of a store. */
export interface Images {
  /**
   * Keeps an image whose layers are in the store already, or are known to be elsewhere.
   * @throws MilleError `image-invalid` where manifest, config and layers don't fit together.
   */
  putImage(image: ImageToKeep): { readonly manifestDigest: Digest; readonly imageId: Digest };
  /** Points a canonical name to an image; what it pointed to before loses it. */
  tag(canonicalName: string, manifestDigest: Digest): void;
  /** Removes a name; false where there was none. The image stays. */
  untag(canonicalName: string): boolean;
  /** Removes an image with all its names (a name of an index stays for the others); its blobs go with the next collection. False where there was none. */
  removeImage(manifestDigest: Digest): boolean;
  /** Runs several of the changes above as one: all of them happen, or none. */
  changeNames<T>(work: () => T): T;
  /** The manifest that a canonical name points to; of an index, the one for this machine or else the first. */
  resolveName(canonicalName: string): Digest | undefined;
  /**
   * The manifest of the image whose id (or manifest digest) is this digest, or begins with these 4 or more
   * hexadecimal digits, with or without `sha256:`.
   * @throws MilleError `reference-invalid` where several images' ids begin so.
   */
  findById(text: string): Digest | undefined;
  /** @throws MilleError `image-missing`; where it is damaged, as `readBlob` */
  image(manifestDigest: Digest): StoredImage;
  /** What is known of an image without reading its documents. @throws MilleError `image-missing` */
  imageEntry(manifestDigest: Digest): ImageEntry;
  /** The same of all images, damaged or not, newest first. */
  imageEntries(): ImageEntry[];
  /** What is wrong with an image: a document, or a layer that is gone; undefined for a sound one. */
  imageDamage(manifestDigest: Digest): string | undefined;
  /** All images that can be read, newest first. Claims none of them. */
  listImages(): StoredImage[];
  /** The same, and those that cannot be read. */
  surveyImages(): { readonly sound: StoredImage[]; readonly damaged: DamagedImage[] };
}

interface ImageRow {
  readonly manifest: Digest;
  readonly config: Digest;
  readonly media_type: string;
  readonly added: number;
}

/** What the images of a store are made of. */
export interface ImageParts {
  readonly blobs: Blobs;
  readonly layers: Layers;
  readonly indexes: IndexRows;
  readonly change: Change;
}

/** The images of the store at `place`. */
export function createImages(place: Place, { blobs, layers, indexes, change }: ImageParts): Images {
  const { db } = place;

  const resolveName = (canonicalName: string) =>
    db.get<{ manifest: Digest }>('SELECT manifest FROM names WHERE name = ?', canonicalName)?.manifest;

  const entryOf = (row: ImageRow): ImageEntry => {
    const names = db.all<{ name: string; moved: number }>(NAMES, row.manifest);
    return {
      manifestDigest: row.manifest,
      imageId: row.config,
      names: names.map(({ name }) => name),
      indexes: db.all<{ digest: Digest }>(INDEXES, row.manifest).map(({ digest }) => digest),
      added: row.added,
      ...(names.length === 0 ? {} : { tagged: Math.max(...names.map(({ moved }) => moved)) }),
    };
  };

  /** @param read claims what it reads, or doesn't */
  const load = (row: ImageRow, read: Blobs['readBlob']): StoredImage => {
    const manifestBytes = read(row.manifest, LIMITS.manifest);
    const configBytes = read(row.config, LIMITS.manifest);
    const config = parseConfig(text(configBytes));
    const manifest = parseManifest(text(manifestBytes));
    const distant = distantBlobsOf(db, row.manifest, { manifest, config });
    const sizes = new Map(distant.map(({ diffId, descriptor }) => [diffId, descriptor.size]));
    const sizeOf = (id: Digest) => layers.peekLayer(id)?.info.size ?? sizes.get(id) ?? 0;
    return {
      ...entryOf(row),
      mediaType: row.media_type,
      manifest,
      config,
      manifestBytes,
      configBytes,
      size: config.rootfs.diff_ids.reduce((sum, id) => sum + sizeOf(id), 0),
      distant,
    };
  };

  const peek = (digest: Digest, limit: number) => readBlobFile(blobFile(place.paths, digest), digest, limit);

  const rowOf = (manifestDigest: Digest) => {
    const row = db.get<ImageRow>('SELECT * FROM images WHERE manifest = ?', manifestDigest);
    if (!row) throw missingImage(manifestDigest);
    return row;
  };
  const allRows = () => db.all<ImageRow>('SELECT * FROM images ORDER BY added DESC, rowid DESC');

  const layersOf = (manifest: Digest) => {
    try {
      return parseManifest(text(peek(manifest, LIMITS.manifest))).layers.map(({ digest }) => digest);
    } catch (error) {
      damageOf(error);
      return [];
    }
  };

  const surveyImages = () => {
    const sound: StoredImage[] = [];
    const damaged: DamagedImage[] = [];
    for (const row of allRows()) {
      try {
        sound.push(load(row, peek));
      } catch (error) {
        // Removed by another process since the rows were read.
        if (!db.get('SELECT 1 FROM images WHERE manifest = ?', row.manifest)) continue;
        damaged.push({ ...entryOf(row), damage: damageOf(error), layers: layersOf(row.manifest) });
      }
    }
    return { sound, damaged };
  };

  return {
    changeNames: change,
    putImage: (image) => {
      const manifestBytes = bytes(image.manifest);
      const configBytes = bytes(image.config);
      const manifest = parseManifest(text(manifestBytes));
      const elsewhere = checkImage(manifest, configBytes, { layers, origins: image.origins ?? new Map() });
      const config = blobs.putBlob(configBytes).digest;
      const { digest, size } = blobs.putBlob(manifestBytes);
      // A rebuild that changed nothing writes nothing.
      if (elsewhere.size === 0 && db.get('SELECT 1 FROM images WHERE manifest = ?', digest)) {
        return { manifestDigest: digest, imageId: config };
      }
      change(() => {
        db.run(
          'INSERT OR IGNORE INTO images VALUES (?, ?, ?, ?, ?)',
          ...[digest, config, manifest.mediaType ?? MEDIA.manifest, size, Math.floor(Date.now() / 1000)],
        );
        // Some may have come meanwhile.
        const missing = [...elsewhere].filter(([blob]) => !layers.findByBlob(blob));
        noteDistantBlobs(db, digest, new Map(missing));
        indexes.imageChanged(digest);
      });
      return { manifestDigest: digest, imageId: config };
    },
    tag: (canonicalName, manifestDigest) => {
      if (resolveName(canonicalName) === manifestDigest && !indexes.indexOf(canonicalName)) return;
      change(() => {
        if (!db.get('SELECT 1 FROM images WHERE manifest = ?', manifestDigest)) {
          throw missingImage(manifestDigest);
        }
        db.run(
          'INSERT INTO names (name, manifest, moved) VALUES (?1, ?2, ?3) ' +
            'ON CONFLICT DO UPDATE SET manifest = ?2, moved = ?3, image_index = NULL',
          ...[canonicalName, manifestDigest, Math.floor(Date.now() / 1000)],
        );
      });
    },
    untag: (canonicalName) => change(() => db.run('DELETE FROM names WHERE name = ?', canonicalName) > 0),
    removeImage: (manifestDigest) =>
      change(() => {
        db.run('DELETE FROM names WHERE manifest = ? AND image_index IS NULL', manifestDigest);
        const removed = db.run('DELETE FROM images WHERE manifest = ?', manifestDigest) > 0;
        forgetDistantBlobs(db, manifestDigest);
        if (removed) indexes.imageChanged(manifestDigest);
        return removed;
      }),
    resolveName,
    findById: (id) => findById(place, id),
    image: (manifestDigest) => {
      place.claims.claim(manifestDigest);
      const row = rowOf(manifestDigest);
      if (place.claims.working) noteUse(db, `image:${manifestDigest}`);
      return unlessDamaged(entryOf(row), () => load(row, blobs.readBlob));
    },
    imageEntry: (manifestDigest) => entryOf(rowOf(manifestDigest)),
    imageEntries: () => allRows().map(entryOf),
    imageDamage: (manifestDigest) => {
      try {
        const { manifest, distant } = load(rowOf(manifestDigest), peek);
        const elsewhere = new Set(distant.map(({ descriptor }) => descriptor.digest));
        const lost = manifest.layers.find(
          ({ digest }) => !elsewhere.has(digest) && !layers.findByBlob(digest),
        );
        return lost && `the layer ${lost.digest} is not in the store`;
      } catch (error) {
        return damageOf(error);
      }
    },
    listImages: () => surveyImages().sound,
    surveyImages,
  };
}

/** A name of an index is one of each of its images. */
const NAMES = `
  SELECT name, moved FROM names WHERE manifest = ?1 AND image_index IS NULL
  UNION SELECT n.name, n.moved FROM index_members m JOIN names n ON n.image_index = m.digest WHERE m.manifest = ?1
  ORDER BY name`;

const INDEXES = 'SELECT digest FROM index_members WHERE manifest = ?';

function text(content: Uint8Array): string {
  return new TextDecoder().decode(content);
}

function bytes(content: Uint8Array | string): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content) : content;
}

function missingImage(manifestDigest: Digest): MilleError {
  return new MilleError('image-missing', `no image ${manifestDigest} in the store`, {
    hint: '`mille images` lists what there is',
  });
}

/**
 * @returns the layers that are not in the store, and where they are
 * @throws MilleError `image-invalid` unless config and layers are those of the manifest, and in the store or known to be
 * elsewhere
 */
function checkImage(
  manifest: Manifest,
  configBytes: Uint8Array,
  { layers, origins }: { readonly layers: Layers; readonly origins: Origins },
): Origins {
  const fail = (why: string): never => {
    throw new MilleError('image-invalid', why, { hint: 'the image is damaged: get or build it again' });
  };
  const actual = sha256(configBytes);
  if (actual !== manifest.config.digest) {
    fail(`the config is ${actual}, the manifest asks for ${manifest.config.digest}`);
  }
  const diffIds = parseConfig(text(configBytes)).rootfs.diff_ids;
  if (diffIds.length !== manifest.layers.length) {
    fail(`the manifest has ${manifest.layers.length} layers, the config ${diffIds.length}`);
  }
  const elsewhere = new Map<Digest, string>();
  for (const [i, { digest }] of manifest.layers.entries()) {
    const layer = layers.findByBlob(digest);
    const origin = origins.get(digest);
    if (!layer && origin !== undefined) elsewhere.set(digest, origin);
    else if (!layer) fail(`layer ${i + 1} (${digest}) is not in the store`);
    else if (layer.info.diffId !== diffIds[i]) {
      fail(`layer ${i + 1} holds ${layer.info.diffId}, the config says ${diffIds[i]}`);
    }
  }
  return elsewhere;
}

function findById(place: Place, id: string): Digest | undefined {
  const { db } = place;
  const hex = id.startsWith('sha256:') ? id.slice(7) : id;
  if (!/^[0-9a-f]{4,64}$/.test(hex)) return undefined;
  const from = `sha256:${hex}`;
  if (isDigest(from) && db.get('SELECT 1 FROM images WHERE manifest = ?', from)) return from;
  // 'g' comes after the last hexadecimal digit.
  const rows = db.all<ImageRow>(
    'SELECT * FROM images WHERE config >= ? AND config < ? ORDER BY added DESC, rowid DESC',
    ...[from, `${from}g`],
  );
  if (new Set(rows.map((row) => row.config)).size > 1) {
    throw new MilleError('reference-invalid', `several images have an id that begins with '${id}'`, {
      hint: 'write more digits of the id; `mille images --no-trunc` shows them all',
    });
  }
  return rows[0]?.manifest;
}
