// How much of a disk a tree takes: blocks in use, not lengths, so that sparse files count as what they take.

import { statfsSync } from 'node:fs';
import { CWD } from './calls.ts';
import { closeFd, type FilePlace, listDirectory, openDirectory } from './files.ts';
import { type FileStat, statAt } from './stat.ts';
import { isErrno } from './system-error.ts';

/** What a tree takes. */
export interface DiskUsage {
  /** Of the disk, directories included; a file with several names counts once. */
  readonly bytes: number;
  /** Names of anything but directories. */
  readonly files: number;
}

/** Bytes per block of `FileStat.blocks`. */
const BLOCK = 512;

/** What one file takes of the disk. */
export function bytesOnDisk(stat: Pick<FileStat, 'blocks'>): number {
  return stat.blocks * BLOCK;
}

/**
 * Measures a file or a tree by its absolute path, following no link. What disappears meanwhile counts as far as it was
 * seen; nothing there is nothing.
 */
export function diskUsage(path: string): DiskUsage {
  const walk = new Walk();
  walk.add(CWD, path);
  return { bytes: walk.bytes, files: walk.files };
}

class Walk {
  bytes = 0;
  files = 0;
  /** Files with several names that were counted. */
  readonly #seen = new Set<string>();

  add(dirFd: number, name: string): void {
    const stat = statAt(dirFd, name);
    if (!stat) return;
    if (stat.type !== 'dir') {
      this.files++;
      if (stat.nlink > 1 && !this.#isNew(stat)) return;
      this.bytes += bytesOnDisk(stat);
      return;
    }
    this.bytes += bytesOnDisk(stat);
    forEachName({ dirFd, name }, (fd, child) => this.add(fd, child));
  }

  #isNew({ dev, ino }: FileStat): boolean {
    const before = this.#seen.size;
    return this.#seen.add(`${dev}:${ino}`).size > before;
  }
}

/** Calls back for each name in a directory; does nothing for one that was removed or replaced meanwhile. */
function forEachName(place: FilePlace, visit: (fd: number, name: string) => void): void {
  const fd = unlessGone(() => openDirectory(place.dirFd, place.name));
  if (fd === undefined) return;
  try {
    for (const child of unlessGone(() => listDirectory(fd)) ?? []) visit(fd, child);
  } finally {
    closeFd(fd);
  }
}

function unlessGone<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'ELOOP')) return undefined;
    throw error;
  }
}

/** Bytes that a plain user may still write on the file system of a directory; none where it isn't there. */
export function freeBytes(path: string): number {
  try {
    const { bavail, bsize } = statfsSync(path);
    return bavail * bsize;
  } catch {
    return 0;
  }
}
