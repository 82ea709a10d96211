// Mount points that a runtime had to make because the image lacks them (/etc/resolv.conf, a secret's target) would
// become part of the layer. Only /dev, /proc and /sys stay, as with BuildKit: every container needs them. A mounted stub cannot be written to or removed from inside, so what is found
// afterwards in the upper directory at such a place, empty, is ours to remove; then the directories that are there
// only because of it. The container may have put links anywhere: the upper directory is walked by descriptors that
// follow none.

import { parentPath } from '../../core/index.ts';
import {
  CWD,
  closeFd,
  type FileStat,
  isErrno,
  listDirectory,
  openDirectory,
  readXattrs,
  setTimesAt,
  statAt,
  statFd,
  unlinkAt,
} from '../../sys/index.ts';
import { isOpaque, lookUp, resolveIn, type Stack } from './lower-view.ts';
import type { ContainerSpec } from './spec.ts';

/**
 * Removes from `spec.upper` what the runtime made for mounts on `targets` (clean, relative), deepest first. What
 * the image had, or the container wrote, stays.
 */
export function removeStubs(
  spec: Pick<ContainerSpec, 'upper' | 'lowerBase' | 'lowers'>,
  targets: readonly string[],
): void {
  const stack = spec.lowers.map((name) => `${spec.lowerBase}/${name}`);
  const resolved = targets
    .map((target) => resolveIn(stack, target))
    .filter((target): target is string => target !== undefined && target !== '');
  const deepestFirst = [...new Set(resolved)].sort((a, b) => b.split('/').length - a.split('/').length);
  for (const target of deepestFirst) {
    if (lookUp(stack, target) !== undefined) continue;
    removeIfEmpty(spec.upper, target);
    // What lies on another mount (/dev/pipes) is not in the upper directory, but the place of that mount is.
    for (let parent = parentPath(target); parent !== ''; parent = parentPath(parent)) {
      if (!removeIfUntouched(spec.upper, parent, stack) && isThere(spec.upper, parent)) break;
    }
  }
}

/** Removes an empty directory or an empty regular file. */
function removeIfEmpty(upper: string, path: string): void {
  inParent(upper, path, (fd, name) => {
    const stat = statAt(fd, name);
    if (stat?.type === 'file' && stat.size === 0) unlinkAt(fd, name);
    else if (stat?.type !== 'dir' || !removeEmptyDirectory(fd, name)) return false;
    return true;
  });
}

/** Removes an empty directory that the image lacks, or has just so. */
function removeIfUntouched(upper: string, path: string, stack: Stack): boolean {
  return inParent(upper, path, (fd, name) => {
    const stat = statAt(fd, name);
    if (stat?.type !== 'dir' || isOpaque(fd, name)) return false;
    const before = lookUp(stack, path);
    if (before && !sameDirectory(before.stat, stat)) return false;
    if (!before && hasOwnAttributes(fd, name)) return false;
    return removeEmptyDirectory(fd, name);
  });
}

function isThere(upper: string, path: string): boolean {
  let found = false;
  inParent(upper, path, (fd, name) => {
    found = statAt(fd, name) !== undefined;
    return false;
  });
  return found;
}

function sameDirectory(before: FileStat, now: FileStat): boolean {
  return (
    before.type === 'dir' && before.mode === now.mode && before.uid === now.uid && before.gid === now.gid
  );
}

function hasOwnAttributes(fd: number, name: string): boolean {
  return Object.keys(readXattrs(fd, name)).some((key) => !/^(trusted|user)\.overlay\./.test(key));
}

function removeEmptyDirectory(fd: number, name: string): boolean {
  const directory = openDirectory(fd, name);
  const empty = listDirectory(directory).length === 0;
  closeFd(directory);
  if (empty) unlinkAt(fd, name, { directory: true });
  return empty;
}

/**
 * Calls `action`, which says whether it changed something, with the parent of `path`, reached without following links.
 * @returns its answer; false where there is no such parent
 */
function inParent(upper: string, path: string, action: (fd: number, name: string) => boolean): boolean {
  let fd = openDirectory(CWD, upper);
  try {
    const parts = path.split('/');
    for (const part of parts.slice(0, -1)) {
      const next = openDirectory(fd, part);
      closeFd(fd);
      fd = next;
    }
    const before = statFd(fd);
    const changed = action(fd, parts.at(-1) ?? '');
    // The time the command left it with, not the one of our tidying up.
    if (changed) setTimesAt(fd, '.', { seconds: before.mtime, nanoseconds: before.mtimeNsec });
    return changed;
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'ELOOP')) return false;
    throw error;
  } finally {
    closeFd(fd);
  }
}
