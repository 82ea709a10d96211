// An archive whose files can be read without extracting it: entry by entry, for ADD, or as a tree of files, for a build
// context given as a tar.

import { MilleError } from '../../core/index.ts';
import {
  CWD,
  closeFd,
  createHasher,
  decompress,
  type Hasher,
  O,
  openAt,
  readChunks,
  readIntoAt,
  skippableChunks,
  sniffCompression,
  statFd,
  unlinkAt,
  writeAll,
} from '../../sys/index.ts';
import type { ContentReader, Entry } from '../image/index.ts';
import { type MergeOptions, mergeTables } from './merge.ts';
import { snapshotTree } from './snapshot-tree.ts';
import { BLOCK } from './tar/format.ts';
import { isTarHeader, readTar, type TarHandler } from './tar/parse.ts';
import type { ArchiveTree, TarArchive } from './types.ts';

/** Whether a file is a tar archive, compressed or not, as ADD finds out: by content, never by name. */
export async function isTarArchive(path: string): Promise<boolean> {
  const start = new Uint8Array(BLOCK);
  let have = 0;
  try {
    const { stream } = await decompress(readChunks(path));
    for await (const chunk of stream) {
      const part = chunk.subarray(0, BLOCK - have);
      start.set(part, have);
      have += part.length;
      if (have === BLOCK) break;
    }
  } catch (error) {
    // Compressed data that cannot be read are no archive; a missing program is worth knowing.
    if (error instanceof MilleError && error.code === 'archive-broken') return false;
    throw error;
  }
  return have === BLOCK && isTarHeader(start);
}

/** How to spool. */
export interface SpoolOptions {
  /** Told of bytes that are about to be written to a file without a name. */
  readonly onSpool?: (bytes: number) => void;
  /** False: files are not hashed, so that a plain archive need not be read to be opened. */
  readonly digests?: boolean;
}

/**
 * Opens a plain or compressed tar (a path, or a descriptor or a stream that is read to its end). What is compressed or
 * no path is spooled to an unnamed file in `tmpDir`. Files are hashed on the way. Whiteouts mean nothing here: they are
 * files of that name.
 * @throws MilleError `archive-broken`, `archive-escape`, `archive-limit`, `tool-missing`, `disk-full`
 */
export async function openTarArchive(
  source: string | number | AsyncIterable<Uint8Array>,
  tmpDir: string,
  options: SpoolOptions = {},
): Promise<TarArchive> {
  const { digests = true } = options;
  const index = new ArchiveIndex();
  const unread = typeof source === 'string' && !digests ? openPlain(source) : undefined;
  if (unread !== undefined) return indexed(index, unread, readTar(skippableChunks(unread), index.placing));
  const { format, stream } = await decompress(typeof source === 'object' ? source : readChunks(source));
  const inPlace = typeof source === 'string' && format === 'none';
  const fd = inPlace ? openAt(CWD, source, { flags: O.RDONLY }) : openUnnamed(tmpDir);
  const chunks = inPlace ? stream : spool(stream, fd, options);
  return indexed(index, fd, readTar(chunks, digests ? index.handler : index.placing));
}

/** An archive once it is indexed. */
async function indexed(index: ArchiveIndex, fd: number, reading: Promise<void>): Promise<TarArchive> {
  try {
    await reading;
    return {
      entries: index.entries,
      open: (entry) => openParts(fd, index.parts.get(entry)!),
      close: () => closeFd(fd),
    };
  } catch (error) {
    closeFd(fd);
    throw error;
  }
}

/** A regular file that is not compressed; undefined for anything else. */
function openPlain(path: string): number | undefined {
  const fd = openAt(CWD, path, { flags: O.RDONLY });
  const start = new Uint8Array(BLOCK);
  if (statFd(fd).type === 'file' && sniffCompression(start.subarray(0, readIntoAt(fd, start, 0))) === 'none')
    return fd;
  closeFd(fd);
  return undefined;
}

/**
 * Opens a tar as a tree of files, as `openTarArchive` does.
 * @param options `followLinks`: names below the archive's own symbolic links are taken for names below what these lead
 *   to, never outside the tree; otherwise they are refused
 * @throws MilleError see `openTarArchive`
 */
export async function openTarTree(
  source: string | number | AsyncIterable<Uint8Array>,
  tmpDir: string,
  options: MergeOptions & SpoolOptions = {},
): Promise<ArchiveTree> {
  const archive = await openTarArchive(source, tmpDir, options);
  try {
    const merged = mergeTables([{ entries: archive.entries }], options);
    const tree = snapshotTree(merged, { open: (file) => archive.open(file.content!.entry) });
    return { ...tree, close: archive.close };
  } catch (error) {
    archive.close();
    throw error;
  }
}

async function* spool(
  stream: AsyncIterable<Uint8Array>,
  fd: number,
  { onSpool }: SpoolOptions,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of stream) {
    onSpool?.(chunk.length);
    writeAll(fd, chunk);
    yield chunk;
  }
}

function openUnnamed(tmpDir: string): number {
  const name = `${tmpDir}/archive-${crypto.randomUUID()}`;
  const fd = openAt(CWD, name, { flags: O.RDWR | O.CREAT | O.EXCL, mode: 0o600 });
  // It lives as long as its descriptor: nothing is left behind, whatever happens.
  unlinkAt(CWD, name);
  return fd;
}

/** A part of a file's content: in the archive at `offset`, or a hole. */
interface Part {
  readonly offset: number | undefined;
  length: number;
}

const ZEROES = new Uint8Array(1 << 16);

/** What is where in an archive. */
class ArchiveIndex {
  readonly entries: Entry[] = [];
  readonly parts = new Map<Entry, readonly Part[]>();
  #hasher: Hasher | undefined;
  #current: Part[] = [];

  readonly handler: TarHandler = {
    entry: (entry) => {
      this.#hasher = entry.type === 'file' ? createHasher() : undefined;
      this.#current = [];
    },
    data: (bytes, offset) => {
      this.#hasher?.update(bytes);
      this.#add(offset, bytes.length);
    },
    zeros: (length) => {
      for (let left = length; left > 0; left -= ZEROES.length)
        this.#hasher?.update(left < ZEROES.length ? ZEROES.subarray(0, left) : ZEROES);
      this.#add(undefined, length);
    },
    end: (entry) => {
      const kept = this.#hasher ? { ...entry, digest: this.#hasher.digest() } : entry;
      this.entries.push(kept);
      if (kept.type === 'file') this.parts.set(kept, this.#current);
    },
  };

  /** The same without looking at contents. */
  readonly placing: TarHandler = {
    entry: () => {
      this.#current = [];
    },
    placed: (offset, length) => this.#add(offset, length),
    zeros: (length) => this.#add(undefined, length),
    end: (entry) => {
      this.entries.push(entry);
      if (entry.type === 'file') this.parts.set(entry, this.#current);
    },
  };

  #add(offset: number | undefined, length: number): void {
    const last = this.#current.at(-1);
    const end = last?.offset === undefined ? undefined : last.offset + last.length;
    const adjoins = last && (offset === undefined ? last.offset === undefined : end === offset);
    if (adjoins) last.length += length;
    else this.#current.push({ offset, length });
  }
}

function openParts(fd: number, parts: readonly Part[]): ContentReader {
  let part = 0;
  let within = 0;
  return {
    read(buffer) {
      while (part < parts.length && within === parts[part]!.length) {
        part++;
        within = 0;
      }
      const current = parts[part];
      if (!current) return 0;
      const wanted = buffer.subarray(0, Math.min(buffer.length, current.length - within));
      if (current.offset === undefined) wanted.fill(0);
      const count =
        current.offset === undefined ? wanted.length : readIntoAt(fd, wanted, current.offset + within);
      if (count === 0 && wanted.length > 0)
        throw new MilleError('io', 'an archive became shorter while it was being read');
      within += count;
      return count;
    },
    close() {},
  };
}
