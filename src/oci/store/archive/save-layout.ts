// An OCI image layout as a directory. One that is there already is added to: its images stay, less those whose names
// are given again. A blob appears under its name when it is whole, and the index last.

import { type Digest, digestHex, displayPath, LIMITS, MilleError } from '../../../core/index.ts';
import {
  CWD,
  closeFd,
  isErrno,
  lockFd,
  makeDirectories,
  O,
  openAt,
  processId,
  readSmallFile,
  renameAt,
  statAt,
  unlinkAt,
  writeAll,
  writeFileAtomically,
} from '../../../sys/index.ts';
import { type Descriptor, type Index, parseIndex } from '../../image/index.ts';
import { describeEntry, IMAGE_NAME, LAYOUT_MARKER, layoutIndex, REF_NAME } from '../index-file.ts';
import type { Store } from '../store.ts';
import { blobsOf, type ImageToSave, indexEntries, mergeImages } from './bundle.ts';

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

/**
 * Refuses a directory whose `index.json` is none.
 * @throws MilleError `image-invalid`
 */
export function checkLayout(directory: string): void {
  readIndex(directory);
}

/** The images that are in the layout; none where there is none yet. */
function readIndex(directory: string): Index {
  const path = `${directory}/index.json`;
  try {
    return parseIndex(new TextDecoder().decode(readSmallFile(CWD, path, LIMITS.manifest)));
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return { schemaVersion: 2, manifests: [] };
    const damaged = error instanceof MilleError && error.code === 'image-invalid';
    if (!damaged && !isErrno(error, 'EFBIG', 'EISDIR')) throw error;
    throw new MilleError('image-invalid', `'${displayPath(path)}' is no index of images`, {
      hint: 'name a new directory, or one that holds an OCI layout',
      cause: error,
    });
  }
}

async function copyBlob(
  store: Store,
  digest: Digest,
  { directory, alive }: { readonly directory: string; readonly alive: () => void },
): Promise<void> {
  const path = `${directory}/blobs/sha256/${digestHex(digest)}`;
  const there = statAt(CWD, path);
  if (there?.type === 'file' && store.hasBlob(digest, there.size)) return;
  const temporary = `${path}.${processId()}.tmp`;
  const fd = openAt(CWD, temporary, { flags: O.WRONLY | O.CREAT | O.TRUNC, mode: 0o644 });
  try {
    for await (const chunk of store.streamBlob(digest)) {
      alive();
      writeAll(fd, chunk);
    }
    renameAt({ dirFd: CWD, name: temporary }, { dirFd: CWD, name: path });
  } catch (error) {
    unlinkAt(CWD, temporary);
    throw error;
  } finally {
    closeFd(fd);
  }
}

/** Whoever adds to the same layout meanwhile waits. */
function addToIndex(directory: string, added: readonly Descriptor[]): void {
  const fd = openAt(CWD, directory, { flags: O.RDONLY | O.DIRECTORY });
  try {
    lockFd(fd, { exclusive: true, wait: true });
    const index = readIndex(directory);
    const kept = index.manifests.filter((entry) => !added.some((one) => hasName(entry, nameOf(one))));
    writeFileAtomically(`${directory}/index.json`, layoutIndex([...kept, ...added], index.annotations));
    writeFileAtomically(`${directory}/oci-layout`, LAYOUT_MARKER);
  } finally {
    closeFd(fd);
  }
}

function nameOf({ annotations }: Descriptor): readonly [string | undefined, string | undefined] {
  return [annotations?.[IMAGE_NAME], annotations?.[REF_NAME]];
}

function hasName(entry: Descriptor, [name, reference]: ReturnType<typeof nameOf>): boolean {
  const [own, ownReference] = nameOf(entry);
  return own === name && ownReference === reference;
}
