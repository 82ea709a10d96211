// Images and their names. An image is in the store when its manifest, its config and every layer are; a name points
// to a manifest. An image without a name stays until it is removed.

import { type Digest, isDigest, LIMITS, MilleError } from '../../core/index.ts';
import { sha256 } from '../../sys/index.ts';
import { type ImageConfig, type Manifest, MEDIA, parseConfig, parseManifest } from '../image/index.ts';
import type { Blobs } from './blobs.ts';
import { changeNames } from './index-file.ts';
import type { Layers } from './layers.ts';
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

/** An image in the store. */
export interface StoredImage extends ImageDocuments {
  /** Canonical names, sorted. */
  readonly names: readonly string[];
  /** Bytes of all layers, uncompressed. */
  readonly size: number;
  /** When it came into the store, seconds since the epoch. */
  readonly added: number;
  /** When the latest of its names was given, seconds since the epoch. */
  readonly tagged?: number;
}

/** The images of a store. */
export interface Images {
  /**
   * Keeps an image whose layers are in the store already.
   * @throws MilleError `image-invalid` where manifest, config and layers don't fit together.
   */
  putImage(image: { readonly manifest: Uint8Array | string; readonly config: Uint8Array | string }): {
    readonly manifestDigest: Digest;
    readonly imageId: Digest;
  };
  /** Points a canonical name to an image; what it pointed to before loses it. */
  tag(canonicalName: string, manifestDigest: Digest): void;
  /** Removes a name; false where there was none. The image stays. */
  untag(canonicalName: string): boolean;
  /** Removes an image with all its names; its blobs go with the next collection. False where there was none. */
  removeImage(manifestDigest: Digest): boolean;
  /** Runs several of the changes above as one: all of them happen, or none. */
  changeNames<T>(work: () => T): T;
  /** The manifest that a canonical name points to. */
  resolveName(canonicalName: string): Digest | undefined;
  /**
   * The manifest of the image whose id (or manifest digest) is this digest, or begins with these 4 or more
   * hexadecimal digits, with or without `sha256:`.
   * @throws MilleError `reference-invalid` where several images' ids begin so.
   */
  findById(text: string): Digest | undefined;
  /** @throws MilleError `image-missing` */
  image(manifestDigest: Digest): StoredImage;
  /** All images, newest first. */
  listImages(): StoredImage[];
}

interface ImageRow {
  readonly manifest: Digest;
  readonly config: Digest;
  readonly media_type: string;
  readonly added: number;
}

/** The images of the store at `place`. */
export function createImages(place: Place, blobs: Blobs, layers: Layers): Images {
  const { db } = place;
  let changing = false;
  const change = <T>(work: () => T): T => {
    if (changing) return work();
    changing = true;
    try {
      return changeNames(place, work);
    } finally {
      changing = false;
    }
  };

  const resolveName = (canonicalName: string) =>
    db.get<{ manifest: Digest }>('SELECT manifest FROM names WHERE name = ?', canonicalName)?.manifest;

  const load = (row: ImageRow): StoredImage => {
    const manifestBytes = blobs.readBlob(row.manifest, LIMITS.manifest);
    const configBytes = blobs.readBlob(row.config, LIMITS.manifest);
    const config = parseConfig(text(configBytes));
    const names = db.all<{ name: string; moved: number }>(
      'SELECT name, moved FROM names WHERE manifest = ? ORDER BY name',
      row.manifest,
    );
    return {
      manifestDigest: row.manifest,
      imageId: row.config,
      mediaType: row.media_type,
      manifest: parseManifest(text(manifestBytes)),
      config,
      manifestBytes,
      configBytes,
      names: names.map(({ name }) => name),
      size: config.rootfs.diff_ids.reduce((sum, id) => sum + (layers.peekLayer(id)?.info.size ?? 0), 0),
      added: row.added,
      ...(names.length === 0 ? {} : { tagged: Math.max(...names.map(({ moved }) => moved)) }),
    };
  };

  return {
    changeNames: change,
    putImage: (image) => {
      const manifestBytes = bytes(image.manifest);
      const configBytes = bytes(image.config);
      const manifest = parseManifest(text(manifestBytes));
      checkImage(manifest, configBytes, layers);
      const config = blobs.putBlob(configBytes).digest;
      const { digest, size } = blobs.putBlob(manifestBytes);
      // A rebuild that changed nothing writes nothing.
      if (db.get('SELECT 1 FROM images WHERE manifest = ?', digest)) {
        return { manifestDigest: digest, imageId: config };
      }
      change(() => {
        db.run(
          'INSERT OR IGNORE INTO images VALUES (?, ?, ?, ?, ?)',
          ...[digest, config, manifest.mediaType ?? MEDIA.manifest, size, Math.floor(Date.now() / 1000)],
        );
      });
      return { manifestDigest: digest, imageId: config };
    },
    tag: (canonicalName, manifestDigest) => {
      if (resolveName(canonicalName) === manifestDigest) return;
      change(() => {
        if (!db.get('SELECT 1 FROM images WHERE manifest = ?', manifestDigest)) {
          throw missingImage(manifestDigest);
        }
        db.run(
          'INSERT INTO names VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET manifest = ?2, moved = ?3',
          ...[canonicalName, manifestDigest, Math.floor(Date.now() / 1000)],
        );
      });
    },
    untag: (canonicalName) => change(() => db.run('DELETE FROM names WHERE name = ?', canonicalName) > 0),
    removeImage: (manifestDigest) =>
      change(() => {
        db.run('DELETE FROM names WHERE manifest = ?', manifestDigest);
        return db.run('DELETE FROM images WHERE manifest = ?', manifestDigest) > 0;
      }),
    resolveName,
    findById: (id) => findById(place, id),
    image: (manifestDigest) => {
      place.claims.claim(manifestDigest);
      const row = db.get<ImageRow>('SELECT * FROM images WHERE manifest = ?', manifestDigest);
      if (!row) throw missingImage(manifestDigest);
      if (place.claims.working) noteUse(db, `image:${manifestDigest}`);
      return load(row);
    },
    listImages: () =>
      db.all<ImageRow>('SELECT * FROM images ORDER BY added DESC, rowid DESC').flatMap((row) => {
        try {
          return [load(row)];
        } catch (error) {
          // Removed by another process since the rows were read.
          if (db.get('SELECT 1 FROM images WHERE manifest = ?', row.manifest)) throw error;
          return [];
        }
      }),
  };
}

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

/** @throws MilleError `image-invalid` unless config and layers are those of the manifest, and in the store. */
function checkImage(manifest: Manifest, configBytes: Uint8Array, layers: Layers): void {
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
  for (const [i, descriptor] of manifest.layers.entries()) {
    const layer = layers.findByBlob(descriptor.digest);
    if (!layer) fail(`layer ${i + 1} (${descriptor.digest}) is not in the store`);
    else if (layer.info.diffId !== diffIds[i]) {
      fail(`layer ${i + 1} holds ${layer.info.diffId}, the config says ${diffIds[i]}`);
    }
  }
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
