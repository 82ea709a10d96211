// What a stack of unpacked layers shows of one path before a container runs in it, by overlayfs's own rules: the
// topmost layer that has a name decides, a whiteout or anything but a directory ends the search, an opaque
// directory hides what is below it. Nothing is followed; links are for the caller to resolve.

import {
  CWD,
  closeFd,
  type FileStat,
  O,
  openAt,
  openDirectory,
  readLinkAt,
  readXattr,
  statAt,
} from '../../sys/index.ts';

/** A file as a stack shows it. */
export interface LowerFile {
  readonly stat: FileStat;
  /** Target of a symbolic link. */
  readonly link?: string;
}

/** Directories of a stack, top first, as absolute paths. */
export type Stack = readonly string[];

/** Looks up clean relative path `path`, of which no part may be a link. Undefined where the stack shows nothing. */
export function lookUp(stack: Stack, path: string): LowerFile | undefined {
  // The short names of layers are links, made by the store.
  let fds = stack.map((directory) => openAt(CWD, directory, { flags: O.RDONLY | O.DIRECTORY }));
  try {
    const parts = path.split('/');
    for (const part of parts.slice(0, -1)) {
      const next = descend(fds, part);
      for (const fd of fds) closeFd(fd);
      fds = next;
    }
    return topmost(fds, parts.at(-1) ?? '');
  } finally {
    for (const fd of fds) closeFd(fd);
  }
}

function topmost(fds: readonly number[], name: string): LowerFile | undefined {
  for (const fd of fds) {
    const stat = statAt(fd, name);
    if (!stat) continue;
    if (isWhiteout(stat)) return undefined;
    return stat.type === 'symlink' ? { stat, link: readLinkAt(fd, name) } : { stat };
  }
  return undefined;
}

/** The directories that make up the merged directory `name`. */
function descend(fds: readonly number[], name: string): number[] {
  const out: number[] = [];
  for (const fd of fds) {
    const stat = statAt(fd, name);
    if (!stat) continue;
    if (stat.type !== 'dir') break;
    out.push(openDirectory(fd, name));
    if (isOpaque(fd, name)) break;
  }
  return out;
}

function isWhiteout(stat: FileStat): boolean {
  return stat.type === 'char' && stat.rdevMajor === 0 && stat.rdevMinor === 0;
}

/** Whether overlayfs hides what lower layers have in this directory. */
export function isOpaque(dirFd: number, name: string): boolean {
  return ['trusted.overlay.opaque', 'user.overlay.opaque'].some(
    (key) => readXattr(dirFd, name, key)?.[0] === 'y'.charCodeAt(0),
  );
}

const MAX_LINKS = 40;

/**
 * Resolves a path as a process with this stack as root would, links included; the parts after the first one that
 * does not exist are kept as they are. Undefined for a loop of links.
 */
export function resolveIn(stack: Stack, path: string): string | undefined {
  const pending = path.split('/').reverse();
  const done: string[] = [];
  for (let links = 0; pending.length > 0; ) {
    const part = pending.pop();
    if (part === '' || part === '.' || part === undefined) continue;
    if (part === '..') {
      done.pop();
      continue;
    }
    const file = lookUp(stack, [...done, part].join('/'));
    if (file?.link === undefined) {
      done.push(part);
      continue;
    }
    if (++links > MAX_LINKS) return undefined;
    if (file.link.startsWith('/')) done.length = 0;
    pending.push(...file.link.split('/').reverse());
  }
  return done.join('/');
}
