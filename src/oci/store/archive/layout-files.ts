// The files of an OCI image layout that is a directory: blobs that appear under their names when they are whole, and
// the index that lists the images, changed under a lock.

import { type Digest, digestHex, displayPath, LIMITS, MilleError } from '../../../core/index.ts';
import {
  CWD,
  closeFd,
  isErrno,
  lockFd,
  O,
  openAt,
  openBeside,
  readSmallFile,
  writeAll,
  writeFileAtomically,
} from '../../../sys/index.ts';
import { type Descriptor, type Index, parseIndex } from '../../image/index.ts';
import { IMAGE_NAME, LAYOUT_MARKER, layoutIndex, REF_NAME } from '../index-file.ts';

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

/** Where a blob lies in a layout. */
export function layoutBlobPath(directory: string, digest: Digest): string {
  return `${directory}/blobs/sha256/${digestHex(digest)}`;
}

/** Writes a blob. That it is the one that it should be is for the stream to make sure of, by throwing at its end. */
export async function writeLayoutBlob(
  directory: string,
  digest: Digest,
  chunks: AsyncIterable<Uint8Array>,
): Promise<void> {
  const file = openBeside(layoutBlobPath(directory, digest));
  try {
    for await (const chunk of chunks) writeAll(file.fd, chunk);
  } catch (error) {
    file.abandon();
    throw error;
  }
  file.finish();
}

/** Adds images in the place of those that have their names. Whoever adds to the same layout meanwhile waits. */
export function addToIndex(directory: string, added: readonly Descriptor[]): void {
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
