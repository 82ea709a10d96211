// Owner, mode, extended attributes and time of an unpacked file, in the order that the kernel demands: changing
// the owner clears setuid bits and capabilities, changing anything changes the time.

import { displayPath, MilleError } from '../../core/index.ts';
import { chmodAt, chownAt, type FilePlace, isErrno, setTimesAt, writeXattr } from '../../sys/index.ts';
import type { Entry } from '../image/index.ts';

/**
 * Sets everything but the time of a directory, which is set once it is filled.
 * @returns false where an extended attribute could not be set for want of privilege or support
 * @throws SystemError; MilleError `io` for an owner that this user namespace lacks
 */
export function setAttributes(place: FilePlace, entry: Entry, nanoseconds = 0): boolean {
  const { dirFd, name } = place;
  try {
    chownAt(dirFd, name, entry);
  } catch (error) {
    if (!isErrno(error, 'EINVAL')) throw error;
    throw new MilleError(
      'io',
      `'${displayPath(entry.path)}' belongs to ${entry.uid}:${entry.gid}, which this user namespace does not map`,
      {
        hint: 'give your user a larger range in /etc/subuid and /etc/subgid, or build as root',
        cause: error,
      },
    );
  }
  if (entry.type !== 'symlink') chmodAt(dirFd, name, entry.mode);
  const complete = entry.xattrs ? setXattrs(place, entry.xattrs) : true;
  if (entry.type !== 'dir') setTimesAt(dirFd, name, { seconds: entry.mtime, nanoseconds });
  return complete;
}

function setXattrs(place: FilePlace, xattrs: Readonly<Record<string, string>>): boolean {
  let complete = true;
  for (const [key, value] of Object.entries(xattrs)) {
    try {
      writeXattr(place, key, Buffer.from(value, 'base64'));
    } catch (error) {
      if (!isErrno(error, 'EPERM', 'EOPNOTSUPP', 'EINVAL')) throw error;
      complete = false;
    }
  }
  return complete;
}
