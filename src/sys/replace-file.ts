// Another content for a file that is somebody's.

import { CWD } from './calls.ts';
import { openBeside } from './file-beside.ts';
import { chmodAt, chownAt, writeAll } from './files.ts';
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
  const file = openBeside(path, 0o600);
  try {
    writeAll(file.fd, content);
    if (stat) {
      try {
        chownAt(CWD, file.path, stat);
      } catch (error) {
        if (!isErrno(error, 'EPERM')) throw error;
      }
    }
    chmodAt(CWD, file.path, options.mode ?? (stat ? stat.mode & 0o7777 : 0o644));
  } catch (error) {
    file.abandon();
    throw error;
  }
  file.finish();
}
