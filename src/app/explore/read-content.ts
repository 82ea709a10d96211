// One file's content out of a layer, in one pass that ends where the content does.

import { MilleError } from '../../core/index.ts';
import type { ContentPlace } from '../../insight/explore/index.ts';
import type { OpenedImage } from '../../oci/image/index.ts';
import type { FileContent } from './types.ts';

/** Ends a pass over a layer, from within a visitor. */
class Enough extends Error {}

/**
 * Gives the bytes of a file as they come.
 * @param data takes them; false for no more
 * @throws MilleError `interrupted`, `image-invalid` where the layer does not have the file any more
 */
export async function streamContent(
  image: OpenedImage,
  { layer, entry }: ContentPlace,
  { data, signal }: { readonly data: (bytes: Uint8Array) => boolean; readonly signal: AbortSignal },
): Promise<void> {
  let found = false;
  try {
    await image.layers[layer]!.read((other) => {
      if (signal.aborted) throw new Enough();
      if (found) throw new Enough();
      if (other !== entry) return undefined;
      found = true;
      return {
        data(bytes) {
          if (signal.aborted || !data(bytes)) throw new Enough();
        },
      };
    });
  } catch (error) {
    if (!(error instanceof Enough)) throw error;
  }
  if (signal.aborted) throw new MilleError('interrupted', 'interrupted');
  if (!found) throw new MilleError('image-invalid', `the layer has no ${entry.path} any more`);
}

/** Reads a file, or its beginning. */
export async function readContent(
  image: OpenedImage,
  place: ContentPlace,
  { limit, signal }: { readonly limit: number; readonly signal: AbortSignal },
): Promise<FileContent> {
  const { size } = place.entry;
  const bytes = new Uint8Array(Math.min(size, limit));
  let at = 0;
  if (size > 0) {
    await streamContent(image, place, {
      signal,
      data(part) {
        const taken = part.subarray(0, bytes.length - at);
        bytes.set(taken, at);
        at += taken.length;
        return at < bytes.length;
      },
    });
  }
  return { bytes: bytes.subarray(0, at), size };
}
