// Where an archive goes: a file that appears under its name only when it is whole, a device or pipe that is there
// already, or standard output.

import { displayPath, MilleError } from '../core/index.ts';
import {
  CWD,
  closeFd,
  isErrno,
  O,
  openAt,
  openBeside,
  statAt,
  writeAll,
  writeStandardStream,
} from '../sys/index.ts';

/**
 * Refuses a path where no file can be: a directory, or a name in a directory that is not there.
 * @throws MilleError `io`
 */
export function checkFile(dest: string): void {
  const shown = displayPath(dest);
  if (statAt(CWD, dest)?.type === 'dir') {
    throw new MilleError('io', `cannot write '${shown}': it is a directory`, { hint: 'name a file in it' });
  }
  const slash = dest.lastIndexOf('/');
  const parent = slash < 0 ? '.' : dest.slice(0, slash) || '/';
  if (statAt(CWD, `${parent}/.`)?.type === 'dir') return;
  throw new MilleError('io', `cannot write '${shown}': there is no directory '${displayPath(parent)}'`, {
    hint: 'make the directory first, or look at the spelling',
  });
}

/**
 * Runs `write` with a sink that ends up in a file (a path from the working directory), or in standard output for '-'.
 * @throws MilleError `interrupted` once the signal came, `disk-full` with the name of the file; what `write` throws
 */
export async function intoFile(
  dest: string,
  write: (sink: (bytes: Uint8Array) => void) => Promise<void>,
  signal?: AbortSignal,
): Promise<void> {
  const guarded = (sink: Sink) => write(guard(sink, dest, signal));
  if (dest === '-') return guarded((bytes) => writeStandardStream(1, bytes));
  checkFile(dest);
  const there = statAt(CWD, dest);
  // /dev/null must stay what it is, and a link keeps its place: only a regular file is replaced.
  if (there && there.type !== 'file') return writeInto(dest, guarded);
  const file = openedFor(dest, () => openBeside(dest));
  try {
    await guarded((bytes) => writeAll(file.fd, bytes));
  } catch (error) {
    file.abandon();
    throw error;
  }
  file.finish();
}

type Sink = (bytes: Uint8Array) => void;

/** A full disk is the one of this file, not the one that the store lies on. */
function guard(sink: Sink, dest: string, signal: AbortSignal | undefined): Sink {
  return (bytes) => {
    if (signal?.aborted) throw new MilleError('interrupted', 'interrupted');
    try {
      sink(bytes);
    } catch (error) {
      if (!(error instanceof MilleError) || error.code !== 'disk-full') throw error;
      const name = dest === '-' ? 'to standard output' : `'${displayPath(dest)}'`;
      throw new MilleError('disk-full', `cannot write ${name}: no space left on device`, {
        hint: 'free some space there, or write it elsewhere',
        cause: error,
      });
    }
  };
}

/** Says it with the name that the user gave, not with that of the temporary file. */
function openedFor<T>(dest: string, open: () => T): T {
  try {
    return open();
  } catch (error) {
    if (!(error instanceof MilleError) || !isErrno(error, 'EACCES', 'EPERM', 'EROFS')) throw error;
    const why = isErrno(error, 'EROFS') ? 'the file system is read-only' : 'permission denied';
    throw new MilleError('io', `cannot write '${displayPath(dest)}': ${why}`, {
      hint: 'name a file in a directory that you can write to',
      cause: error,
    });
  }
}

async function writeInto(dest: string, write: (sink: Sink) => Promise<void>): Promise<void> {
  const fd = openedFor(dest, () => openAt(CWD, dest, { flags: O.WRONLY | O.TRUNC }));
  try {
    await write((bytes) => writeAll(fd, bytes));
  } finally {
    closeFd(fd);
  }
}
