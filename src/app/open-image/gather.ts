// A file's content as a whole, from the stream of a layer.

import type { ContentVisitor, Entry } from '../../oci/image/index.ts';

/** Holds all of it: for files whose size was looked at before. @param done called once, with the content */
export function gather({ size }: Entry, done: (bytes: Uint8Array) => void): ContentVisitor {
  const bytes = new Uint8Array(size);
  let at = 0;
  return {
    data(chunk) {
      bytes.set(chunk.subarray(0, size - at), at);
      at += chunk.length;
    },
    end: () => done(bytes),
  };
}
