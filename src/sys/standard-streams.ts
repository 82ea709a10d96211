// Standard input and files that may be pipes, read whole or spooled to a file; standard output and error, written whole.

import { CWD, O } from './calls.ts';
import { closeFd, openAt, readInto, writeAll } from './files.ts';
import { check, libc } from './libc.ts';
import { statFd } from './stat.ts';
import { isErrno, SystemError } from './system-error.ts';

/**
 * What a descriptor gives, until its end. A chunk is good until the next is asked for.
 * @param ended asked where there is nothing to read
 */
async function* chunksOf(fd: number, ended = () => true): AsyncGenerator<Uint8Array> {
  const buffer = new Uint8Array(1 << 16);
  for (;;) {
    let count: number;
    try {
      count = readInto(fd, buffer);
    } catch (error) {
      // A terminal or pipe that another program set to non-blocking: wait for it.
      if (!isErrno(error, 'EAGAIN')) throw error;
      await Bun.sleep(5);
      continue;
    }
    if (count === 0 && ended()) return;
    if (count === 0) await Bun.sleep(5);
    else yield buffer.subarray(0, count);
  }
}

const LONGEST_LINE = 4096;

/** Reads a line of standard input, byte by byte, so that nothing behind it is taken; undefined at its end. */
export function readStandardLine(): string | undefined {
  const byte = new Uint8Array(1);
  const line: number[] = [];
  while (line.length < LONGEST_LINE) {
    let count: number;
    try {
      count = readInto(0, byte);
    } catch (error) {
      if (!isErrno(error, 'EAGAIN', 'EINTR')) throw error;
      Bun.sleepSync(5);
      continue;
    }
    if (count === 0) return line.length === 0 ? undefined : Buffer.from(line).toString();
    if (byte[0] === 10) break;
    line.push(byte[0]!);
  }
  return Buffer.from(line).toString();
}

/** Reads all of standard input. @throws SystemError `EFBIG` above `limit` bytes. */
export function readStandardInput(limit: number): Promise<Uint8Array> {
  return readAll(0, { name: 'standard input', limit });
}

/**
 * Reads a file that the user named: also a pipe, as a shell makes one for `<(command)`, which is waited for.
 * @throws SystemError `EFBIG` above `limit` bytes.
 */
export async function readNamedFile(path: string, limit: number): Promise<Uint8Array> {
  const fd = openAt(CWD, path, { flags: O.RDONLY | O.NONBLOCK });
  const isPipe = statFd(fd).type === 'fifo';
  try {
    return await readAll(fd, { name: path, limit, ended: () => !isPipe || hungUp(fd) });
  } finally {
    closeFd(fd);
  }
}

async function readAll(
  fd: number,
  { name, limit, ended }: { readonly name: string; readonly limit: number; readonly ended?: () => boolean },
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for await (const chunk of chunksOf(fd, ended)) {
    chunks.push(chunk.slice());
    total += chunk.length;
    if (total > limit) throw new SystemError(27, 'read', name);
  }
  return Buffer.concat(chunks, total);
}

const POLLHUP = 0x10;

/** Whether a pipe has had a writer and has none any more; one that nobody has opened yet is still to come. See poll(2). */
function hungUp(fd: number): boolean {
  // struct pollfd: the descriptor, the events asked for, those that there are.
  const request = new DataView(new ArrayBuffer(8));
  request.setInt32(0, fd, true);
  check(libc().poll(new Uint8Array(request.buffer), 1, 0), 'poll');
  return (request.getInt16(6, true) & POLLHUP) !== 0;
}

/** Writes all of standard input to a new file. */
export async function spoolStandardInput(path: string): Promise<void> {
  const fd = openAt(CWD, path, { flags: O.WRONLY | O.CREAT | O.EXCL, mode: 0o600 });
  try {
    for await (const chunk of chunksOf(0)) writeAll(fd, chunk);
  } finally {
    closeFd(fd);
  }
}

/**
 * Writes all of `bytes` to standard output (1) or standard error (2), waiting for a slow reader also where another
 * program, or Bun, has set the stream to non-blocking.
 * @throws SystemError `EPIPE` where nobody reads any more
 */
export function writeStandardStream(fd: 1 | 2, bytes: Uint8Array): void {
  let rest = bytes;
  while (rest.length > 0) {
    try {
      rest = rest.subarray(check(libc().write(fd, rest, rest.length), 'write'));
    } catch (error) {
      if (!isErrno(error, 'EAGAIN', 'EINTR')) throw error;
      Bun.sleepSync(1);
    }
  }
}
