// What a command changed: an overlayfs upper directory read as entries of a layer. Deletions are given name by
// name, also those of directories that overlayfs marked opaque: every tool understands these, and a directory
// that was removed and made again says exactly what is gone.

import { displayPath, joinRelative, MilleError } from '../../core/index.ts';
import {
  CWD,
  closeFd,
  type FileStat,
  listDirectory,
  O,
  openAt,
  openDirectory,
  openInRoot,
  readInto,
  readLinkAt,
  readXattr,
  readXattrs,
  statAt,
  statFd,
} from '../../sys/index.ts';
import type { ContentReader, Entry } from '../image/index.ts';
import { OVERLAY_XATTR } from './tar/name.ts';
import type { LayerSourceEntry, MergedTree } from './types.ts';

/** How to read an upper directory. */
export interface UpperOptions {
  /** What the layers below showed to the command. */
  readonly lower: MergedTree;
  /** Where overlayfs keeps its own attributes, as it was mounted (`user` with userxattr). */
  readonly overlayXattr: 'trusted' | 'user';
  /** Paths that are left out with all that is below them (mount points, files made for the command). */
  readonly omit?: (path: string) => boolean;
}

/** Attributes that belong to a layer; others are the machine's (security.selinux, system.*). */
const KEPT_XATTR = /^(user\.|security\.capability$|trusted\.)/;

/**
 * The changes in an overlayfs upper directory in canonical order: parents first, names sorted. The root comes as
 * an entry only where its mode or owner differs from the layers below. Sockets are left out. Everything is read
 * when it is asked for; nothing may change meanwhile.
 * @throws SystemError; Error where the overlay was mounted with redirect_dir or metacopy
 */
export function* upperEntries(upperDir: string, options: UpperOptions): IterableIterator<LayerSourceEntry> {
  const walk = new UpperWalk(upperDir, options);
  const fd = openAt(CWD, upperDir, { flags: O.RDONLY | O.DIRECTORY });
  try {
    yield* walk.root(fd);
    yield* walk.directory(fd, '', walk.isOpaque(CWD, upperDir));
  } finally {
    closeFd(fd);
  }
}

class UpperWalk {
  readonly #upperDir: string;
  readonly #options: UpperOptions;
  readonly #prefix: string;
  /** First names of files with several, by device and inode. */
  readonly #names = new Map<string, string>();

  constructor(upperDir: string, options: UpperOptions) {
    this.#upperDir = upperDir;
    this.#options = options;
    this.#prefix = `${options.overlayXattr}.overlay.`;
  }

  isOpaque(dirFd: number, name: string): boolean {
    return readXattr(dirFd, name, `${this.#prefix}opaque`)?.[0] === 0x79;
  }

  *root(fd: number): IterableIterator<LayerSourceEntry> {
    const stat = statFd(fd);
    const { mode = 0o755, uid = 0, gid = 0 } = this.#options.lower.get('')?.entry ?? {};
    if (stat.mode === mode && stat.uid === uid && stat.gid === gid) return;
    yield { entry: { ...common('', stat), type: 'dir' } };
  }

  /** @param hiding whether what the layers below have here is hidden */
  *directory(fd: number, path: string, hiding: boolean): IterableIterator<LayerSourceEntry> {
    const names = new Set(listDirectory(fd));
    const below = hiding ? this.#options.lower.children(path) : [];
    for (const name of below.length === 0 ? names : [...new Set([...names, ...below])].sort()) {
      const child = joinRelative(path, name);
      if (this.#options.omit?.(child)) continue;
      const stat = names.has(name) ? statAt(fd, name) : undefined;
      if (stat && !this.#isWhiteout(fd, name, stat))
        yield* this.#existing({ fd, name, path: child, stat, hiding });
      else if (this.#options.lower.get(child)) yield { entry: whiteout(child) };
    }
  }

  *#existing(found: {
    fd: number;
    name: string;
    path: string;
    stat: FileStat;
    hiding: boolean;
  }): IterableIterator<LayerSourceEntry> {
    const { fd, name, path, stat } = found;
    if (stat.type === 'socket') return;
    if (stat.type !== 'dir') {
      yield this.#leaf(fd, name, { path, stat });
      return;
    }
    const opaque = this.isOpaque(fd, name);
    yield { entry: { ...common(path, stat), type: 'dir', ...this.#xattrs(fd, name, path) } };
    const inner = openDirectory(fd, name);
    try {
      // What replaced a file, and what is in an opaque directory, hides the same name below without a mark.
      yield* this.directory(inner, path, found.hiding || opaque);
    } finally {
      closeFd(inner);
    }
  }

  #leaf(fd: number, name: string, at: { path: string; stat: FileStat }): LayerSourceEntry {
    const { path, stat } = at;
    const base = common(path, stat);
    if (stat.type === 'symlink') return { entry: { ...base, type: 'symlink', link: readLinkAt(fd, name) } };
    // Not for symbolic links: some programs, having made a hard link to one, set the mode of what it points to.
    if (stat.nlink > 1) {
      const inode = `${stat.dev}:${stat.ino}`;
      const first = this.#names.get(inode);
      if (first !== undefined) return { entry: { ...base, type: 'hardlink', size: 0, link: first } };
      this.#names.set(inode, path);
    }
    if (stat.type === 'char' || stat.type === 'block')
      return { entry: { ...base, type: stat.type, major: stat.rdevMajor, minor: stat.rdevMinor } };
    if (stat.type === 'fifo') return { entry: { ...base, type: 'fifo' } };
    const entry: Entry = { ...base, type: 'file', size: stat.size, ...this.#xattrs(fd, name, path) };
    return { entry, open: () => openBelow(this.#upperDir, path) };
  }

  #isWhiteout(fd: number, name: string, stat: FileStat): boolean {
    if (stat.type === 'char') return stat.rdevMajor === 0 && stat.rdevMinor === 0;
    // The other form, which containers inside a container make (kernel 6.7).
    return (
      stat.type === 'file' && stat.size === 0 && readXattr(fd, name, `${this.#prefix}whiteout`) !== undefined
    );
  }

  #xattrs(fd: number, name: string, path: string): Pick<Entry, 'xattrs'> {
    const kept: [string, string][] = [];
    for (const [key, value] of Object.entries(readXattrs(fd, name))) {
      if (key === `${this.#prefix}redirect` || key === `${this.#prefix}metacopy`) {
        throw new Error(
          `${displayPath(path)} has ${key}: the overlay must be mounted with redirect_dir=off,metacopy=off`,
        );
      }
      if (KEPT_XATTR.test(key) && !OVERLAY_XATTR.test(key))
        kept.push([key, Buffer.from(value).toString('base64')]);
    }
    if (kept.length === 0) return {};
    return { xattrs: Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1))) };
  }
}

function common(path: string, stat: FileStat): Omit<Entry, 'type'> {
  const { mode, uid, gid, mtime } = stat;
  return { path, mode, uid, gid, size: 0, mtime };
}

function whiteout(path: string): Entry {
  return { path, type: 'whiteout', mode: 0, uid: 0, gid: 0, size: 0, mtime: 0 };
}

/** Reads a file below a directory, never through a link. */
function openBelow(directory: string, path: string): ContentReader {
  const root = openAt(CWD, directory, { flags: O.RDONLY | O.DIRECTORY });
  let fd: number;
  try {
    fd = openInRoot(root, path, { flags: O.RDONLY | O.NOFOLLOW | O.NONBLOCK });
  } finally {
    closeFd(root);
  }
  if (statFd(fd).type !== 'file') {
    closeFd(fd);
    throw new MilleError('io', `'${displayPath(path)}' changed while it was being read`);
  }
  return { read: (buffer) => readInto(fd, buffer), close: () => closeFd(fd) };
}
