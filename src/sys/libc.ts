// The functions of the C library that Bun's own API lacks or cannot call with byte paths, bound once on first
// use. Numbers are those of Linux on x86-64 and arm64, which agree for everything used here.

import { dlopen, type FFIFunction, FFIType, type Pointer, ptr, read } from 'bun:ffi';
import { encodePathInto } from '../core/index.ts';
import { SystemError } from './system-error.ts';

const LONG = FFIType.i64_fast;

const SIGNATURES = {
  __errno_location: { args: [], returns: 'ptr' },
  statx: { args: ['i32', 'ptr', 'i32', 'u32', 'ptr'], returns: 'i32' },
  openat: { args: ['i32', 'ptr', 'i32', 'i32'], returns: 'i32' },
  close: { args: ['i32'], returns: 'i32' },
  read: { args: ['i32', 'ptr', 'u64'], returns: LONG },
  pread: { args: ['i32', 'ptr', 'u64', LONG], returns: LONG },
  write: { args: ['i32', 'ptr', 'u64'], returns: LONG },
  ftruncate: { args: ['i32', LONG], returns: 'i32' },
  lseek: { args: ['i32', LONG, 'i32'], returns: LONG },
  copy_file_range: { args: ['i32', 'ptr', 'i32', 'ptr', 'u64', 'u32'], returns: LONG },
  poll: { args: ['ptr', 'u64', 'i32'], returns: 'i32' },
  pipe2: { args: ['ptr', 'i32'], returns: 'i32' },
  flock: { args: ['i32', 'i32'], returns: 'i32' },
  fcntl: { args: ['i32', 'i32', 'i32'], returns: 'i32' },
  getdents64: { args: ['i32', 'ptr', 'u64'], returns: LONG },
  readlinkat: { args: ['i32', 'ptr', 'ptr', 'u64'], returns: LONG },
  mkdirat: { args: ['i32', 'ptr', 'u32'], returns: 'i32' },
  mknodat: { args: ['i32', 'ptr', 'u32', 'u64'], returns: 'i32' },
  symlinkat: { args: ['ptr', 'i32', 'ptr'], returns: 'i32' },
  linkat: { args: ['i32', 'ptr', 'i32', 'ptr', 'i32'], returns: 'i32' },
  unlinkat: { args: ['i32', 'ptr', 'i32'], returns: 'i32' },
  renameat: { args: ['i32', 'ptr', 'i32', 'ptr'], returns: 'i32' },
  fchmodat: { args: ['i32', 'ptr', 'u32', 'i32'], returns: 'i32' },
  fchownat: { args: ['i32', 'ptr', 'u32', 'u32', 'i32'], returns: 'i32' },
  utimensat: { args: ['i32', 'ptr', 'ptr', 'i32'], returns: 'i32' },
  llistxattr: { args: ['ptr', 'ptr', 'u64'], returns: LONG },
  lgetxattr: { args: ['ptr', 'ptr', 'ptr', 'u64'], returns: LONG },
  lsetxattr: { args: ['ptr', 'ptr', 'ptr', 'u64', 'i32'], returns: 'i32' },
  memfd_create: { args: ['ptr', 'u32'], returns: 'i32' },
  kill: { args: ['i32', 'i32'], returns: 'i32' },
  _exit: { args: ['i32'], returns: 'void' },
  geteuid: { args: [], returns: 'u32' },
  ioctl: { args: ['i32', 'u64', 'ptr'], returns: 'i32' },
  tcgetattr: { args: ['i32', 'ptr'], returns: 'i32' },
  tcsetattr: { args: ['i32', 'i32', 'ptr'], returns: 'i32' },
  execve: { args: ['ptr', 'ptr', 'ptr'], returns: 'i32' },
  syscall: { args: [LONG, LONG, 'ptr', LONG, 'ptr', LONG], returns: LONG },
} as const satisfies Record<string, FFIFunction>;

type Argument = Uint8Array | BigUint64Array | BigInt64Array | number | bigint | null;

/** The bound functions: integers and buffers in, an integer out. */
type Symbols = { readonly [K in keyof typeof SIGNATURES]: (...args: Argument[]) => number };

function bind(): Symbols {
  for (const name of ['libc.so.6', `libc.musl-${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}.so.1`]) {
    try {
      return dlopen(name, SIGNATURES).symbols as unknown as Symbols;
    } catch {
      // Not this C library: try the next.
    }
  }
  throw new Error('no C library could be loaded');
}

let symbols: Symbols | undefined;
let errnoAddress: Pointer | undefined;

/** The bound functions. Loading them costs about half a millisecond, once. */
export function libc(): Symbols {
  if (!symbols) {
    symbols = bind();
    errnoAddress = symbols.__errno_location() as unknown as Pointer;
  }
  return symbols;
}

/** The error number that the last failed call left on this thread. */
export function lastErrno(): number {
  return read.i32(errnoAddress!, 0);
}

/** Throws the `SystemError` of the last call if `result` is negative; returns it otherwise. */
export function check(result: number | bigint, call: string, path?: string): number {
  const value = Number(result);
  if (value < 0) throw new SystemError(lastErrno(), call, path);
  return value;
}

const scratch = [new Uint8Array(16384), new Uint8Array(16384)] as const;

/** A path as a C string in one of two scratch buffers (for calls that take two); valid until its next use. */
export function cstring(path: string, slot: 0 | 1 = 0): Uint8Array {
  const buffer = scratch[slot];
  if (path.length > 5000) throw new SystemError(36, 'path', path);
  if (path.includes('\0')) throw new SystemError(22, 'path', path);
  buffer[encodePathInto(path, buffer, 0)] = 0;
  return buffer;
}

export { ptr };
