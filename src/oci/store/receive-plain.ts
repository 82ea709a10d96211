// One layer from elsewhere that is kept as if it had been made here: uncompressed, so that an image that is built on it
// is the same as one for which every step ran.

import { type Digest, MilleError } from '../../core/index.ts';
import { decompress } from '../../sys/index.ts';
import { type LayerInfo, MEDIA } from '../image/index.ts';
import { copyAndScan, type ScannedLayer } from '../layer/index.ts';
import { mismatch, verified } from './blobs.ts';
import type { Store } from './store.ts';

/** A layer as somebody says that it is, and its blob in whatever compression. */
export interface PromisedLayer {
  readonly info: LayerInfo;
  readonly blob: { readonly digest: Digest; readonly chunks: AsyncIterable<Uint8Array> };
}

/**
 * Takes a layer into the store. Nothing of it is seen before all of it has proved to be what was promised.
 * @throws MilleError `digest-mismatch`, `archive-broken`, `archive-escape`, `archive-limit`, `disk-full`; what the
 * chunks throw
 */
export async function receivePlain(store: Store, { info, blob }: PromisedLayer): Promise<void> {
  let scanned: ScannedLayer | undefined;
  const writer = store.createBlobWriter({ digest: () => scanned!.info.diffId });
  try {
    const { stream } = await decompress(verified(blob.chunks, blob.digest));
    scanned = await copyAndScan(within(stream, info), writer.writeAside);
    checkPromised(scanned.info, info);
    const { digest, size } = writer.commit();
    store.addLayer({ ...scanned, descriptor: { mediaType: MEDIA.layerTar, digest, size } });
  } finally {
    writer.abort();
  }
}

/** What is known of a layer now is what was said of it. @throws MilleError `digest-mismatch` */
export function checkPromised(actual: LayerInfo, promised: LayerInfo): void {
  if (actual.diffId !== promised.diffId)
    throw mismatch('a layer, uncompressed,', promised.diffId, actual.diffId);
  if (actual.contentId === promised.contentId) return;
  throw new MilleError('digest-mismatch', `the layer ${promised.diffId} does not hold what was said of it`, {
    hint: 'where it came from is damaged, or somebody changed it: build without that cache',
  });
}

/** Never more than was promised: a small blob may expand to a full disk. */
async function* within(stream: AsyncIterable<Uint8Array>, { diffId, size }: LayerInfo) {
  let come = 0;
  for await (const chunk of stream) {
    come += chunk.length;
    if (come > size) {
      throw new MilleError('digest-mismatch', `the layer ${diffId} has more than its ${size} bytes`, {
        hint: 'where it came from is damaged, or somebody changed it: build without that cache',
      });
    }
    yield chunk;
  }
}
