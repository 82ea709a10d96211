// What the kernel knows of one file, without following a final symbolic link.

import { AT, check, cstring, lastErrno, libc } from './calls.ts';
import { SystemError } from './system-error.ts';

/** The kind of a file. */
export type FileType = 'file' | 'dir' | 'symlink' | 'char' | 'block' | 'fifo' | 'socket';

/** The result of statx(2). Times are whole seconds since the epoch and the nanoseconds beyond. */
export interface FileStat {
  readonly type: FileType;
  /** Permission bits with setuid, setgid and sticky: at most 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly nlink: number;
  readonly dev: number;
  readonly ino: number;
  readonly rdevMajor: number;
  readonly rdevMinor: number;
  readonly mtime: number;
  readonly mtimeNsec: number;
  readonly ctime: number;
  readonly ctimeNsec: number;
  /** 512-byte blocks in use: fewer than `size` needs means a sparse file. */
  readonly blocks: number;
}

// A map and not an object: the formatter rewrites octal keys to decimal wrongly.
const TYPES = new Map<number, FileType>([
  [0o010000, 'fifo'],
  [0o020000, 'char'],
  [0o040000, 'dir'],
  [0o060000, 'block'],
  [0o100000, 'file'],
  [0o120000, 'symlink'],
  [0o140000, 'socket'],
]);

const buffer = new Uint8Array(256);
const view = new DataView(buffer.buffer);
const STATX_BASIC_STATS = 0x7ff;

/**
 * Stats `name` in the directory `dirFd` (or an absolute path with `CWD`), not following a final link.
 * @returns undefined where there is no such file.
 * @throws SystemError for anything else.
 */
export function statAt(dirFd: number, name: string): FileStat | undefined {
  const result = libc().statx(dirFd, cstring(name), AT.SYMLINK_NOFOLLOW, STATX_BASIC_STATS, buffer);
  if (result === 0) return decode();
  const errno = lastErrno();
  if (errno === 2 || errno === 20) return undefined;
  throw new SystemError(errno, 'stat', name);
}

/** Stats an open file. */
export function statFd(fd: number): FileStat {
  check(libc().statx(fd, cstring(''), AT.EMPTY_PATH, STATX_BASIC_STATS, buffer), 'stat');
  return decode();
}

function decode(): FileStat {
  const mode = view.getUint16(28, true);
  return {
    type: TYPES.get(mode & 0o170000)!,
    mode: mode & 0o7777,
    nlink: view.getUint32(16, true),
    uid: view.getUint32(20, true),
    gid: view.getUint32(24, true),
    ino: wide(32),
    size: wide(40),
    blocks: wide(48),
    ctime: signed(96),
    ctimeNsec: view.getUint32(104, true),
    mtime: signed(112),
    mtimeNsec: view.getUint32(120, true),
    rdevMajor: view.getUint32(128, true),
    rdevMinor: view.getUint32(132, true),
    dev: view.getUint32(136, true) * 0x100000 + view.getUint32(140, true),
  };
}

function wide(at: number): number {
  return view.getUint32(at + 4, true) * 0x1_0000_0000 + view.getUint32(at, true);
}

function signed(at: number): number {
  return view.getInt32(at + 4, true) * 0x1_0000_0000 + view.getUint32(at, true);
}
