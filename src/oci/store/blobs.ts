// Blobs: files named by the SHA-256 of what they hold. Written under a temporary name while hashed, renamed when
// whole: a blob that is there is complete, whoever was killed when. What is read is hashed again on the way.

import { type Digest, digestOfHex, isDigest, LIMITS, MilleError } from '../../core/index.ts';
import {
  CWD,
  checkedChunks,
  closeFd,
  createHasher,
  type Hasher,
  isErrno,
  O,
  openAt,
  readChunks,
  readSmallFile,
  renameAt,
  sha256,
  skipFd,
  statAt,
  unlinkAt,
  writeAll,
  writeAside,
} from '../../sys/index.ts';
import type { Room } from './budget.ts';
import { damageOf } from './damage.ts';
import { blobFile } from './layout.ts';
import { namesIn } from './names-in.ts';
import { isWorthKeeping, openPartial } from './partial.ts';
import type { Place } from './place.ts';

/** What a finished blob is. */
export interface BlobInfo {
  readonly digest: Digest;
  readonly size: number;
}

/** Writes one blob. Exactly one of `commit` and `abort` ends it; `abort` after `commit` does nothing. */
export interface BlobWriter {
  /** Appends bytes, which may be reused by the caller afterwards. @throws SystemError `disk-full`. */
  write(bytes: Uint8Array): void;
  /**
   * The same while the caller goes on. Until the promise is settled the bytes may not change and no other method may
   * be called.
   */
  writeAside(bytes: Uint8Array): Promise<void>;
  /** Bytes written so far. */
  readonly size: number;
  /** Bytes that were there at the beginning: those of a blob that was cut. */
  readonly resumed: number;
  /** Reads them; they prove to be the blob's when all of it has. */
  readResumed(): AsyncIterable<Uint8Array>;
  /**
   * Makes the blob visible. With `known` the caller has hashed the same bytes already and nothing is hashed here.
   * @throws MilleError `digest-mismatch` when `expected` was given and isn't what was written; nothing is kept then.
   */
  commit(expected?: Digest): BlobInfo;
  abort(): void;
  /** Ends it where it was cut: with `partial`, whoever begins it again goes on from here. */
  suspend(): void;
}

/** How to write a blob. */
export interface BlobWriterOptions {
  /** Gives the digest at commit, where the caller hashes the bytes anyway: they are then not hashed twice. */
  readonly digest?: () => Digest;
  /** Bytes that will be written, where that is known: room for them is found at once. */
  readonly expected?: number;
  /** The blob that comes, so that it can be taken up again where it is cut; with `digest` and `expected`. */
  readonly partial?: Digest;
}

/** The blobs of a store. */
export interface Blobs {
  /** Whether the blob is there, and of this size where one is given. */
  hasBlob(digest: Digest, size?: number): boolean;
  /** Its absolute path. @throws MilleError `image-missing` where it isn't there. */
  blobPath(digest: Digest): string;
  /** Reads a small blob whole. @throws MilleError `digest-mismatch`, `image-missing`, or `image-invalid` above `limit`. */
  readBlob(digest: Digest, limit: number): Uint8Array;
  /** A blob as chunks; the stream fails with `digest-mismatch` at its end if the bytes were not the blob's. */
  streamBlob(digest: Digest): AsyncIterable<Uint8Array>;
  putBlob(bytes: Uint8Array | string): BlobInfo;
  createBlobWriter(options?: BlobWriterOptions): BlobWriter;
  /** All blobs there are, with their sizes, sorted. */
  listBlobs(): BlobInfo[];
}

/** The blobs of the store at `place`. */
export function createBlobs(place: Place): Blobs {
  const { paths, claims } = place;
  const sizeOf = (digest: Digest) => {
    claims.claim(digest);
    return statAt(CWD, blobFile(paths, digest))?.size;
  };
  const blobPath = (digest: Digest) => {
    if (sizeOf(digest) === undefined) throw missing(digest);
    return blobFile(paths, digest);
  };
  /** Documents are short: where one was damaged without a change of its size, it is written anew. */
  const isSound = (digest: Digest) => {
    try {
      readBlobFile(blobFile(paths, digest), digest, LIMITS.manifest);
      return true;
    } catch (error) {
      damageOf(error);
      return false;
    }
  };
  const createBlobWriter = (options: BlobWriterOptions = {}) => writeBlob(place, options);
  return {
    hasBlob: (digest, size) => {
      const actual = sizeOf(digest);
      return actual !== undefined && (size === undefined || size === actual);
    },
    blobPath,
    readBlob: (digest, limit) => readBlobFile(blobPath(digest), digest, limit),
    streamBlob: (digest) => verified(readChunks(blobPath(digest)), digest),
    putBlob: (bytes) => {
      const content = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
      const digest = sha256(content);
      if (sizeOf(digest) === content.length && isSound(digest)) return { digest, size: content.length };
      const writer = createBlobWriter({ digest: () => digest });
      try {
        writer.write(content);
        return writer.commit();
      } finally {
        writer.abort();
      }
    },
    createBlobWriter,
    listBlobs: () => listBlobs(paths.blobs),
  };
}

function missing(digest: Digest): MilleError {
  return new MilleError('image-missing', `the blob ${digest} is not in the store`, {
    hint: 'the image is incomplete: load or build it again',
  });
}

/** The error for bytes that are not what their digest promises. */
export function mismatch(what: string, expected: Digest, actual: Digest): MilleError {
  return new MilleError('digest-mismatch', `${what} should be ${expected} but is ${actual}`, {
    hint: 'it is damaged or was tampered with: fetch it again',
  });
}

function writeBlob(place: Place, options: BlobWriterOptions): BlobWriter {
  const { expected, partial } = options;
  // Before anything else: the first name that is asked for sweeps tmp/.
  const fresh = place.workspace.freshPath('blob');
  const cut = partial && openPartial(place.paths.tmp, partial, expected ?? 0);
  const resumed = cut?.size ?? 0;
  const afresh = place.workspace.temporaries > 0;
  const wanted = expected === undefined ? {} : { expected: Math.max(0, expected - resumed) };
  let room: Room;
  try {
    room = place.budget.room({ afresh, ...wanted });
  } catch (error) {
    if (cut) closeFd(cut.fd);
    throw error;
  }
  const temporary = cut?.path ?? fresh;
  const fd = cut?.fd ?? openAt(CWD, temporary, { flags: O.WRONLY | O.CREAT | O.EXCL, mode: 0o644 });
  if (resumed > 0) skipFd(fd, resumed);
  const hasher: Hasher | undefined = options.digest ? undefined : createHasher();
  let size = resumed;
  let open = true;
  const end = (keep: boolean) => {
    if (!open) return;
    open = false;
    // While it is still locked: nobody else has begun to rely on it.
    if (!keep) unlinkAt(CWD, temporary);
    closeFd(fd);
    room.release();
  };
  const abort = () => end(false);
  return {
    get size() {
      return size;
    },
    resumed,
    readResumed: () => readChunks(fd, { start: 0, length: resumed }),
    suspend: () => end(cut !== undefined && isWorthKeeping(size)),
    write: (bytes) => {
      room.grow(bytes.length);
      writeAll(fd, bytes);
      hasher?.update(bytes);
      size += bytes.length;
    },
    writeAside: (bytes) => {
      room.grow(bytes.length);
      const done = writeAside(fd, bytes);
      hasher?.update(bytes);
      size += bytes.length;
      return done;
    },
    abort,
    commit: (expected) => {
      if (!open) throw new Error('this blob is finished already');
      const digest = options.digest?.() ?? hasher!.digest();
      if (expected !== undefined && expected !== digest) {
        abort();
        throw mismatch('a blob', expected, digest);
      }
      place.claims.claim(digest);
      const file = blobFile(place.paths, digest);
      // Also over one that is there: these bytes are known to be right, those may have been damaged since.
      open = false;
      renameAt({ dirFd: CWD, name: temporary }, { dirFd: CWD, name: file });
      closeFd(fd);
      room.release();
      return { digest, size };
    },
  };
}

/** Reads and checks a small blob by the path of its file. @throws as `readBlob` */
export function readBlobFile(path: string, digest: Digest, limit: number): Uint8Array {
  let bytes: Uint8Array;
  try {
    bytes = readSmallFile(CWD, path, limit);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) throw missing(digest);
    if (!isErrno(error, 'EFBIG')) throw error;
    throw new MilleError('image-invalid', `the document ${digest} is larger than ${limit} bytes`);
  }
  const actual = sha256(bytes);
  if (actual !== digest) throw mismatch(`the blob '${path}'`, digest, actual);
  return bytes;
}

/** Passes chunks on while hashing them. @throws MilleError `digest-mismatch` at the end. */
export function verified(chunks: AsyncIterable<Uint8Array>, digest: Digest): AsyncGenerator<Uint8Array> {
  return checkedChunks(chunks, digest, (actual) => mismatch('a blob', digest, actual));
}

function listBlobs(directory: string): BlobInfo[] {
  return namesIn(directory).flatMap((name) => {
    const stat = isDigest(`sha256:${name}`) ? statAt(CWD, `${directory}/${name}`) : undefined;
    return stat?.type === 'file' ? [{ digest: digestOfHex(name), size: stat.size }] : [];
  });
}
