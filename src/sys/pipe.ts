// A pipe for what another program writes in many small pieces: who reads it looks now and then, and is not woken for
// each of them. Where the writer is faster it waits, so that nothing grows.

import { check, libc, O } from './calls.ts';
import { nextTurn } from './chunks.ts';
import { closeFd, readInto } from './files.ts';
import { isErrno } from './system-error.ts';

/** Numbers of fcntl(2), the same on all processors. */
const F_SETFL = 4;
const F_SETPIPE_SZ = 1031;

/** What an ordinary user may have. */
const CAPACITY = 1 << 20;

/** Milliseconds between two looks. */
const PAUSE = 10;

/** A pipe whose other end is given to a child. */
export interface SlowPipe {
  /** For the child; `started` once it has its own. */
  readonly writeEnd: number;
  started(): void;
  /** Reads until every writer is gone. The bytes are the sink's only until it returns. */
  drain(sink: (bytes: Uint8Array) => void): Promise<void>;
}

/** Makes a pipe. Both ends are closed by `started` and `drain`, which must be called. */
export function slowPipe(): SlowPipe {
  const ends = new Int32Array(2);
  check(libc().pipe2(new Uint8Array(ends.buffer), O.CLOEXEC), 'pipe');
  const [readEnd, writeEnd] = ends as unknown as [number, number];
  check(libc().fcntl(readEnd, F_SETFL, O.NONBLOCK), 'pipe');
  // A smaller one works too.
  libc().fcntl(readEnd, F_SETPIPE_SZ, CAPACITY);
  let open = true;
  return {
    writeEnd,
    started() {
      if (open) closeFd(writeEnd);
      open = false;
    },
    async drain(sink) {
      const buffer = new Uint8Array(CAPACITY);
      try {
        for (;;) {
          const count = readNow(readEnd, buffer);
          if (count === 0) return;
          if (count !== undefined) sink(buffer.subarray(0, count));
          if (count === undefined || count < CAPACITY / 2) await Bun.sleep(PAUSE);
          else await nextTurn();
        }
      } finally {
        closeFd(readEnd);
      }
    },
  };
}

/** Undefined where nothing is there yet. */
function readNow(fd: number, buffer: Uint8Array): number | undefined {
  try {
    return readInto(fd, buffer);
  } catch (error) {
    if (isErrno(error, 'EAGAIN')) return undefined;
    throw error;
  }
}
