// Byte streams from descriptors, and the manners of long synchronous loops.

import { CWD, check, libc, O } from './calls.ts';
import { closeFd, openAt, readInto, readIntoAt } from './files.ts';
import { statFd } from './stat.ts';

const CHUNK = 1 << 18;
/** After how many bytes of synchronous work a loop should let others have a turn. */
export const BYTES_PER_TURN = 1 << 23;

/** Lets timers, signals and other tasks have a turn; to be awaited every few MiB in a loop of synchronous calls. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Where to start and stop, and how much to read at a time. */
export interface ChunkRange {
  /** Bytes to skip. With a range a descriptor's own offset is neither used nor moved. */
  readonly start?: number;
  /** Bytes to read at most; the rest of the file by default. */
  readonly length?: number;
}

/**
 * Reads a file (absolute path, closed at the end) or an open descriptor (left open) in chunks of 256 KiB. A chunk
 * is valid until the next one is asked for.
 * @throws SystemError
 */
export async function* readChunks(
  source: string | number,
  range: ChunkRange = {},
): AsyncGenerator<Uint8Array, void, void> {
  const fd = typeof source === 'number' ? source : openAt(CWD, source, { flags: O.RDONLY });
  const positioned = range.start !== undefined || range.length !== undefined;
  let offset = range.start ?? 0;
  let left = range.length ?? Number.POSITIVE_INFINITY;
  // Two buffers in turn: a consumer that works on a chunk in another thread (zlib) may still have the last one.
  const buffers = [new Uint8Array(CHUNK), new Uint8Array(CHUNK)] as const;
  try {
    for (let turn = 0, since = 0; left > 0; turn ^= 1) {
      const buffer = buffers[turn as 0 | 1];
      const wanted = left < CHUNK ? buffer.subarray(0, left) : buffer;
      const count = positioned ? readIntoAt(fd, wanted, offset) : readInto(fd, wanted);
      if (count === 0) return;
      offset += count;
      left -= count;
      yield buffer.subarray(0, count);
      since += count;
      if (since >= BYTES_PER_TURN) {
        since = 0;
        await nextTurn();
      }
    }
  } finally {
    if (typeof source === 'string') closeFd(fd);
  }
}

/** Chunks of a file, of which parts can be passed over without being read. */
export interface SkippableChunks extends AsyncIterable<Uint8Array> {
  /** Passes over bytes that have not come yet. @returns how many of them there were */
  skip(bytes: number): number;
}

/** Reads a regular file that is open, from its start, whatever its offset. It stays open; it can be read once. */
export function skippableChunks(fd: number): SkippableChunks {
  const { size } = statFd(fd);
  let offset = 0;
  return {
    skip(bytes) {
      const count = Math.max(0, Math.min(bytes, size - offset));
      offset += count;
      return count;
    },
    async *[Symbol.asyncIterator]() {
      const buffers = [new Uint8Array(SMALL_CHUNK), new Uint8Array(SMALL_CHUNK)] as const;
      for (let turn = 0; ; turn ^= 1) {
        const buffer = buffers[turn as 0 | 1];
        const count = readIntoAt(fd, buffer, offset);
        if (count === 0) return;
        offset += count;
        yield buffer.subarray(0, count);
      }
    },
  };
}

/** Whoever passes over most of a file reads little at a time. */
const SMALL_CHUNK = 1 << 14;

/** Moves an open file's offset forward; what is skipped in a new file reads as zeroes and takes no space. */
export function skipFd(fd: number, bytes: number): void {
  check(libc().lseek(fd, bytes, 1), 'seek');
}
