// Whether a part of the build context can be shown as it lies on the disk: nothing hidden, every file as it was when
// the step's key was made, all of it root's (as files of the context are inside), and on one file system.

import { joinRelative } from '../../core/index.ts';
import type { TreeEntry } from '../../oci/image/index.ts';
import {
  CWD,
  closeFd,
  createHasher,
  type FileStat,
  type Hasher,
  isErrno,
  listDirectory,
  O,
  openAt,
  openInRoot,
  readLinkAt,
  statAt,
  statFd,
} from '../../sys/index.ts';
import type { Selection } from './select-sources.ts';

/** A file or directory of the host that can be mounted. */
export interface HostView {
  readonly place: {
    readonly source: string;
    readonly directory: boolean;
    readonly dev: number;
    readonly ino: number;
  };
  /** Differs when any file below changed. */
  readonly signature: string;
}

/**
 * Looks at what a selection shows on the disk, every path opened beneath the context's root.
 * @param root absolute path of the context
 * @returns undefined where it is not just what the tree shows
 */
export function hostView(root: string, selection: Selection): HostView | undefined {
  const rootFd = openAt(CWD, root, { flags: O.RDONLY | O.DIRECTORY });
  try {
    const { path, type } = selection.root;
    if (type !== 'dir' && type !== 'file') return undefined;
    const fd = openInRoot(rootFd, path, { flags: O.PATH | O.NOFOLLOW });
    try {
      const stat = statFd(fd);
      const source = readLinkAt(CWD, `/proc/self/fd/${fd}`);
      // The name is given to programs as an argument, and stands for what is there now.
      if (!isAsListed(stat, selection.root) || !/^\/[^\n\udc80-\udcff]*$/.test(source)) return undefined;
      const hasher = createHasher();
      note(hasher, '', stat);
      const same = type === 'file' || sameBelow({ rootFd, dev: stat.dev, selection, hasher }, path);
      if (!same) return undefined;
      const { dev, ino } = stat;
      return { place: { source, directory: type === 'dir', dev, ino }, signature: hasher.digest() };
    } finally {
      closeFd(fd);
    }
  } catch (error) {
    // Something went away meanwhile: then it is not what the tree shows.
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES')) return undefined;
    throw error;
  } finally {
    closeFd(rootFd);
  }
}

interface Walk {
  readonly rootFd: number;
  readonly dev: number;
  readonly selection: Selection;
  readonly hasher: Hasher;
}

function sameBelow(walk: Walk, directory: string): boolean {
  const { tree } = walk.selection;
  const fd = openInRoot(walk.rootFd, directory, { flags: O.RDONLY | O.DIRECTORY | O.NOFOLLOW });
  const directories: string[] = [];
  try {
    const names = listDirectory(fd);
    const shown = tree.children(directory);
    if (names.length !== shown.length) return false;
    for (const [i, name] of names.entries()) {
      const path = joinRelative(directory, name);
      const entry = name === shown[i] ? tree.get(path) : undefined;
      const stat = entry && statAt(fd, name);
      if (!entry || !stat || stat.dev !== walk.dev || !isAsListed(stat, entry)) return false;
      note(walk.hasher, path, stat);
      if (stat.type === 'dir') directories.push(path);
    }
  } finally {
    closeFd(fd);
  }
  return directories.every((path) => sameBelow(walk, path));
}

function isAsListed(stat: FileStat, entry: TreeEntry): boolean {
  return (
    stat.type === entry.type &&
    stat.mode === entry.mode &&
    stat.uid === 0 &&
    stat.gid === 0 &&
    stat.mtime === entry.mtime &&
    (stat.type !== 'file' || stat.size === entry.size)
  );
}

function note(hasher: Hasher, path: string, stat: FileStat): void {
  const { ino, size, mtime, mtimeNsec, ctime, ctimeNsec } = stat;
  const times = `${mtime}.${mtimeNsec} ${ctime}.${ctimeNsec}`;
  hasher.update(Buffer.from(`${path}\0${ino} ${size} ${times}\n`));
}
