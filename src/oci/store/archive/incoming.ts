// What an archive brings, kept out of sight until all of it has been checked: blobs stay temporary files, and
// images, names and layers enter the store together at the end, or not at all.

import { type Digest, MilleError } from '../../../core/index.ts';
import { type Compression, createHasher, decompress } from '../../../sys/index.ts';
import { type Descriptor, MEDIA } from '../../image/index.ts';
import { copyAndScan, type ScannedLayer } from '../../layer/index.ts';
import { type BlobWriter, mismatch } from '../blobs.ts';
import type { Store } from '../store.ts';
import type { Unpacking } from '../unpacking.ts';
import type { ArchiveSource } from './source.ts';

/** An image that has been checked. */
export interface IncomingImage {
  readonly manifest: Uint8Array | string;
  readonly config: Uint8Array;
}

/** An image, or those of an index, with the names that it shall have. */
export interface IncomingEntry {
  readonly images: readonly IncomingImage[];
  readonly index?: Uint8Array;
  readonly names: readonly string[];
  /** Documents beside the images, checked. */
  readonly beside?: readonly Uint8Array[];
}

/** A layer to be read from an archive. */
export interface WantedLayer {
  readonly path: string;
  /** What the config says that it holds. */
  readonly diffId: Digest;
  /** What the manifest says of the blob; absent in a Docker archive, which has none. */
  readonly descriptor?: Descriptor;
  /** The blob from one of its bytes on, where it can be taken up again after a cut; in the place of the source. */
  openFrom?(from: number): AsyncIterable<Uint8Array>;
  /** Whether something is about to run on it: it is then unpacked as it comes, where that is possible. */
  readonly unpack?: boolean;
}

/** Collects what an archive brings. */
export interface Incoming {
  /**
   * Reads and checks a layer, unless it is known already.
   * @returns the descriptor for a manifest: the one wanted, or one of our own where none was
   */
  takeLayer(wanted: WantedLayer): Promise<Descriptor>;
  /**
   * Makes all of it visible.
   * @returns manifest digests and image ids, in the order of `entries`; of an index those that its names mean
   */
  commit(entries: readonly IncomingEntry[]): { readonly manifestDigest: Digest; readonly imageId: Digest }[];
  /** Drops what was not made visible. */
  abort(): void;
}

interface PendingLayer extends ScannedLayer {
  readonly descriptor: Descriptor;
  readonly writer: BlobWriter;
  readonly unpacking: Unpacking | undefined;
}

const MEDIA_OF: Readonly<Partial<Record<Compression, string>>> = {
  none: MEDIA.layerTar,
  gzip: MEDIA.layerGzip,
  zstd: MEDIA.layerZstd,
};

/** Starts taking in an archive. */
export function createIncoming(store: Store, source: ArchiveSource): Incoming {
  const pending: PendingLayer[] = [];

  const known = ({ diffId, descriptor }: WantedLayer): Descriptor | undefined => {
    if (!descriptor) {
      const earlier = pending.find((layer) => layer.info.diffId === diffId);
      return (earlier ?? store.layer(diffId))?.descriptor;
    }
    const earlier = pending.find((layer) => layer.descriptor.digest === descriptor.digest);
    const found = earlier ?? store.findByBlob(descriptor.digest);
    if (!found) return undefined;
    checkDiffId(found.info.diffId, diffId);
    return descriptor;
  };

  return {
    takeLayer: async (wanted) => {
      const have = known(wanted);
      if (have) return have;
      const layer = await readLayerAgain(store, source, wanted);
      pending.push(layer);
      return layer.descriptor;
    },
    commit: (entries) => {
      for (const { writer, unpacking, ...layer } of pending) {
        writer.commit();
        store.addLayer(layer);
        unpacking?.keep(layer.toc);
      }
      pending.length = 0;
      return store.changeNames(() => entries.map((entry) => keepEntry(store, entry)));
    },
    abort: () => {
      for (const { writer, unpacking } of pending) {
        writer.abort();
        unpacking?.abort();
      }
      pending.length = 0;
    },
  };
}

function keepEntry(store: Store, { images, index, names, beside = [] }: IncomingEntry) {
  // Before the index, which is shown with what of it is here.
  for (const document of beside) store.putBlob(document);
  const put = images.map((image) => store.putImage(image));
  if (!index) {
    for (const name of names) store.tag(name, put[0]!.manifestDigest);
    return put[0]!;
  }
  const digest = store.putIndex(index);
  for (const name of names) store.tagIndex(name, digest);
  const { usual } = store.index(digest)!;
  return put.find(({ manifestDigest }) => manifestDigest === usual) ?? put[0]!;
}

function checkDiffId(actual: Digest, wanted: Digest): void {
  if (actual !== wanted) throw mismatch('a layer, uncompressed,', wanted, actual);
}

/** Reads a layer's blob; where what was kept of it proves to be something else, from its start. */
async function readLayerAgain(
  store: Store,
  source: ArchiveSource,
  wanted: WantedLayer,
): Promise<PendingLayer> {
  let resumed = 0;
  const began = (bytes: number) => {
    resumed = bytes;
  };
  try {
    return await readLayer(store, source, wanted, began);
  } catch (error) {
    if (resumed === 0 || isCut(error)) throw error;
    return await readLayer(store, source, wanted, began);
  }
}

/** Whether what has come is right, as far as anybody knows. */
function isCut(error: unknown): boolean {
  return error instanceof MilleError && ['network', 'interrupted'].includes(error.code);
}

/** Reads a layer's blob once: to a temporary file as it is, hashed, expanded, scanned, unpacked. */
async function readLayer(
  store: Store,
  source: ArchiveSource,
  wanted: WantedLayer,
  began: (resumed: number) => void,
): Promise<PendingLayer> {
  const { path, diffId, descriptor } = wanted;
  const size = source.size(path);
  if (size !== undefined && descriptor && descriptor.size !== size) {
    throw new MilleError('digest-mismatch', `'${path}' has ${size} bytes, not ${descriptor.size}`, {
      hint: 'it is damaged or was tampered with: fetch it again',
    });
  }
  const hasher = createHasher();
  let digest: Digest | undefined;
  const expected = size === undefined ? {} : { expected: size };
  const partial = wanted.openFrom && descriptor ? { partial: descriptor.digest } : {};
  let writer = store.createBlobWriter({ digest: () => digest!, ...expected, ...partial });
  const { resumed } = writer;
  began(resumed);
  let hashing = true;
  let converting = false;
  let unpacking: Unpacking | undefined;
  async function* received() {
    if (resumed > 0) {
      for await (const chunk of writer.readResumed()) {
        if (hashing) hasher.update(chunk);
        yield chunk;
      }
    }
    for await (const chunk of wanted.openFrom?.(resumed) ?? source.stream(path)) {
      if (hashing) hasher.update(chunk);
      if (!converting) writer.write(chunk);
      yield chunk;
    }
  }
  try {
    const { format, stream } = await decompress(received());
    const mediaType = MEDIA_OF[format];
    // A plain blob's digest is the diffID, which scanning gives anyway.
    hashing = format !== 'none';
    if (mediaType === undefined && !descriptor) {
      // A Docker archive may hold bzip2 or xz, for which OCI has no media type: the layer is kept uncompressed.
      converting = true;
      writer.abort();
      writer = store.createBlobWriter({ digest: () => digest! });
    }
    if (wanted.unpack) unpacking = store.beginUnpacking(diffId);
    const sink = (bytes: Uint8Array) => {
      if (converting) writer.write(bytes);
    };
    const scanned = await copyAndScan(stream, sink, unpacking ? { also: unpacking.handler } : {});
    checkDiffId(scanned.info.diffId, diffId);
    digest = converting || !hashing ? scanned.info.diffId : hasher.digest();
    if (descriptor && digest !== descriptor.digest) throw mismatch(`'${path}'`, descriptor.digest, digest);
    const own = { mediaType: mediaType ?? MEDIA.layerTar, digest, size: writer.size };
    return { ...scanned, descriptor: descriptor ?? own, writer, unpacking };
  } catch (error) {
    unpacking?.abort();
    if (isCut(error)) writer.suspend();
    else writer.abort();
    throw error;
  }
}
