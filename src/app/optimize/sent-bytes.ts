// How many bytes of an image a registry would get. Layers that lie here as plain tars are compressed to be counted, as a
// push does it, once each: that takes two seconds and more for a hundred megabytes, so of large images it is not known.

import { MilleError } from '../../core/index.ts';
import type { ObservedImage } from '../../insight/optimize/index.ts';
import type { OpenedLayer } from '../../oci/image/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { compressGzip } from '../../sys/index.ts';
import { withImage } from '../open-image/open-image.ts';
import { withServices } from '../services.ts';

/** Plain bytes that are compressed for it, at most. */
const MOST = 400_000_000;

/** The bytes of each of several images, in their order; undefined where it would take too long to find out. */
export async function sentBytes(
  images: readonly ObservedImage[],
  signal: AbortSignal,
): Promise<(number | undefined)[]> {
  return await withServices('write', async (services) => {
    const store = await services.store();
    const counter = new Counter(store, signal);
    const sums: (number | undefined)[] = [];
    for (const { imageId } of images)
      sums.push(await withImage(services, imageId, {}, ({ layers }) => counter.sum(layers)));
    return sums;
  });
}

/** Those of layers of an opened image; undefined where some lie elsewhere as plain tars, or it would take too long. */
export function sentBytesOf(
  store: Store,
  layers: readonly OpenedLayer[],
  signal: AbortSignal,
): Promise<number | undefined> {
  return new Counter(store, signal).sum(layers);
}

class Counter {
  private left = MOST;

  constructor(
    private readonly store: Store,
    private readonly signal: AbortSignal,
  ) {}

  async sum(layers: readonly OpenedLayer[]): Promise<number | undefined> {
    let sum = 0;
    for (const layer of layers) {
      const bytes = await this.bytesOf(layer);
      if (bytes === undefined) return undefined;
      sum += bytes;
    }
    return sum;
  }

  private async bytesOf({ diffId, blob }: OpenedLayer): Promise<number | undefined> {
    if (/[+.](?:gzip|zstd)$/.test(blob.mediaType)) return blob.size;
    // A layer never changes, so its size is remembered.
    const key = `gzip5-bytes:${diffId}`;
    const known = this.store.getValue(key);
    if (known !== undefined) return Number(known);
    if (blob.size > this.left || !this.store.layer(diffId)) return undefined;
    this.left -= blob.size;
    let bytes = 0;
    for await (const chunk of compressGzip(this.store.streamLayer(diffId))) {
      if (this.signal.aborted) throw new MilleError('interrupted', 'interrupted');
      bytes += chunk.length;
    }
    this.store.setValue(key, String(bytes));
    return bytes;
  }
}
