// The files of a context, counted: those that a build may see, and those that are ignored.

import { joinRelative } from '../../core/index.ts';
import type { FileTree } from '../../oci/image/index.ts';
import { CWD, closeFd, isErrno, listDirectory, O, openAt, openInRoot, statAt } from '../../sys/index.ts';

/** Paths that are looked at: beyond, a context is too large for one to know it by its files. */
const MOST = 500_000;

/** Ignored files that are counted. */
const MOST_IGNORED = 100_000;

/** Lists what a build may see, directories left out. */
export function filesOf(tree: FileTree): { readonly paths: readonly string[]; readonly more: boolean } {
  const paths: string[] = [];
  const open = [''];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    const directory = at;
    const entries =
      tree.entries?.(directory) ??
      tree.children(directory).flatMap((name) => tree.get(joinRelative(directory, name)) ?? []);
    for (const { type, path } of entries) {
      if (type === 'dir') open.push(path);
      else if (paths.length >= MOST) return { paths, more: true };
      else paths.push(path);
    }
  }
  return { paths, more: false };
}

/**
 * Counts what a build may not see, the repository's own files left out.
 * @param tree what it may see
 */
export function countIgnored(
  root: string,
  tree: FileTree,
): { readonly files: number; readonly more: boolean } {
  let files = 0;
  const open = [''];
  const rootFd = openAt(CWD, root, { flags: O.RDONLY | O.DIRECTORY });
  try {
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      const directory = at;
      for (const { name, isDirectory } of list(rootFd, directory)) {
        const path = joinRelative(directory, name);
        if (path === '.git') continue;
        if (isDirectory) open.push(path);
        else if (!tree.get(path)) files++;
        if (files >= MOST_IGNORED) return { files, more: true };
      }
    }
    return { files, more: false };
  } finally {
    closeFd(rootFd);
  }
}

function list(rootFd: number, path: string): { readonly name: string; readonly isDirectory: boolean }[] {
  try {
    const fd = openInRoot(rootFd, path, { flags: O.RDONLY | O.DIRECTORY | O.NOFOLLOW });
    try {
      return listDirectory(fd).map((name) => ({ name, isDirectory: statAt(fd, name)?.type === 'dir' }));
    } finally {
      closeFd(fd);
    }
  } catch (error) {
    // What is ignored need not be readable, and may go while it is counted.
    if (isErrno(error, 'EACCES', 'ENOENT', 'ENOTDIR', 'ELOOP')) return [];
    throw error;
  }
}
