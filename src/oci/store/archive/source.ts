// An archive of images to be read in any order: a tar, compressed or not, or a directory that is an OCI layout.
// Links inside are followed (older Docker saves a layer that occurs twice as a link), never out of the archive.

import { type Digest, displayPath, LIMITS, MilleError } from '../../../core/index.ts';
import {
  CWD,
  closeFd,
  isErrno,
  nextTurn,
  O,
  openAt,
  openDirectory,
  openInRoot,
  readChunks,
  sha256,
  statFd,
} from '../../../sys/index.ts';
import { type ArchiveTree, openTarTree, type SpoolOptions } from '../../layer/index.ts';

/** Files of an archive by their path in it. */
export interface ArchiveSource {
  /** The size of a regular file; undefined for anything else and for what isn't there. */
  size(path: string): number | undefined;
  /** A file as chunks, each valid until the next. @throws MilleError `image-invalid` where there is no such file. */
  stream(path: string): AsyncIterable<Uint8Array>;
  close(): void;
}

/** Opens a path (a file, a directory or a pipe), a descriptor or a stream as an archive of images. */
export async function openSource(
  input: string | number | AsyncIterable<Uint8Array>,
  tmpDir: string,
  { onSpool }: Pick<SpoolOptions, 'onSpool'> = {},
): Promise<ArchiveSource> {
  // What is of use is hashed where it is read.
  const options = { digests: false, ...(onSpool ? { onSpool } : {}) };
  if (typeof input !== 'string') return tarSource(await openTarTree(input, tmpDir, options));
  const probe = openAt(CWD, input, { flags: O.RDONLY | O.NONBLOCK });
  try {
    const { type } = statFd(probe);
    if (type === 'dir') return directorySource(input);
    if (type === 'file') return tarSource(await openTarTree(input, tmpDir, options));
    // A pipe, as the shell's <(…) makes it, can be read once only.
    const fd = openAt(CWD, input, { flags: O.RDONLY });
    try {
      return tarSource(await openTarTree(fd, tmpDir, options));
    } finally {
      closeFd(fd);
    }
  } finally {
    closeFd(probe);
  }
}

function absent(path: string): MilleError {
  return new MilleError('image-invalid', `the archive has no file '${displayPath(path)}'`, {
    hint: 'it is incomplete or was not written by an image tool: save it again',
  });
}

/** Bytes of the documents that were read of an archive: they are held until the end. */
const documentBytes = new WeakMap<ArchiveSource, number>();

/**
 * Reads a small file of an archive whole.
 * @throws MilleError `image-invalid` above `limit` or where it is missing; `archive-limit` where all of them together
 * are too large
 */
export async function readDocument(
  source: ArchiveSource,
  path: string,
  limit: number,
): Promise<{ readonly bytes: Uint8Array; readonly digest: Digest }> {
  const size = source.size(path);
  if (size === undefined) throw absent(path);
  if (size > limit) {
    throw new MilleError('image-invalid', `'${displayPath(path)}' is larger than ${limit} bytes`);
  }
  const total = (documentBytes.get(source) ?? 0) + size;
  if (total > LIMITS.documents) {
    throw new MilleError(
      'archive-limit',
      `the manifests and configs of the archive have more than ${LIMITS.documents} bytes together`,
      { hint: 'load the images from archives of fewer images' },
    );
  }
  documentBytes.set(source, total);
  const chunks: Uint8Array[] = [];
  for await (const chunk of source.stream(path)) chunks.push(chunk.slice());
  const bytes = Buffer.concat(chunks);
  return { bytes, digest: sha256(bytes) };
}

const MAX_LINKS = 8;

/** The file that a path means once links are followed; links that leave the archive are refused. */
function resolveLinks(tree: ArchiveTree, path: string): string | undefined {
  let current = path;
  for (let links = 0; links < MAX_LINKS; links++) {
    const entry = tree.get(current);
    if (entry?.type !== 'symlink') return entry?.type === 'file' ? current : undefined;
    current = joinInside(current, entry.link ?? '');
  }
  return undefined;
}

function joinInside(from: string, target: string): string {
  const parts = target.startsWith('/') ? [] : from.split('/').slice(0, -1);
  for (const part of target.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.pop() === undefined) {
      throw new MilleError(
        'archive-escape',
        `the link '${displayPath(from)}' leads out of the archive: ${displayPath(target)}`,
      );
    }
  }
  return parts.join('/');
}

function tarSource(tree: ArchiveTree): ArchiveSource {
  return {
    size: (path) => {
      const file = resolveLinks(tree, path);
      return file === undefined ? undefined : tree.get(file)?.size;
    },
    async *stream(path) {
      const file = resolveLinks(tree, path);
      if (file === undefined) throw absent(path);
      const reader = tree.open(file);
      // Two buffers in turn, as readChunks has them: a decompressor may still work on the last one.
      const buffers = [new Uint8Array(1 << 18), new Uint8Array(1 << 18)] as const;
      try {
        for (let turn = 0; ; turn++) {
          const buffer = buffers[(turn & 1) as 0 | 1];
          const count = reader.read(buffer);
          if (count === 0) return;
          yield buffer.subarray(0, count);
          if (turn % 32 === 31) await nextTurn();
        }
      } finally {
        reader.close();
      }
    },
    close: () => tree.close(),
  };
}

function directorySource(directory: string): ArchiveSource {
  const root = openDirectory(CWD, directory);
  const open = (path: string): number | undefined => {
    try {
      return openInRoot(root, path, { flags: O.RDONLY | O.NONBLOCK });
    } catch (error) {
      if (isErrno(error, 'ENOENT', 'ENOTDIR', 'ELOOP')) return undefined;
      throw error;
    }
  };
  const openFile = (path: string): { fd: number; size: number } | undefined => {
    const fd = open(path);
    if (fd === undefined) return undefined;
    const { type, size } = statFd(fd);
    if (type === 'file') return { fd, size };
    closeFd(fd);
    return undefined;
  };
  return {
    size: (path) => {
      const file = openFile(path);
      if (file) closeFd(file.fd);
      return file?.size;
    },
    async *stream(path) {
      const file = openFile(path);
      if (!file) throw absent(path);
      try {
        yield* readChunks(file.fd);
      } finally {
        closeFd(file.fd);
      }
    },
    close: () => closeFd(root),
  };
}
