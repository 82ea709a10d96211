// A layout in a directory as a place that images are copied to as they are: blobs and documents by digest, then a name.

import type { Digest } from '../../../core/index.ts';
import { CWD, createHasher, makeDirectories, readChunks, statAt } from '../../../sys/index.ts';
import type { Descriptor } from '../../image/index.ts';
import { nameAnnotations, REF_NAME } from '../index-file.ts';
import { addToIndex, checkLayout, layoutBlobPath, writeLayoutBlob } from './layout-files.ts';

/** A layout that is written to. */
export interface LayoutWriter {
  /** Whether a blob is there, with the bytes that its digest means. */
  has(blob: { readonly digest: Digest; readonly size: number }): Promise<boolean>;
  /** Puts one there. That it is the one is for the stream to make sure of, by throwing at its end. */
  put(digest: Digest, chunks: AsyncIterable<Uint8Array>): Promise<void>;
  /** Lists an image or an index whose blobs are there, in the place of another one of that name. */
  list(root: Descriptor, name: LayoutName): void;
}

/** A canonical name, a tag as it is written, or none: it is `latest` then, as BuildKit has it. */
export type LayoutName = { readonly canonical: string } | { readonly tag: string };

/**
 * Makes ready to write to a directory, which is made where it is not there.
 * @param directory absolute
 * @throws MilleError `image-invalid` where the directory holds something else, `io`
 */
export function openLayoutWriter(directory: string): LayoutWriter {
  checkLayout(directory);
  makeDirectories(`${directory}/blobs/sha256`);
  return {
    has: (blob) => isThere(layoutBlobPath(directory, blob.digest), blob),
    put: (digest, chunks) => writeLayoutBlob(directory, digest, chunks),
    list: ({ mediaType, digest, size }, name) => {
      const annotations: Readonly<Record<string, string>> =
        'canonical' in name ? nameAnnotations(name.canonical) : { [REF_NAME]: name.tag };
      addToIndex(directory, [{ mediaType, digest, size, annotations }]);
    },
  };
}

async function isThere(
  path: string,
  { digest, size }: { readonly digest: Digest; readonly size: number },
): Promise<boolean> {
  const there = statAt(CWD, path);
  if (there?.type !== 'file' || there.size !== size) return false;
  const hasher = createHasher();
  for await (const chunk of readChunks(path)) hasher.update(chunk);
  return hasher.digest() === digest;
}
