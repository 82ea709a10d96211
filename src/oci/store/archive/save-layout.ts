// An OCI image layout as a directory. One that is there already is added to: its images stay, less those whose names
// are given again. A blob appears under its name when it is whole, and the index last.

import type { Digest } from '../../../core/index.ts';
import { CWD, makeDirectories, statAt } from '../../../sys/index.ts';
import { describeEntry, REF_NAME } from '../index-file.ts';
import type { Store } from '../store.ts';
import { blobsOf, type ImageToSave, indexEntries, mergeImages } from './bundle.ts';
import { addToIndex, checkLayout, layoutBlobPath, writeLayoutBlob } from './layout-files.ts';

/** How other tools find an image that has no name, as BuildKit has it. */
const NAMELESS = { [REF_NAME]: 'latest' };

/**
 * Writes images into a directory, which is made where it is not there.
 * @param directory absolute
 * @param alive asked before each chunk; may throw, to end it
 * @throws MilleError `image-missing`, `digest-mismatch`; `image-invalid` where the directory holds something else
 */
export async function saveLayout(
  store: Store,
  images: readonly ImageToSave[],
  directory: string,
  alive: () => void = () => {},
): Promise<void> {
  const held = store.lockShared();
  try {
    const merged = mergeImages(images);
    checkLayout(directory);
    makeDirectories(`${directory}/blobs/sha256`);
    for (const digest of blobsOf(merged)) await copyBlob(store, digest, { directory, alive });
    addToIndex(
      directory,
      merged.flatMap(indexEntries).map((entry) => {
        const descriptor = describeEntry(entry);
        if (entry.name !== null) return descriptor;
        return { ...descriptor, annotations: { ...descriptor.annotations, ...NAMELESS } };
      }),
    );
  } finally {
    held.release();
  }
}

async function copyBlob(
  store: Store,
  digest: Digest,
  { directory, alive }: { readonly directory: string; readonly alive: () => void },
): Promise<void> {
  const there = statAt(CWD, layoutBlobPath(directory, digest));
  if (there?.type === 'file' && store.hasBlob(digest, there.size)) return;
  await writeLayoutBlob(directory, digest, guarded(store.streamBlob(digest), alive));
}

async function* guarded(
  chunks: AsyncIterable<Uint8Array>,
  alive: () => void,
): AsyncGenerator<Uint8Array, void, void> {
  for await (const chunk of chunks) {
    alive();
    yield chunk;
  }
}
