// Directories that many processes use and one may remove: users hold a lock shared, and only who gets it alone removes.

import {
  CWD,
  closeFd,
  isErrno,
  lockFd,
  O,
  openAt,
  removeTree,
  renameAt,
  statAt,
  statFd,
} from '../../../sys/index.ts';
import type { SourceSession } from '../session.ts';

/** The file in a directory that its users lock. */
export const USE_LOCK = 'use.lock';

/**
 * Holds a directory until the descriptor that is returned is closed; undefined where there is none. `make` makes it,
 * and is called again where it was removed meanwhile.
 */
export function hold(path: string, make?: () => void): number | undefined {
  for (;;) {
    make?.();
    const fd = openLock(path, O.RDWR | O.CREAT);
    if (fd === undefined) {
      if (make) continue;
      return undefined;
    }
    lockFd(fd, { exclusive: false, wait: true });
    // Removed between opening and locking: then this is no longer the file of that name.
    if (statAt(CWD, `${path}/${USE_LOCK}`)?.ino === statFd(fd).ino) return fd;
    closeFd(fd);
  }
}

/** Removes a directory that nobody holds. @returns whether it did */
export function removeUnheld(session: Pick<SourceSession, 'store'>, path: string): boolean {
  const fd = openLock(path, O.RDWR | O.CREAT);
  if (fd === undefined) return false;
  try {
    if (!lockFd(fd, { exclusive: true, wait: false })) return false;
    // Away in one step, then piece by piece: nobody finds half of it under its name.
    const away = session.store.freshPath('removed');
    renameAt({ dirFd: CWD, name: path }, { dirFd: CWD, name: away });
    removeTree(CWD, away);
    return true;
  } finally {
    closeFd(fd);
  }
}

function openLock(path: string, flags: number): number | undefined {
  try {
    return openAt(CWD, `${path}/${USE_LOCK}`, { flags, mode: 0o600 });
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}
