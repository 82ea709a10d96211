// The layers of an image that come from elsewhere one by one, several at once. Each is kept as soon as it is whole and
// has proved to be what the config promises: a transfer that is taken up again needs the others only.

import { type Digest, digestHex } from '../../core/index.ts';
import type { Descriptor, ImageConfig, Manifest } from '../image/index.ts';
import { createIncoming } from './archive/incoming.ts';
import type { Store } from './store.ts';
import { takeBlobTurn } from './turns.ts';

/** An image whose layers are to be received. */
export interface ReceivedImage {
  readonly manifest: Manifest;
  readonly config: ImageConfig;
  /** A layer's blob from a byte on; its digest is checked here. The signal ends it when another layer has failed. */
  open(layer: Descriptor, signal: AbortSignal, from: number): AsyncIterable<Uint8Array>;
}

/** How layers are received. */
export interface ReceiveOptions {
  /** Told how many bytes have come, and of how many. */
  readonly progress?: (done: number, total: number) => void;
  /** Whether something is about to run on the image: layers are then unpacked as they come. */
  readonly unpack?: boolean;
  /** Ends the waiting for another process that fetches the same layer. */
  readonly signal?: AbortSignal;
  /** What is thrown in the place of an error, given the layer that it is about. */
  readonly explain?: (error: unknown, layer: Descriptor) => unknown;
}

const PARALLEL = 3;

/** Blobs on their way into a store: images that are received at the same time often share layers. */
const underWay = new WeakMap<Store, Map<Digest, Promise<unknown>>>();

/**
 * Brings the layers of an image into the store; those that are there already are not opened.
 * @returns whether anything came
 * @throws MilleError `digest-mismatch`, `archive-broken` and the like; what the transfer throws
 */
export async function receiveLayers(
  store: Store,
  image: ReceivedImage,
  { progress = () => {}, unpack = false, signal, explain = (error) => error }: ReceiveOptions = {},
): Promise<boolean> {
  const missing = missingLayers(store, image);
  const total = [...missing.keys()].reduce((sum, { size }) => sum + size, 0);
  const queue = [...missing];
  let done = 0;
  const others = new AbortController();
  let failure: { readonly error: unknown } | undefined;
  const coming = underWay.get(store) ?? new Map<Digest, Promise<unknown>>();
  underWay.set(store, coming);
  const receive = async (descriptor: Descriptor, diffId: Digest) => {
    let told = 0;
    const tell = (bytes: number) => {
      done += bytes - told;
      told = bytes;
      progress(done, total);
    };
    async function* openFrom(from: number) {
      let at = from;
      tell(at);
      for await (const chunk of image.open(descriptor, others.signal, from)) {
        at += chunk.length;
        tell(at);
        yield chunk;
      }
    }
    // Another process may be at it; what that one has brought is not opened below.
    using _turn = await takeBlobTurn(store.root, descriptor.digest, [signal, others.signal]);
    const source = { size: () => descriptor.size, stream: () => openFrom(0), close: () => {} };
    const incoming = createIncoming(store, source);
    try {
      const path = `blobs/sha256/${digestHex(descriptor.digest)}`;
      await incoming.takeLayer({ path, diffId, descriptor, openFrom, unpack });
      incoming.commit([]);
    } finally {
      incoming.abort();
    }
  };
  const receiveOnce = async (descriptor: Descriptor, diffId: Digest) => {
    const { digest } = descriptor;
    // Where the other transfer fails, this one has its own try.
    for (let other = coming.get(digest); other; other = coming.get(digest)) await other.catch(() => {});
    if (isHere(store, digest, diffId)) return;
    const own = receive(descriptor, diffId);
    coming.set(digest, own);
    try {
      await own;
    } finally {
      coming.delete(digest);
    }
  };
  const worker = async () => {
    for (let next = queue.shift(); next && !failure; next = queue.shift()) {
      try {
        await receiveOnce(...next);
      } catch (error) {
        failure ??= { error: explain(error, next[0]) };
        others.abort();
      }
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
  if (failure) throw failure.error;
  return missing.size > 0;
}

function isHere(store: Store, digest: Digest, diffId: Digest): boolean {
  return store.findByBlob(digest)?.info.diffId === diffId;
}

/** Each blob once, with the diffID of the first layer that it is. */
function missingLayers(store: Store, { manifest, config }: ReceivedImage): Map<Descriptor, Digest> {
  const missing = new Map<Descriptor, Digest>();
  const seen = new Set<Digest>();
  for (const [i, descriptor] of manifest.layers.entries()) {
    if (seen.has(descriptor.digest)) continue;
    seen.add(descriptor.digest);
    const diffId = config.rootfs.diff_ids[i]!;
    if (!isHere(store, descriptor.digest, diffId)) missing.set(descriptor, diffId);
  }
  return missing;
}
