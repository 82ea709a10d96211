// Extended attributes, of a link itself and never its target. The kernel has no *at form of these calls before
// 6.13, so a file below a directory descriptor is named through /proc/self/fd.

import { CWD, check, cstring, lastErrno, libc } from './calls.ts';
import { SystemError } from './system-error.ts';

const names = new Uint8Array(65536);
const value = new Uint8Array(65536);
const NONE: Readonly<Record<string, Uint8Array>> = Object.freeze({});
const ENODATA = 61;
const EOPNOTSUPP = 95;

function placed(dirFd: number, name: string): string {
  return dirFd === CWD ? name : `/proc/self/fd/${dirFd}/${name}`;
}

/** All extended attributes of a file that this process may see, by name. */
export function readXattrs(dirFd: number, name: string): Readonly<Record<string, Uint8Array>> {
  const path = placed(dirFd, name);
  const length = Number(libc().llistxattr(cstring(path), names, names.length));
  if (length === 0) return NONE;
  if (length < 0) {
    if (lastErrno() === EOPNOTSUPP) return NONE;
    throw new SystemError(lastErrno(), 'list attributes of', name);
  }
  const out: Record<string, Uint8Array> = {};
  for (const key of Buffer.from(names.subarray(0, length - 1))
    .toString('latin1')
    .split('\0')) {
    const bytes = readXattr(dirFd, name, key);
    if (bytes) out[key] = bytes;
  }
  return out;
}

/** One extended attribute, or undefined where the file has none of that name. */
export function readXattr(dirFd: number, name: string, key: string): Uint8Array | undefined {
  const size = Number(libc().lgetxattr(cstring(placed(dirFd, name)), cstring(key, 1), value, value.length));
  if (size >= 0) return value.slice(0, size);
  const errno = lastErrno();
  if (errno === ENODATA || errno === EOPNOTSUPP) return undefined;
  throw new SystemError(errno, `read attribute ${key} of`, name);
}

/** Sets an extended attribute. @throws SystemError, EPERM or EOPNOTSUPP where the file system refuses it. */
export function writeXattr(place: { dirFd: number; name: string }, key: string, bytes: Uint8Array): void {
  const path = cstring(placed(place.dirFd, place.name));
  const data = bytes.length === 0 ? value : bytes;
  check(
    libc().lsetxattr(path, cstring(key, 1), data, bytes.length, 0),
    `set attribute ${key} of`,
    place.name,
  );
}
