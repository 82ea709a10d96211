// Files by directory descriptor and name, so that walking an untrusted tree never follows a link that was put
// there meanwhile. Every function also takes `CWD` and an absolute path. All are synchronous: they are calls of
// microseconds, and the layer codec's inner loop.

import { mkdtempSync, realpathSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { decodePath } from '../core/index.ts';
import { AT, CWD, check, cstring, lastErrno, libc, O, ptr } from './calls.ts';
import { type FileStat, statAt } from './stat.ts';
import { isErrno, SystemError } from './system-error.ts';

/** Opens a file; always close-on-exec. The caller closes it. */
export function openAt(dirFd: number, name: string, options: { flags: number; mode?: number }): number {
  const { flags, mode = 0o666 } = options;
  return check(libc().openat(dirFd, cstring(name), flags | O.CLOEXEC, mode), 'open', name);
}

/** Opens a regular file for reading without following a final link and without blocking on a fifo. */
export function openForReading(dirFd: number, name: string): number {
  return openAt(dirFd, name, { flags: O.RDONLY | O.NOFOLLOW | O.NONBLOCK });
}

/** Opens a directory without following a final link. */
export function openDirectory(dirFd: number, name: string): number {
  return openAt(dirFd, name, { flags: O.RDONLY | O.DIRECTORY | O.NOFOLLOW });
}

const RESOLVE_IN_ROOT = 0x10;
const RESOLVE_NO_MAGICLINKS = 0x02;
const SYS_OPENAT2 = 437;
const how = new BigUint64Array(3);
/** An argument of the system call that stands where others take an address. */
const SIZE_OF_HOW = 24;

/**
 * Opens `path` as if `rootFd` were the root directory (openat2(2), RESOLVE_IN_ROOT): links, absolute or with
 * `..`, stay inside, also when someone moves things about meanwhile.
 */
export function openInRoot(rootFd: number, path: string, options: { flags: number; mode?: number }): number {
  const { flags, mode = 0o666 } = options;
  how[0] = BigInt(flags | O.CLOEXEC);
  how[1] = flags & O.CREAT ? BigInt(mode) : 0n;
  how[2] = BigInt(RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS);
  for (let attempt = 0; ; attempt++) {
    const name = cstring(path === '' ? '.' : path);
    const fd = Number(libc().syscall(SYS_OPENAT2, rootFd, name, ptr(how), SIZE_OF_HOW, 0));
    if (fd >= 0) return fd;
    const errno = lastErrno();
    // EAGAIN: a rename happened during resolution; the manual asks to try again.
    if (errno !== 11 || attempt > 100) throw new SystemError(errno, 'open', path);
  }
}

/** Closes a descriptor. */
export function closeFd(fd: number): void {
  libc().close(fd);
}

/** Reads up to `buffer.length` bytes at the descriptor's offset; 0 at the end. */
export function readInto(fd: number, buffer: Uint8Array): number {
  if (buffer.length === 0) return 0;
  return check(libc().read(fd, buffer, buffer.length), 'read');
}

/** Reads up to `buffer.length` bytes at `offset`; 0 at the end. */
export function readIntoAt(fd: number, buffer: Uint8Array, offset: number): number {
  if (buffer.length === 0) return 0;
  return check(libc().pread(fd, buffer, buffer.length, offset), 'read');
}

/** Writes all of `bytes`. */
export function writeAll(fd: number, bytes: Uint8Array): void {
  let rest = bytes;
  while (rest.length > 0) rest = rest.subarray(check(libc().write(fd, rest, rest.length), 'write'));
}

/** Reads a whole small file. @throws SystemError, or MilleError of the caller's choosing above `limit` bytes. */
export function readSmallFile(dirFd: number, name: string, limit: number): Uint8Array {
  const fd = openAt(dirFd, name, { flags: O.RDONLY | O.NONBLOCK });
  try {
    const chunks: Uint8Array[] = [];
    let total = 0;
    for (;;) {
      const chunk = new Uint8Array(65536);
      const count = readInto(fd, chunk);
      if (count === 0) return Buffer.concat(chunks, total);
      chunks.push(chunk.subarray(0, count));
      total += count;
      if (total > limit) throw new SystemError(27, 'read', name);
    }
  } finally {
    closeFd(fd);
  }
}

const direntBuffer = new Uint8Array(1 << 16);
const direntView = new DataView(direntBuffer.buffer);

/** The names in an open directory, sorted, without `.` and `..`; none in one that was removed since it was opened. */
export function listDirectory(fd: number): string[] {
  const names: string[] = [];
  check(libc().lseek(fd, 0, 0), 'seek');
  for (;;) {
    const count = readEntries(fd);
    if (count === 0) return names.sort();
    for (let at = 0; at < count; ) {
      const length = direntView.getUint16(at + 16, true);
      const end = direntBuffer.indexOf(0, at + 19);
      const name = nameOf(at + 19, end);
      if (name !== '.' && name !== '..') names.push(name);
      at += length;
    }
  }
}

/** The next entries of a directory into `direntBuffer`, as readdir(3): ENOENT, of a removed one, is its end. */
function readEntries(fd: number): number {
  try {
    return check(libc().getdents64(fd, direntBuffer, direntBuffer.length), 'list');
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return 0;
    throw error;
  }
}

/** The names in a directory (absolute path), sorted; none where there is no such directory. */
export function namesIn(directory: string): string[] {
  let fd: number;
  try {
    fd = openDirectory(CWD, directory);
  } catch (error) {
    if (error instanceof SystemError && ['ENOENT', 'ENOTDIR'].includes(error.errno)) return [];
    throw error;
  }
  try {
    return listDirectory(fd);
  } finally {
    closeFd(fd);
  }
}

function nameOf(start: number, end: number): string {
  for (let i = start; i < end; i++) {
    if (direntBuffer[i]! >= 0x80) return decodePath(direntBuffer.subarray(start, end));
  }
  return String.fromCharCode.apply(null, direntBuffer.subarray(start, end) as unknown as number[]);
}

const linkBuffer = new Uint8Array(8192);

/** The target of a symbolic link. */
export function readLinkAt(dirFd: number, name: string): string {
  const count = check(
    libc().readlinkat(dirFd, cstring(name), linkBuffer, linkBuffer.length),
    'readlink',
    name,
  );
  return decodePath(linkBuffer.subarray(0, count));
}

/** Makes a directory; its mode is exact, whatever the umask, once `chmodAt` follows. */
export function mkdirAt(dirFd: number, name: string, mode = 0o755): void {
  check(libc().mkdirat(dirFd, cstring(name), mode), 'mkdir', name);
}

/** Makes a directory and its parents by an absolute path; existing ones are fine. */
export function makeDirectories(path: string, mode = 0o755): void {
  if (libc().mkdirat(CWD, cstring(path), mode) === 0) return;
  const errno = lastErrno();
  if (errno === 17) return;
  if (errno !== 2 || path === '/' || path === '') throw new SystemError(errno, 'mkdir', path);
  makeDirectories(path.slice(0, path.lastIndexOf('/')) || '/', mode);
  if (libc().mkdirat(CWD, cstring(path), mode) !== 0 && lastErrno() !== 17)
    throw new SystemError(lastErrno(), 'mkdir', path);
}

/** The absolute path of an existing file with all links in it resolved. Only for paths that are valid UTF-8. */
export function realPath(path: string): string {
  return realpathSync(path);
}

/** Makes a new private directory, among the system's temporary files if not elsewhere. */
export function makeTemporaryDirectory(prefix: string, parent: string = tmpdir()): string {
  return mkdtempSync(`${parent}/${prefix}`);
}

/** Makes a symbolic link. */
export function symlinkAt(target: string, dirFd: number, name: string): void {
  check(libc().symlinkat(cstring(target, 1), dirFd, cstring(name)), 'symlink', name);
}

/** A file by directory descriptor and name. */
export interface FilePlace {
  readonly dirFd: number;
  readonly name: string;
}

/** Makes a hard link; a symbolic link is linked itself, not followed. */
export function linkAt(from: FilePlace, to: FilePlace): void {
  check(libc().linkat(from.dirFd, cstring(from.name, 1), to.dirFd, cstring(to.name), 0), 'link', to.name);
}

/** Renames, replacing what is there (rename(2)). */
export function renameAt(from: FilePlace, to: FilePlace): void {
  check(libc().renameat(from.dirFd, cstring(from.name, 1), to.dirFd, cstring(to.name)), 'rename', to.name);
}

const SYS_RENAMEAT2 = process.arch === 'arm64' ? 276 : 316;
const RENAME_EXCHANGE = 2;

/**
 * Lets two files or directories of one file system change places, in one step (renameat2(2), RENAME_EXCHANGE).
 * @throws SystemError, EINVAL where the file system cannot
 */
export function exchangeAt(one: FilePlace, other: FilePlace): void {
  const names = [cstring(one.name), cstring(other.name, 1)] as const;
  check(
    libc().syscall(SYS_RENAMEAT2, one.dirFd, names[0], other.dirFd, names[1], RENAME_EXCHANGE),
    'exchange',
    other.name,
  );
}

const NODE_TYPES = { char: 0o020000, block: 0o060000, fifo: 0o010000 } as const;

/** Makes a device or a fifo. An overlay whiteout is a char device 0:0, which user namespaces may make too. */
export function mknodAt(
  place: FilePlace,
  node: { type: keyof typeof NODE_TYPES; mode: number; major?: number; minor?: number },
): void {
  const { type, mode, major = 0, minor = 0 } = node;
  const dev =
    (BigInt(major & 0xfffff000) << 32n) |
    (BigInt(major & 0xfff) << 8n) |
    (BigInt(minor & 0xffffff00) << 12n) |
    BigInt(minor & 0xff);
  check(libc().mknodat(place.dirFd, cstring(place.name), NODE_TYPES[type] | mode, dev), 'mknod', place.name);
}

/** Removes a file, or an empty directory with `directory: true`. */
export function unlinkAt(dirFd: number, name: string, options: { directory?: boolean } = {}): void {
  check(libc().unlinkat(dirFd, cstring(name), options.directory ? AT.REMOVEDIR : 0), 'remove', name);
}

/** Sets the mode of something that is not a symbolic link. */
export function chmodAt(dirFd: number, name: string, mode: number): void {
  check(libc().fchmodat(dirFd, cstring(name), mode, 0), 'chmod', name);
}

/** Sets the owner; of a link itself, not its target. Clears setuid bits: set the mode afterwards. */
export function chownAt(dirFd: number, name: string, owner: { uid: number; gid: number }): void {
  check(libc().fchownat(dirFd, cstring(name), owner.uid, owner.gid, AT.SYMLINK_NOFOLLOW), 'chown', name);
}

const times = new BigInt64Array(4);

/** Sets access and modification time, of a link itself. */
export function setTimesAt(
  dirFd: number,
  name: string,
  time: { seconds: number; nanoseconds?: number },
): void {
  times[0] = times[2] = BigInt(time.seconds);
  times[1] = times[3] = BigInt(time.nanoseconds ?? 0);
  check(libc().utimensat(dirFd, cstring(name), times, AT.SYMLINK_NOFOLLOW), 'utime', name);
}

/** Sets the length of an open file; what is beyond the old end reads as zeroes and takes no space. */
export function truncateFd(fd: number, length: number): void {
  check(libc().ftruncate(fd, length), 'truncate');
}

/** Copies a whole file's content inside the kernel where possible (copy_file_range(2)). @returns bytes copied */
export function copyContent(fromFd: number, toFd: number): number {
  let total = 0;
  for (;;) {
    const count = Number(libc().copy_file_range(fromFd, null, toFd, null, 1 << 30, 0));
    if (count === 0) return total;
    if (count < 0) {
      const errno = lastErrno();
      // EXDEV, EINVAL, EOPNOTSUPP, ENOSYS: not between these files; copy through memory.
      if (total === 0 && [18, 22, 38, 95].includes(errno)) return copyThroughMemory(fromFd, toFd);
      throw new SystemError(errno, 'copy');
    }
    total += count;
  }
}

function copyThroughMemory(fromFd: number, toFd: number): number {
  const buffer = new Uint8Array(1 << 18);
  let total = 0;
  for (;;) {
    const count = readInto(fromFd, buffer);
    if (count === 0) return total;
    writeAll(toFd, buffer.subarray(0, count));
    total += count;
  }
}

/**
 * Takes or tries an advisory lock on an open file (flock(2)); it goes when the descriptor or process does.
 * @returns false where `wait` is false and somebody else holds it.
 */
export function lockFd(fd: number, options: { exclusive: boolean; wait: boolean }): boolean {
  const operation = (options.exclusive ? 2 : 1) | (options.wait ? 0 : 4);
  for (;;) {
    if (libc().flock(fd, operation) === 0) return true;
    const errno = lastErrno();
    if (errno === 11) return false;
    if (errno !== 4) throw new SystemError(errno, 'lock');
  }
}

/** Removes a file or a whole directory tree by descriptor, never following a link. Nothing there is fine. */
export function removeTree(dirFd: number, name: string): void {
  const stat = statAt(dirFd, name);
  if (!stat) return;
  if (stat.type === 'dir') emptyDirectory(dirFd, name, stat);
  unlinkAt(dirFd, name, { directory: stat.type === 'dir' });
}

function emptyDirectory(dirFd: number, name: string, stat: FileStat): void {
  // Overlay's work directory has mode 000: an owner without CAP_DAC_OVERRIDE must open it up first.
  if ((stat.mode & 0o700) !== 0o700) chmodAt(dirFd, name, 0o700);
  const fd = openDirectory(dirFd, name);
  try {
    for (const child of listDirectory(fd)) removeTree(fd, child);
  } finally {
    closeFd(fd);
  }
}
