// Layers: what is known of each by its diffID (design, idea 1), and which blobs carry it. A layer without one of its
// blobs counts as unknown, so that a store that lost a file builds it again instead of failing.

import { type Digest, MilleError } from '../../core/index.ts';
import { CWD, decompress, readChunks, statAt } from '../../sys/index.ts';
import {
  type Descriptor,
  type Entry,
  type LayerInfo,
  ociLayerType,
  type TableOfContents,
} from '../image/index.ts';
import { decodeEntries, decodeToc, encodeToc, isSelfContained } from '../layer/index.ts';
import { verified } from './blobs.ts';
import { blobCame } from './distant-blobs.ts';
import { outdateIndex, refreshIndex } from './index-file.ts';
import { blobFile } from './layout.ts';
import type { Place } from './place.ts';

/** A layer that is in the store: what it is, and a blob that carries it. */
export interface StoredLayer {
  readonly info: LayerInfo;
  readonly descriptor: Descriptor;
}

/** A layer to be remembered; its blob must be in the store. */
export interface NewLayer {
  readonly info: LayerInfo;
  readonly toc: TableOfContents;
  readonly descriptor: Descriptor;
}

/** The layers of a store. */
export interface Layers {
  addLayer(layer: NewLayer): void;
  layer(diffId: Digest): StoredLayer | undefined;
  /** The same for whoever only looks: what it finds may be gone a moment later. */
  peekLayer(diffId: Digest): StoredLayer | undefined;
  /** The layer that a blob carries, with that blob as its descriptor. */
  findByBlob(digest: Digest): StoredLayer | undefined;
  /** The table of contents. @throws MilleError `image-missing` for an unknown layer. */
  toc(diffId: Digest): TableOfContents;
  /** Its entries for who looks at them once: some at a time, and not kept for the next one. */
  passEntries(diffId: Digest): Iterable<readonly Entry[]>;
  /** The uncompressed tar as chunks; fails with `digest-mismatch` at its end if it wasn't the layer's. */
  streamLayer(diffId: Digest): AsyncIterable<Uint8Array>;
}

interface LayerRow {
  readonly diff_id: Digest;
  readonly size: number;
  readonly content_id: Digest;
  readonly files: number;
  readonly digest: Digest;
  readonly media_type: string;
  readonly blob_size: number;
}

const COLUMNS = `l.diff_id, l.size, l.content_id, l.files, b.digest, b.media_type, b.size AS blob_size
  FROM layers l JOIN layer_blobs b ON b.diff_id = l.diff_id`;

/** The layers of the store at `place`. */
export function createLayers(place: Place): Layers {
  const { db, paths, claims } = place;
  const tables = createTableCache();
  const present = (row: LayerRow) => statAt(CWD, blobFile(paths, row.digest))?.size === row.blob_size;
  const peekLayer = (diffId: Digest) => {
    const rows = db.all<LayerRow>(`SELECT ${COLUMNS} WHERE l.diff_id = ? ORDER BY b.rowid`, diffId);
    const row = rows.find(present);
    return row && toLayer(row);
  };
  const layer = (diffId: Digest) => {
    claims.claim(diffId);
    return peekLayer(diffId);
  };
  const known = (diffId: Digest) => {
    const found = layer(diffId);
    if (!found) throw unknownLayer(diffId);
    return found;
  };
  const packedToc = (diffId: Digest) => {
    const row = db.get<{ toc: Uint8Array }>('SELECT toc FROM layers WHERE diff_id = ?', diffId);
    if (!row) throw unknownLayer(diffId);
    return row.toc;
  };
  return {
    layer,
    peekLayer,
    addLayer: ({ info, toc, descriptor }) => {
      const { diffId, size, contentId, files } = info;
      claims.claim(diffId);
      const mediaType = ociLayerType(descriptor.mediaType);
      const bytes = encodeToc(toc);
      const whole = isSelfContained(toc);
      const wasDistant = db.transaction(() => {
        db.run(
          'INSERT OR IGNORE INTO layers VALUES (?, ?, ?, ?, ?, ?)',
          ...[diffId, size, contentId, files, whole, bytes],
        );
        db.run(
          'INSERT OR IGNORE INTO layer_blobs VALUES (?, ?, ?, ?)',
          ...[descriptor.digest, diffId, mediaType, descriptor.size],
        );
        const came = blobCame(db, descriptor.digest);
        if (came) outdateIndex(db);
        return came;
      });
      // An image may be whole now, and is shown to other tools then.
      if (wasDistant && !db.inTransaction) refreshIndex(place);
      tables.put(diffId, toc);
    },
    findByBlob: (digest) => {
      claims.claim(digest);
      const row = db.get<LayerRow>(`SELECT ${COLUMNS} WHERE b.digest = ?`, digest);
      if (!row || !present(row)) return undefined;
      claims.claim(row.diff_id);
      return toLayer(row);
    },
    toc: (diffId) => {
      claims.claim(diffId);
      const cached = tables.get(diffId);
      if (cached) return cached;
      const toc = decodeToc(packedToc(diffId));
      tables.put(diffId, toc);
      return toc;
    },
    passEntries: (diffId) => {
      claims.claim(diffId);
      const cached = tables.get(diffId);
      return cached ? [cached.entries] : decodeEntries(packedToc(diffId));
    },
    async *streamLayer(diffId) {
      const { descriptor } = known(diffId);
      const chunks = readChunks(blobFile(paths, descriptor.digest));
      const plain = descriptor.digest === diffId ? chunks : (await decompress(chunks)).stream;
      yield* verified(plain, diffId);
    },
  };
}

function unknownLayer(diffId: Digest): MilleError {
  return new MilleError('image-missing', `the layer ${diffId} is not in the store`, {
    hint: 'the image is incomplete: load or build it again',
  });
}

function toLayer(row: LayerRow): StoredLayer {
  return {
    info: { diffId: row.diff_id, size: row.size, contentId: row.content_id, files: row.files },
    descriptor: { mediaType: row.media_type, digest: row.digest, size: row.blob_size },
  };
}

/** Entries that decoded tables may hold together before the one unused for longest is dropped. */
const CACHED_ENTRIES = 400_000;

function createTableCache() {
  const tables = new Map<Digest, TableOfContents>();
  let entries = 0;
  const drop = (diffId: Digest) => {
    entries -= tables.get(diffId)?.entries.length ?? 0;
    tables.delete(diffId);
  };
  const put = (diffId: Digest, toc: TableOfContents) => {
    drop(diffId);
    tables.set(diffId, toc);
    entries += toc.entries.length;
    for (const oldest of tables.keys()) {
      if (entries <= CACHED_ENTRIES || oldest === diffId) break;
      drop(oldest);
    }
  };
  return {
    put,
    get: (diffId: Digest) => {
      const toc = tables.get(diffId);
      if (toc) put(diffId, toc);
      return toc;
    },
  };
}
