// A layout or an archive as a place that images are copied from as they are: its documents and blobs, by digest.

import { MilleError } from '../../../core/index.ts';
import type { Descriptor } from '../../image/index.ts';
import { chooseCandidate, type Wanted } from './candidates.ts';
import { blobPath, readBlob } from './load-oci.ts';
import { openSource } from './source.ts';

/** An opened layout. */
export interface LayoutSource {
  /** What is meant: an index, or a manifest. */
  readonly root: Descriptor;
  has(descriptor: Descriptor): boolean;
  /** A manifest or an index, checked. @throws MilleError `digest-mismatch`, `image-invalid` */
  document(descriptor: Descriptor): Promise<Uint8Array>;
  /** A blob, to be checked by the reader. @throws MilleError `image-invalid` where it is not there */
  stream(descriptor: Descriptor): AsyncIterable<Uint8Array>;
  close(): void;
}

/**
 * Opens an archive or a directory, to copy an image of it.
 * @param input absolute
 * @throws MilleError `image-missing`, also where there are several; `image-invalid`, also for Docker's older archives,
 *   which have no manifests
 */
export async function openLayoutSource(
  input: string,
  temporary: string,
  wanted: Wanted,
): Promise<LayoutSource> {
  const source = await openSource(input, temporary);
  try {
    const { where } = await chooseCandidate(source, wanted);
    if (!('descriptor' in where)) {
      throw new MilleError('image-invalid', 'this archive has no manifests that could be copied', {
        hint: 'bring it into the store with `mille load -i FILE`, and copy store://NAME',
      });
    }
    return {
      root: where.descriptor,
      has: (descriptor) => source.size(blobPath(descriptor)) !== undefined,
      document: (descriptor) => readBlob(source, descriptor),
      stream: (descriptor) => source.stream(blobPath(descriptor)),
      close: () => source.close(),
    };
  } catch (error) {
    source.close();
    throw error;
  }
}
