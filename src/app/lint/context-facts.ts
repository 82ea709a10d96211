// What lies in a directory that is to be a build's context, for the rules that look at it. Names and sizes only: nothing is
// opened but directories, nothing is hashed.

import { joinRelative } from '../../core/index.ts';
import type { ContextFacts, ContextFile } from '../../insight/lint/index.ts';
import { createIgnoreMatcher, type IgnoreMatcher, type IgnoreRules } from '../../lang/ignore/index.ts';
import { CWD, closeFd, isErrno, listDirectory, O, openAt, openInRoot, statAt } from '../../sys/index.ts';

/** Files that are looked at; beyond, rules say nothing of what may be missing. */
const MOST_FILES = 200_000;

/** Paths that are remembered of what is left out. */
const MOST_HIDDEN = 10_000;

/** What to look at. */
export interface ContextToRead {
  /** Absolute. */
  readonly directory: string;
  readonly rules: IgnoreRules | undefined;
  /** The ignore file as people are to read it. */
  readonly ignoreFile: string;
}

/** Walks through a context. What cannot be read is left out. @throws nothing for a directory that is not there */
export function readContextFacts({ directory, rules, ignoreFile }: ContextToRead): ContextFacts | undefined {
  let root: number;
  try {
    root = openAt(CWD, directory, { flags: O.RDONLY | O.DIRECTORY });
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR', 'EACCES')) return undefined;
    throw error;
  }
  try {
    const walk = { root, matcher: rules && createIgnoreMatcher(rules), ...empty() };
    const more = walkAll(walk);
    const { files, directories, hidden } = walk;
    return {
      files,
      directories,
      hidden,
      more,
      ignoreFile: { path: ignoreFile, exists: rules !== undefined },
    };
  } finally {
    closeFd(root);
  }
}

interface Walk {
  readonly root: number;
  readonly matcher: IgnoreMatcher | undefined;
  readonly files: ContextFile[];
  readonly directories: string[];
  readonly hidden: string[];
}

function empty(): Pick<Walk, 'files' | 'directories' | 'hidden'> {
  return { files: [], directories: [], hidden: [] };
}

/** @returns whether there is more than is looked at */
function walkAll(walk: Walk): boolean {
  const { matcher, files, directories, hidden } = walk;
  const open: { readonly path: string; readonly ignored: boolean }[] = [{ path: '', ignored: false }];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const { name, bytes, isDirectory } of list(walk.root, at.path)) {
      const path = joinRelative(at.path, name);
      const ignored = matcher?.isIgnored(path) ?? false;
      if (ignored && !at.ignored && hidden.length < MOST_HIDDEN) hidden.push(path);
      if (isDirectory) {
        if (!ignored) directories.push(path);
        if (!ignored || matcher?.mayContainIncluded(path)) open.push({ path, ignored });
      } else if (!ignored) {
        if (files.length >= MOST_FILES) return true;
        files.push({ path, bytes });
      }
    }
  }
  return false;
}

interface Listed {
  readonly name: string;
  readonly bytes: number;
  readonly isDirectory: boolean;
}

function list(root: number, path: string): readonly Listed[] {
  try {
    const fd = openInRoot(root, path === '' ? '.' : path, { flags: O.RDONLY | O.DIRECTORY | O.NOFOLLOW });
    try {
      return listDirectory(fd)
        .sort()
        .flatMap((name): Listed[] => {
          const stat = statAt(fd, name);
          if (!stat) return [];
          const isDirectory = stat.type === 'dir';
          return [{ name, isDirectory, bytes: stat.type === 'file' ? stat.size : 0 }];
        });
    } finally {
      closeFd(fd);
    }
  } catch (error) {
    // It may go while it is looked at, and need not be readable.
    if (isErrno(error, 'EACCES', 'ENOENT', 'ENOTDIR', 'ELOOP')) return [];
    throw error;
  }
}
