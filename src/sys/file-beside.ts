// A file that is made beside another one, to take its place once it is whole. Its name cannot be foreseen, and what is
// there already is never opened: in a directory that others write to, a link laid there would be followed.

import { encodePath } from '../core/index.ts';
import { CWD, O } from './calls.ts';
import { closeFd, openAt, renameAt, unlinkAt, writeAll } from './files.ts';
import { isErrno } from './system-error.ts';

/** A file that is being made. */
export interface FileBeside {
  readonly path: string;
  readonly fd: number;
  /** Puts it in the place that it is for. @throws SystemError; it is gone then */
  finish(): void;
  /** Takes it away. */
  abandon(): void;
}

/** Makes one. @throws SystemError */
export function openBeside(place: string, mode = 0o644): FileBeside {
  for (;;) {
    const path = `${place}.${crypto.randomUUID().slice(0, 8)}.tmp`;
    let fd: number;
    try {
      fd = openAt(CWD, path, { flags: O.WRONLY | O.CREAT | O.EXCL | O.NOFOLLOW, mode });
    } catch (error) {
      if (isErrno(error, 'EEXIST')) continue;
      throw error;
    }
    return {
      path,
      fd,
      finish() {
        closeFd(fd);
        try {
          renameAt({ dirFd: CWD, name: path }, { dirFd: CWD, name: place });
        } catch (error) {
          unlinkAt(CWD, path);
          throw error;
        }
      },
      abandon() {
        closeFd(fd);
        unlinkAt(CWD, path);
      },
    };
  }
}

/** Writes a small file whole, in the place of what is there. @throws SystemError */
export function writeFileAtomically(path: string, content: Uint8Array | string): void {
  const file = openBeside(path);
  try {
    writeAll(file.fd, typeof content === 'string' ? encodePath(content) : content);
  } catch (error) {
    file.abandon();
    throw error;
  }
  file.finish();
}
