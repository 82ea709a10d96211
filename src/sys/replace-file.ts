// Another content for a file that is somebody's.

import { CWD, O } from './calls.ts';
import { chmodAt, chownAt, closeFd, openAt, renameAt, unlinkAt, writeAll } from './files.ts';
import { statAt } from './stat.ts';
import { isErrno } from './system-error.ts';

/**
 * Puts a content in the place of a file's: whole or not at all, with the file's mode, and its owner where that may be
 * given away; a file that is not there is made. The path is not to be a link.
 * @param options.mode in the place of the file's own
 * @throws SystemError
 */
export function replaceFile(
  path: string,
  content: Uint8Array,
  options: { readonly mode?: number } = {},
): void {
  const stat = statAt(CWD, path);
  const temporary = `${path}.${process.pid}.tmp`;
  const fd = openAt(CWD, temporary, { flags: O.WRONLY | O.CREAT | O.EXCL, mode: 0o600 });
  try {
    try {
      writeAll(fd, content);
    } finally {
      closeFd(fd);
    }
    if (stat) {
      try {
        chownAt(CWD, temporary, stat);
      } catch (error) {
        if (!isErrno(error, 'EPERM')) throw error;
      }
    }
    chmodAt(CWD, temporary, options.mode ?? (stat ? stat.mode & 0o7777 : 0o644));
    renameAt({ dirFd: CWD, name: temporary }, { dirFd: CWD, name: path });
  } catch (error) {
    unlinkAt(CWD, temporary);
    throw error;
  }
}
