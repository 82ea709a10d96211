// A directory of the disk as entries of an archive that keeps it exactly: nothing in it is a mark of overlayfs, and
// no name means anything but itself.

import { displayPath, MilleError } from '../../core/index.ts';
import {
  CWD,
  closeFd,
  type FileStat,
  listDirectory,
  openDirectory,
  openForReading,
  readInto,
  readLinkAt,
  readXattrs,
  statAt,
  statFd,
} from '../../sys/index.ts';
import type { ContentReader, Entry } from '../image/index.ts';

/** An entry with all of its time. */
export interface ExactEntry {
  readonly entry: Entry;
  /** Of its time, beyond the seconds. */
  readonly nanoseconds: number;
  /** Opens the content of a file that is not empty. To be called, if at all, before the next entry is asked for. */
  readonly open?: () => ContentReader;
}

/** Attributes that mean something on another machine. */
const KEPT_XATTR = /^(user\.|security\.capability$|trusted\.)/;

/**
 * The files of a directory (absolute path), itself included, under the path that it shall have in the archive: parents
 * first, names sorted. Sockets are left out. Nothing may change meanwhile.
 */
export function* treeEntries(directory: string, path: string): Generator<ExactEntry, void, void> {
  const stat = statAt(CWD, directory);
  if (stat?.type !== 'dir') throw new Error(`not a directory: ${displayPath(directory)}`);
  yield* new TreeWalk().directory({ dirFd: CWD, name: directory, path, stat });
}

interface Found {
  readonly dirFd: number;
  readonly name: string;
  readonly path: string;
  readonly stat: FileStat;
}

class TreeWalk {
  /** First names of files with several, by device and inode. */
  readonly #names = new Map<string, string>();

  *directory(found: Found): Generator<ExactEntry, void, void> {
    yield exact(found, { type: 'dir', ...xattrsOf(found) });
    const fd = openDirectory(found.dirFd, found.name);
    try {
      for (const name of listDirectory(fd)) {
        const stat = statAt(fd, name);
        if (!stat || stat.type === 'socket') continue;
        const child = { dirFd: fd, name, path: `${found.path}/${name}`, stat };
        if (stat.type === 'dir') yield* this.directory(child);
        else yield this.#leaf(child);
      }
    } finally {
      closeFd(fd);
    }
  }

  #leaf(found: Found): ExactEntry {
    const { dirFd, name, path, stat } = found;
    if (stat.type === 'symlink') return exact(found, { type: 'symlink', link: readLinkAt(dirFd, name) });
    if (stat.nlink > 1) {
      const inode = `${stat.dev}:${stat.ino}`;
      const first = this.#names.get(inode);
      if (first !== undefined) return exact(found, { type: 'hardlink', link: first });
      this.#names.set(inode, path);
    }
    if (stat.type === 'char' || stat.type === 'block')
      return exact(found, { type: stat.type, major: stat.rdevMajor, minor: stat.rdevMinor });
    if (stat.type === 'fifo') return exact(found, { type: 'fifo' });
    const made = exact(found, { type: 'file', size: stat.size, ...xattrsOf(found) });
    return stat.size === 0 ? made : { ...made, open: () => openFound(found) };
  }
}

function exact({ path, stat }: Found, more: Pick<Entry, 'type'> & Partial<Entry>): ExactEntry {
  const { mode, uid, gid, mtime, mtimeNsec } = stat;
  return { entry: { path, mode, uid, gid, size: 0, mtime, ...more }, nanoseconds: mtimeNsec };
}

function xattrsOf({ dirFd, name }: Found): Pick<Entry, 'xattrs'> {
  const kept = Object.entries(readXattrs(dirFd, name))
    .filter(([key]) => KEPT_XATTR.test(key))
    .map(([key, value]): [string, string] => [key, Buffer.from(value).toString('base64')]);
  if (kept.length === 0) return {};
  return { xattrs: Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1))) };
}

function openFound({ dirFd, name, path }: Found): ContentReader {
  const fd = openForReading(dirFd, name);
  if (statFd(fd).type !== 'file') {
    closeFd(fd);
    throw new MilleError('io', `'${displayPath(path)}' changed while it was being read`);
  }
  return { read: (buffer) => readInto(fd, buffer), close: () => closeFd(fd) };
}
