// Everything is made in a directory of this process below tmp/ and renamed into place. The directory is locked by
// the process that made it, so that the next one to write can tell what a killed process left and remove it.

import {
  CWD,
  closeFd,
  isErrno,
  listDirectory,
  lockFd,
  mkdirAt,
  O,
  openAt,
  openDirectory,
  ownProcessId,
  removeTree,
  statAt,
  statFd,
  unlinkAt,
} from '../../sys/index.ts';
import type { Held } from './claims.ts';
import type { StorePaths } from './layout.ts';
import { isPartial, sweepPartials } from './partial.ts';

/** A temporary directory inside the store's file system. */
export interface Temporary {
  readonly path: string;
  /** Removes it with all it holds; what was renamed away stays. Twice is fine. */
  remove(): void;
}

/** The area of one open store for things in the making. */
export interface Workspace {
  /** A fresh name (absolute, nothing there yet) for a file in the making. */
  freshPath(prefix: string): string;
  makeTemporary(prefix: string): Temporary;
  /** Waits for a lock that all processes on this store know by the same name (a file name). */
  lockName(name: string): Promise<Held>;
  /** How many temporary directories of this process there are: whatever is in the making there. */
  readonly temporaries: number;
  /** The name below tmp/ of what this process makes, if there is any. */
  readonly ownName: string | undefined;
  /** Removes all that killed processes left, and what was kept of blobs that were cut, however long it takes. */
  sweep(): void;
  close(): void;
}

/** Ends the names of files that are locked by `lockName`. */
const LOCK_SUFFIX = '.lock';

/** Milliseconds after which the removal of leftovers is left to the next process. */
const SWEEP_LIMIT = 3000;

/** Makes the workspace of a store; it takes nothing on disk before its first use. */
export function createWorkspace(paths: StorePaths): Workspace {
  let own: { path: string; fd: number } | undefined;
  let counter = 0;
  const live = new Set<string>();

  const directory = () => {
    if (!own) {
      sweep(paths.tmp, SWEEP_LIMIT);
      sweepPartials(paths.tmp, false);
      own = makeLocked(paths.tmp);
    }
    return own.path;
  };
  const freshPath = (prefix: string) => `${directory()}/${prefix}-${++counter}`;

  return {
    freshPath,
    get ownName() {
      return own?.path.slice(paths.tmp.length + 1);
    },
    makeTemporary: (prefix) => {
      const path = freshPath(prefix);
      mkdirAt(CWD, path, 0o700);
      live.add(path);
      return {
        path,
        remove: () => {
          removeTree(CWD, path);
          live.delete(path);
        },
      };
    },
    get temporaries() {
      return live.size;
    },
    lockName: async (name) => {
      const path = `${paths.tmp}/${name}${LOCK_SUFFIX}`;
      const fd = await lockFile(path);
      return {
        release: () => {
          // Unlinked while still locked: whoever waits for this file notices and makes a new one.
          unlinkAt(CWD, path);
          closeFd(fd);
        },
      };
    },
    sweep: () => {
      sweep(paths.tmp, Number.POSITIVE_INFINITY);
      sweepPartials(paths.tmp, true);
    },
    close: () => {
      if (!own) return;
      removeTree(CWD, own.path);
      closeFd(own.fd);
      own = undefined;
    },
  };
}

const POLL_MILLISECONDS = 20;

async function lockFile(path: string): Promise<number> {
  for (;;) {
    const fd = openAt(CWD, path, { flags: O.RDWR | O.CREAT, mode: 0o644 });
    while (!lockFd(fd, { exclusive: true, wait: false })) {
      // Not a waiting flock: it would stop this whole process, and the holder may be another task of it.
      await new Promise((resolve) => setTimeout(resolve, POLL_MILLISECONDS));
    }
    if (statAt(CWD, path)?.ino === statFd(fd).ino) return fd;
    closeFd(fd);
  }
}

/** Makes a directory that this process has locked. */
function makeLocked(tmp: string): { path: string; fd: number } {
  for (;;) {
    const path = `${tmp}/${ownProcessId()}-${crypto.randomUUID().slice(0, 8)}`;
    mkdirAt(CWD, path, 0o700);
    let fd: number;
    try {
      fd = openDirectory(CWD, path);
    } catch (error) {
      if (isErrno(error, 'ENOENT')) continue;
      throw error;
    }
    // Between mkdir and lock a sweeper may have taken it for a leftover: then it is gone, and we try again.
    if (lockFd(fd, { exclusive: true, wait: false }) && statAt(CWD, path)?.ino === statFd(fd).ino) {
      return { path, fd };
    }
    closeFd(fd);
  }
}

/** Removes what killed processes left, as far as the time limit allows. */
function sweep(tmp: string, limit: number): void {
  const deadline = performance.now() + limit;
  const tmpFd = openDirectory(CWD, tmp);
  try {
    for (const name of listDirectory(tmpFd)) {
      if (isPartial(name)) continue;
      if (name.endsWith(LOCK_SUFFIX)) sweepLock(tmpFd, name);
      else sweepOne(tmpFd, name, deadline);
      if (performance.now() > deadline) return;
    }
  } finally {
    closeFd(tmpFd);
  }
}

/** A lock of a killed process. Nobody removes the file of this name but who has locked it, so it is still the same. */
function sweepLock(tmpFd: number, name: string): void {
  let fd: number | undefined;
  try {
    fd = openAt(tmpFd, name, { flags: O.RDWR });
    if (!lockFd(fd, { exclusive: true, wait: false })) return;
    if (statAt(tmpFd, name)?.ino === statFd(fd).ino) unlinkAt(tmpFd, name);
  } catch {
    // Released meanwhile, or not ours to remove.
  } finally {
    if (fd !== undefined) closeFd(fd);
  }
}

function sweepOne(tmpFd: number, name: string, deadline: number): void {
  let fd: number | undefined;
  try {
    // Nobody makes a file here: it is what somebody put into the place, or what a program of another version left.
    if (statAt(tmpFd, name)?.type !== 'dir') {
      unlinkAt(tmpFd, name);
      return;
    }
    fd = openDirectory(tmpFd, name);
    if (!lockFd(fd, { exclusive: true, wait: false })) return;
    for (const child of listDirectory(fd)) {
      removeTree(fd, child);
      if (performance.now() > deadline) return;
    }
    removeTree(tmpFd, name);
  } catch {
    // Another sweeper was faster, or the leftover cannot be removed by us: neither is this process's concern.
  } finally {
    if (fd !== undefined) closeFd(fd);
  }
}
