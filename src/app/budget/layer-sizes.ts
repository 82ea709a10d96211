// How large layers are: as tars, or compressed.

import { MilleError, type Span } from '../../core/index.ts';
import type { SizeKind } from '../../insight/budget/index.ts';
import type { OpenedImage, OpenedLayer } from '../../oci/image/index.ts';
import { compressGzip } from '../../sys/index.ts';
import type { Services } from '../services.ts';

/** How layers are counted, and the place where that is said. */
export interface CountedSizes {
  readonly kind: SizeKind;
  readonly span?: Span;
}

/**
 * Bytes of each layer. A layer that lies plain in the store is compressed to be counted, as a push does it.
 * @throws MilleError `file-format` where an archive or a daemon has plain layers and compressed ones are to be counted
 */
export async function layerSizes(
  services: Services,
  image: OpenedImage,
  { kind, span }: CountedSizes,
  signal?: AbortSignal,
): Promise<number[]> {
  const sizes: number[] = [];
  for (const layer of image.layers) {
    if (signal?.aborted) throw new MilleError('interrupted', 'interrupted');
    if (kind === 'uncompressed') sizes.push(await layer.size());
    else if (/[+.](?:gzip|zstd)$/.test(layer.blob.mediaType)) sizes.push(layer.blob.size);
    else if (image.origin === 'store') sizes.push(await compressedSize(services, layer, signal));
    else {
      throw new MilleError('file-format', `the layers of ${image.title} are not compressed where they lie`, {
        ...(span ? { span } : {}),
        hint: "count them with 'sizes: uncompressed', or name the image as it is in the store or a registry",
      });
    }
  }
  return sizes;
}

async function compressedSize(
  services: Services,
  { diffId }: OpenedLayer,
  signal: AbortSignal | undefined,
): Promise<number> {
  const store = await services.store();
  let bytes = 0;
  for await (const chunk of compressGzip(store.streamLayer(diffId))) {
    if (signal?.aborted) throw new MilleError('interrupted', 'interrupted');
    bytes += chunk.length;
  }
  return bytes;
}
