// The whole of a small file.

import { MilleError } from '../../core/index.ts';
import type { ContentReader } from '../../oci/image/index.ts';

/** Reads to the end of what should have `size` bytes, and closes. */
export function readAll(reader: ContentReader, size: number): Uint8Array {
  const out = new Uint8Array(size);
  try {
    for (let at = 0; at < size; ) {
      const count = reader.read(out.subarray(at));
      if (count === 0) throw new MilleError('archive-broken', 'an archive ends too early');
      at += count;
    }
    return out;
  } finally {
    reader.close();
  }
}
