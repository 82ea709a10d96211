// A cache in a directory: an OCI layout, in which a tag names the manifest. Who writes a new one under the same tag
// removes the blobs that only the old one needed, unless somebody reads there or other tools keep something there.

import { type Digest, digestHex, displayPath, isDigest, LIMITS, MilleError } from '../../core/index.ts';
import { type Descriptor, type Index, MEDIA, parseIndex, parseManifest } from '../../oci/image/index.ts';
import {
  CWD,
  closeFd,
  createHasher,
  isErrno,
  lockFd,
  makeDirectories,
  namesIn,
  O,
  openAt,
  openBeside,
  readChunks,
  readSmallFile,
  sha256,
  statAt,
  unlinkAt,
  writeAll,
  writeFileAtomically,
} from '../../sys/index.ts';
import { TRAVEL_MEDIA } from './media.ts';
import type { ReadingPlace, WritingPlace } from './place.ts';

const REF_NAME = 'org.opencontainers.image.ref.name';
const LAYOUT_MARKER = '{"imageLayoutVersion":"1.0.0"}';

/** Which cache of a directory: a tag, `latest` by default, or for reading a digest. */
export interface DirectoryChoice {
  /** Absolute. */
  readonly directory: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

/** Opens a directory to read from; nothing is read yet, but nothing is removed from it meanwhile. */
export function readDirectoryPlace({
  directory,
  tag = 'latest',
  digest: chosen,
}: DirectoryChoice): ReadingPlace {
  let lock: number | undefined;
  const name = `the directory '${displayPath(directory)}'`;
  const missing = (what: string) =>
    new MilleError('image-missing', `${name} has no ${what}`, {
      hint: '--cache-to type=local,dest=DIRECTORY writes one',
    });
  const pathOf = (digest: Digest) => `${directory}/blobs/sha256/${digestHex(digest)}`;
  const find = (): Digest => {
    if (chosen) return chosen;
    const found = readIndex(directory)?.manifests.find((entry) => entry.annotations?.[REF_NAME] === tag);
    if (!found) throw missing(`cache '${displayPath(tag)}'`);
    return found.digest;
  };
  return {
    name,
    manifest: async (digest) => {
      lock ??= lockDirectory(directory, { exclusive: false, wait: true });
      const wanted = digest ?? find();
      try {
        const bytes = readSmallFile(CWD, pathOf(wanted), LIMITS.manifest);
        const actual = sha256(bytes);
        if (actual === wanted) return bytes;
        throw new MilleError('digest-mismatch', `${name}: a manifest should be ${wanted} but is ${actual}`, {
          hint: 'the directory is damaged: write the cache again',
        });
      } catch (error) {
        throw isErrno(error, 'ENOENT') ? missing(`manifest ${wanted}`) : error;
      }
    },
    async *stream({ digest, size }) {
      const there = statAt(CWD, pathOf(digest));
      if (there?.type !== 'file') throw missing(`blob ${digest}`);
      if (there.size !== size) {
        throw new MilleError('digest-mismatch', `${name}: ${digest} has ${there.size} bytes, not ${size}`, {
          hint: 'the directory is damaged: write the cache again',
        });
      }
      yield* readChunks(pathOf(digest));
    },
    close: () => {
      if (lock !== undefined) closeFd(lock);
      lock = undefined;
    },
  };
}

/**
 * Opens a directory to write to; it is made where it is not there.
 * @throws MilleError `image-invalid` for one that holds something else, `io`
 */
export function writeDirectoryPlace({ directory, tag = 'latest' }: DirectoryChoice): WritingPlace {
  const blobs = `${directory}/blobs/sha256`;
  checkCacheDirectory(directory);
  makeDirectories(blobs);
  if (!statAt(CWD, `${directory}/oci-layout`)) writeFileAtomically(`${directory}/oci-layout`, LAYOUT_MARKER);
  // Shared by writers too: each renames what it made, and only the index is changed by one at a time.
  let lock: number | undefined = lockDirectory(directory, { exclusive: false, wait: true });
  const pathOf = (digest: Digest) => `${blobs}/${digestHex(digest)}`;
  let replaced = false;
  return {
    name: `the directory '${displayPath(directory)}'`,
    has: async ({ digest, size }) => {
      const there = statAt(CWD, pathOf(digest));
      return there?.type === 'file' && there.size === size;
    },
    write: async ({ descriptor, open }, progress) => {
      await writeBlob(pathOf(descriptor.digest), descriptor, { open, progress });
      return descriptor.size;
    },
    publish: async (bytes) => {
      const digest = sha256(bytes);
      writeFileAtomically(pathOf(digest), bytes);
      const entry: Descriptor & { artifactType: string } = {
        mediaType: MEDIA.manifest,
        digest,
        size: bytes.length,
        artifactType: TRAVEL_MEDIA.artifact,
        annotations: { [REF_NAME]: tag },
      };
      replaced = changeIndex(directory, tag, entry);
    },
    close: () => {
      if (lock === undefined) return;
      closeFd(lock);
      lock = undefined;
      if (replaced) tidy(directory);
    },
  };
}

/** @throws MilleError `image-invalid` for a directory whose `index.json` is none; `io` for what is no directory */
export function checkCacheDirectory(directory: string): void {
  const there = statAt(CWD, `${directory}/.`) ?? statAt(CWD, directory);
  if (there && there.type !== 'dir') {
    throw new MilleError('io', `'${displayPath(directory)}' is not a directory`, {
      hint: 'a cache is written into a directory: name another one',
    });
  }
  readIndex(directory);
}

function readIndex(directory: string): Index | undefined {
  const path = `${directory}/index.json`;
  try {
    return parseIndex(new TextDecoder().decode(readSmallFile(CWD, path, LIMITS.manifest)));
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw new MilleError('image-invalid', `'${displayPath(path)}' is no index of an OCI layout`, {
      hint: 'name a new directory',
      cause: error,
    });
  }
}

async function writeBlob(
  path: string,
  { digest, size }: Descriptor,
  {
    open,
    progress,
  }: { readonly open: () => AsyncIterable<Uint8Array>; readonly progress: (bytes: number) => void },
): Promise<void> {
  const file = openBeside(path);
  const hasher = createHasher();
  let written = 0;
  try {
    for await (const chunk of open()) {
      written += chunk.length;
      hasher.update(chunk);
      writeAll(file.fd, chunk);
      progress(written);
    }
    const actual = hasher.digest();
    if (actual !== digest || written !== size) {
      throw new MilleError('digest-mismatch', `a blob should be ${digest} but is ${actual}`, {
        hint: 'where it comes from is damaged',
      });
    }
  } catch (error) {
    file.abandon();
    throw error;
  }
  file.finish();
}

/** A descriptor whose lock ends with it; undefined where there is no such directory or somebody else has it. */
function lockDirectory(
  directory: string,
  options: { readonly exclusive: boolean; readonly wait: boolean },
): number | undefined {
  let fd: number;
  try {
    fd = openAt(CWD, `${directory}/oci-layout`, { flags: O.RDONLY });
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'EACCES', 'EROFS')) return undefined;
    throw error;
  }
  if (lockFd(fd, options)) return fd;
  closeFd(fd);
  return undefined;
}

/** Puts an entry in the place of the one with its tag. @returns whether there was another one */
function changeIndex(directory: string, tag: string, entry: Descriptor): boolean {
  const fd = openAt(CWD, directory, { flags: O.RDONLY | O.DIRECTORY });
  try {
    lockFd(fd, { exclusive: true, wait: true });
    const index = readIndex(directory);
    const before = index?.manifests ?? [];
    const old = before.filter(({ annotations }) => annotations?.[REF_NAME] === tag);
    const kept = before.filter((each) => !old.includes(each));
    const document = {
      schemaVersion: 2,
      mediaType: MEDIA.index,
      ...(index?.annotations ? { annotations: index.annotations } : {}),
      manifests: [...kept, entry],
    };
    writeFileAtomically(`${directory}/index.json`, JSON.stringify(document));
    return old.some(({ digest }) => digest !== entry.digest);
  } finally {
    closeFd(fd);
  }
}

/** Removes what no manifest names. Where anybody reads or writes there, or something is no cache, all of it stays. */
function tidy(directory: string): void {
  const lock = lockDirectory(directory, { exclusive: true, wait: false });
  if (lock === undefined) return;
  try {
    const needed = neededBlobs(directory);
    if (!needed) return;
    const blobs = `${directory}/blobs/sha256`;
    // Nobody else is at work here: what is not finished was left by somebody who was killed.
    for (const name of namesIn(blobs)) if (name.endsWith('.tmp')) unlinkAt(CWD, `${blobs}/${name}`);
    for (const name of namesIn(blobs))
      if (isDigest(`sha256:${name}`) && !needed.has(name)) unlinkAt(CWD, `${blobs}/${name}`);
  } finally {
    closeFd(lock);
  }
}

function neededBlobs(directory: string): ReadonlySet<string> | undefined {
  const needed = new Set<string>();
  for (const entry of readIndex(directory)?.manifests ?? []) {
    const { artifactType } = entry as { artifactType?: unknown };
    if (artifactType !== TRAVEL_MEDIA.artifact) return undefined;
    const hex = digestHex(entry.digest);
    needed.add(hex);
    try {
      const bytes = readSmallFile(CWD, `${directory}/blobs/sha256/${hex}`, LIMITS.manifest);
      const { config, layers } = parseManifest(new TextDecoder().decode(bytes));
      for (const { digest } of [config, ...layers]) needed.add(digestHex(digest));
    } catch {
      return undefined;
    }
  }
  return needed;
}
