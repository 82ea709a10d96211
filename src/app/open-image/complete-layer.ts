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

/** How many entries the tables of an image may still have. */
export interface EntryBudget {
  left: number;
}

/** The budget of one image: its tables are held together. */
export function entryBudget(): EntryBudget {
  return { left: LIMITS.archiveEntries };
}

/** The layer that a blob is. */
export function completeLayer(source: LayerBlob, budget: EntryBudget): OpenedLayer {
  const { diffId, blob } = source;
  let scanning: Promise<{ readonly toc: TableOfContents; readonly size: number }> | undefined;
  const scanned = () => {
    scanning ??= scan(source, budget);
    return scanning;
  };
  return {
    ...{ diffId, blob },
    toc: async () => (await scanned()).toc,
    size: async () => (await scanned()).size,
    read: async (visit) => {
      const { toc } = await scanned();
      const { stream } = await decompress(source.open());
      const hasher = createHasher();
      await readContents(hashed(stream, hasher.update), toc, visit);
      checkDigest('a layer, uncompressed,', hasher.digest(), diffId);
    },
  };
}

async function scan(source: LayerBlob, budget: EntryBudget) {
  const { diffId, blob } = source;
  const hasher = createHasher();
  let received = 0;
  let hashing = true;
  async function* bounded() {
    for await (const chunk of source.open()) {
      received += chunk.length;
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
  budget.left -= toc.entries.length;
  if (budget.left < 0) {
    throw new MilleError(
      'archive-limit',
      `the layers of the image hold more than ${LIMITS.archiveEntries} entries together`,
    );
  }
  return { toc, size: info.size };
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
