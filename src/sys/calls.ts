// Constants of system calls, with the binding helpers, for the other files of this room.

export { check, cstring, lastErrno, libc, ptr } from './libc.ts';

/** Stands for "the current directory" as a directory descriptor; used with absolute paths. */
export const CWD = -100;

/** Flags of the *at family. */
export const AT = { SYMLINK_NOFOLLOW: 0x100, REMOVEDIR: 0x200, EMPTY_PATH: 0x1000 } as const;

// O_DIRECTORY, O_NOFOLLOW and O_PATH differ between x86-64 and arm64.
const arm = process.arch === 'arm64';

/** Flags of open(2). */
export const O = {
  RDONLY: 0,
  WRONLY: 1,
  RDWR: 2,
  CREAT: 0o100,
  EXCL: 0o200,
  TRUNC: 0o1000,
  APPEND: 0o2000,
  NONBLOCK: 0o4000,
  DIRECTORY: arm ? 0o40000 : 0o200000,
  NOFOLLOW: arm ? 0o100000 : 0o400000,
  CLOEXEC: 0o2000000,
  PATH: 0o10000000,
} as const;
