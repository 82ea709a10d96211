// A layer that lies elsewhere, from its blob: checked against what the image says of it while its table is made.

import { type Digest, LIMITS, MilleError } from '../../core/index.ts';
import type { Descriptor, OpenedLayer, TableOfContents } from '../../oci/image/index.ts';
import { readContents, scanLayer } from '../../oci/layer/index.ts';
import { createHasher, decompress } from '../../sys/index.ts';

/** What is had of a layer. */
export interface LayerBlob {
  readonly diffId: Digest;
  readonly blob: Descriptor;
  /** The blob's bytes, unchecked. */
  open(): AsyncIterable<Uint8Array>;
}

/** Told how many bytes of the layers that have to be read were read, and of how many. */
export type ReadProgress = (done: number, total: number) => void;

/** How an image that lies elsewhere is read. */
export interface ReadingOptions {
  readonly signal?: AbortSignal;
  readonly progress?: ReadProgress;
}

/** What the layers of one image have in common: their tables are held together. */
export interface Reading extends ReadingOptions {
  /** How many entries the tables may still have. */
  left: number;
  done: number;
  readonly total: number;
}

/** Begins to read an image. @param total bytes of the layers that are going to be read */
export function beginReading(total: number, { signal, progress }: ReadingOptions): Reading {
  return {
    ...{ left: LIMITS.archiveEntries, done: 0, total },
    ...(signal ? { signal } : {}),
    ...(progress ? { progress } : {}),
  };
}

/** How a layer is read. */
export interface LayerReading {
  readonly reading: Reading;
  /** How often it occurs in its image: whoever looks at that looks at its table as often. */
  readonly times: number;
}

/** The layer that a blob is. */
export function completeLayer(source: LayerBlob, how: LayerReading): OpenedLayer {
  const { diffId, blob } = source;
  const { reading } = how;
  let scanning: Promise<{ readonly toc: TableOfContents; readonly size: number }> | undefined;
  const scanned = () => {
    scanning ??= scan(source, how);
    return scanning;
  };
  return {
    ...{ diffId, blob },
    toc: async () => (await scanned()).toc,
    size: async () => (await scanned()).size,
    read: async (visit) => {
      const { toc } = await scanned();
      const { stream } = await decompress(interruptible(source.open(), reading));
      const hasher = createHasher();
      await readContents(hashed(stream, hasher.update), toc, visit);
      checkDigest('a layer, uncompressed,', hasher.digest(), diffId);
    },
  };
}

async function scan(source: LayerBlob, { reading, times }: LayerReading) {
  const { diffId, blob } = source;
  const hasher = createHasher();
  let received = 0;
  let hashing = true;
  async function* bounded() {
    for await (const chunk of interruptible(source.open(), reading)) {
      received += chunk.length;
      reading.done += chunk.length;
      reading.progress?.(reading.done, reading.total);
      if (received > blob.size)
        throw mismatch(`a layer has more than the ${blob.size} bytes that its image says`);
      if (hashing) hasher.update(chunk);
      yield chunk;
    }
  }
  const { format, stream } = await decompress(bounded());
  // What is not compressed is hashed once: it is its own tar.
  hashing = format !== 'none';
  const { info, toc } = await scanLayer(stream);
  checkDigest('a layer, uncompressed,', info.diffId, diffId);
  checkDigest('a layer', hashing ? hasher.digest() : info.diffId, blob.digest);
  reading.left -= toc.entries.length * times;
  if (reading.left < 0) {
    throw new MilleError(
      'archive-limit',
      `the layers of the image hold more than ${LIMITS.archiveEntries} entries together`,
    );
  }
  return { toc, size: info.size };
}

/** What comes from a disk would not end otherwise. */
async function* interruptible(stream: AsyncIterable<Uint8Array>, { signal }: Reading) {
  for await (const chunk of stream) {
    if (signal?.aborted) throw new MilleError('interrupted', 'interrupted');
    yield chunk;
  }
}

async function* hashed(stream: AsyncIterable<Uint8Array>, update: (bytes: Uint8Array) => void) {
  for await (const chunk of stream) {
    update(chunk);
    yield chunk;
  }
}

function checkDigest(what: string, actual: Digest, expected: Digest): void {
  if (actual !== expected) throw mismatch(`${what} should be ${expected} but is ${actual}`);
}

function mismatch(message: string): MilleError {
  return new MilleError('digest-mismatch', message, {
    hint: 'it is damaged or was tampered with: fetch it again',
  });
}
