// Locks on single bytes of a file (fcntl(2), "open file description locks"). They cost no space and no writing, any
// number of them can be held on one descriptor, and they go with it, however the process ends. Which byte stands for
// what is the caller's business; the file need not be that long.

import { lastErrno, libc, ptr } from './libc.ts';
import { SystemError } from './system-error.ts';

const SYS_FCNTL = process.arch === 'arm64' ? 25 : 72;
const GET = 36;
const SET = 37;
const SET_AND_WAIT = 38;
const SHARED = 0;
const EXCLUSIVE = 1;
const NONE = 2;

const EINTR = 4;
const REFUSED = [11, 13];

// struct flock: type, whence, start, length, pid.
const lock = new BigInt64Array(4);
const view = new DataView(lock.buffer);

/** How to lock. `exclusive` needs a descriptor open for writing, the other one for reading. */
export interface ByteLockOptions {
  readonly exclusive: boolean;
  readonly wait: boolean;
}

/** Locks the byte at an offset; false where `wait` is false and another descriptor has a lock that forbids it. */
export function lockByte(fd: number, at: bigint, options: ByteLockOptions): boolean {
  describe(options.exclusive ? EXCLUSIVE : SHARED, at);
  return call(fd, options.wait ? SET_AND_WAIT : SET);
}

/** Gives up this descriptor's lock on a byte. */
export function unlockByte(fd: number, at: bigint): void {
  describe(NONE, at);
  call(fd, SET);
}

/** Whether another descriptor, of this process or another, holds any lock on the byte. */
export function isByteLocked(fd: number, at: bigint): boolean {
  describe(EXCLUSIVE, at);
  call(fd, GET);
  return view.getInt16(0, true) !== NONE;
}

function describe(type: number, at: bigint): void {
  lock.fill(0n);
  view.setInt16(0, type, true);
  lock[1] = at;
  lock[2] = 1n;
}

function call(fd: number, command: number): boolean {
  for (;;) {
    if (Number(libc().syscall(SYS_FCNTL, fd, command, ptr(lock), null, 0)) === 0) return true;
    const errno = lastErrno();
    if (command === SET && REFUSED.includes(errno)) return false;
    if (errno !== EINTR) throw new SystemError(errno, 'lock');
  }
}
