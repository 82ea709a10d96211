// A directory of the local disk as a tree that COPY can read: filtered, listed only as far as somebody asks,
// every path opened beneath the root, whatever links are in it or are put there meanwhile.

import {
  baseName,
  type Digest,
  displayPath,
  joinRelative,
  MilleError,
  parentPath,
} from '../../core/index.ts';
import type { ContentReader, FileTree, TreeEntry } from '../../oci/image/index.ts';
import {
  CWD,
  closeFd,
  createHasher,
  type FileStat,
  isErrno,
  listDirectory,
  O,
  openAt,
  openInRoot,
  readInto,
  readLinkAt,
  readXattrs,
  sha256,
  statAt,
  statFd,
} from '../../sys/index.ts';
import type { DigestMemory, ListedName } from './digest-memory.ts';
import type { SignatureStat } from './memory-codec.ts';

/** Decides which paths of a directory exist for the build. */
export interface PathFilter {
  /** Whether a path is left out. Parents are asked before what is in them. */
  excludes(path: string): boolean;
  /** Whether something below an excluded directory may still be let in. */
  mayLetIn(directory: string): boolean;
}

/** Options of `openDirectoryTree`. */
export interface DirectoryTreeOptions {
  readonly filter?: PathFilter;
  readonly memory?: DigestMemory;
}

/** A directory opened as a tree. */
export interface DirectoryTree extends FileTree {
  readonly root: string;
  /** Files whose content had to be read because no memory of them was valid, and their bytes. */
  readonly hashed: { files: number; bytes: number };
  close(): void;
}

interface Listed {
  readonly entry: TreeEntry;
  readonly stat: KeptStat;
}

/** What is kept of a file's stat: whether it is still the same, and that the digest may be remembered, is told by this. */
type KeptStat = SignatureStat & Pick<FileStat, 'type'>;

type Listing = ReadonlyMap<string, Listed>;

// As with Docker, a file's capabilities do not come along from the build context; ADD of an archive keeps them.
const XATTR_KEPT = /^(user\.(?!overlay\.)|trusted\.(?!overlay\.))/;

/**
 * Opens a directory.
 * @throws MilleError `context-missing` where there is no directory or it cannot be read.
 */
export function openDirectoryTree(root: string, options: DirectoryTreeOptions = {}): DirectoryTree {
  const rootFd = openRoot(root);
  const { filter, memory } = options;
  const listings = new Map<string, Listing>();
  const digests = new Map<string, Digest>();
  /** Files whose digest was taken so soon after a change that a further one could have gone unnoticed. */
  const unsettled = new Set<string>();
  let opened: { readonly path: string; readonly fd: number } | undefined;
  let last: { readonly path: string; readonly listing: Listing } | undefined;
  const hashed = { files: 0, bytes: 0 };
  const top: TreeEntry = { ...entryOf('', statFd(rootFd)), mode: statFd(rootFd).mode };

  function list(path: string): Listing {
    const known = listings.get(path);
    if (known) return known;
    const found = new Map<string, Listed>();
    listings.set(path, found);
    const fd = openInRoot(rootFd, path, { flags: O.RDONLY | O.DIRECTORY | O.NOFOLLOW });
    try {
      for (const name of listDirectory(fd)) {
        const child = joinRelative(path, name);
        const excluded = filter?.excludes(child) ?? false;
        if (excluded && !filter?.mayLetIn(child)) continue;
        const stat = statAt(fd, name);
        // A file that vanished since the listing was never there.
        if (!stat) continue;
        if (excluded && (stat.type !== 'dir' || list(child).size === 0)) continue;
        const entry = describe(fd, { directory: path, name }, { path: child, stat });
        found.set(name, { entry, stat: kept(stat) });
      }
    } finally {
      closeFd(fd);
    }
    return found;
  }

  function describe(fd: number, file: ListedName, at: { path: string; stat: FileStat }): TreeEntry {
    const { path, stat } = at;
    const entry = entryOf(path, stat);
    if (stat.type === 'symlink') return { ...entry, link: readLinkAt(fd, file.name) };
    const remembered = stat.type === 'file' ? memory?.recall(file, stat) : undefined;
    if (remembered)
      return remembered.xattrs ? { ...entry, ...remembered } : withDigest(entry, remembered.digest);
    const xattrs = keptXattrs(fd, file.name);
    return xattrs ? { ...entry, xattrs } : entry;
  }

  function find(path: string): Listed | undefined {
    const slash = path.lastIndexOf('/');
    const parent = slash < 0 ? '' : path.slice(0, slash);
    // Files come directory by directory: their parents need not be gone through again for each.
    if (last?.path !== parent) {
      if (parent !== '' && find(parent)?.stat.type !== 'dir') return undefined;
      last = { path: parent, listing: list(parent) };
    }
    return last.listing.get(path.slice(slash + 1));
  }

  /** Opens a file as it was listed. That it still is what it was then is for its reader to see, at the end. */
  function openFile(path: string): { fd: number; stat: KeptStat } {
    const listed = find(path);
    if (listed?.stat.type !== 'file') throw new Error(`not a file of the tree: ${path}`);
    const flags = O.RDONLY | O.NOFOLLOW | O.NONBLOCK;
    return { fd: openAt(directoryFd(parentPath(path)), baseName(path), { flags }), stat: listed.stat };
  }

  /** The directory of the last file stays open: the next one is most likely beside it. */
  function directoryFd(path: string): number {
    if (path === '') return rootFd;
    if (opened?.path !== path) {
      const fd = openInRoot(rootFd, path, { flags: O.PATH | O.DIRECTORY | O.NOFOLLOW });
      if (opened) closeFd(opened.fd);
      opened = { path, fd };
    }
    return opened.fd;
  }

  return {
    root,
    hashed,
    get: (path) => (path === '' ? top : find(path)?.entry),
    children: (path) => (path === '' || find(path)?.stat.type === 'dir' ? [...list(path).keys()] : []),
    entries(path) {
      if (path !== '' && find(path)?.stat.type !== 'dir') return [];
      return Array.from(list(path).values(), (listed) => listed.entry);
    },
    digest(path) {
      const known = find(path)?.entry.digest ?? digests.get(path);
      if (known) return known;
      const { fd, stat } = openFile(path);
      try {
        const digest = hashFile(fd, stat.size);
        if (!sameFile(statFd(fd), stat)) throw changed(path);
        digests.set(path, digest);
        hashed.files++;
        hashed.bytes += stat.size;
        const { xattrs } = find(path)!.entry;
        const file = { directory: parentPath(path), name: baseName(path) };
        const kept = memory?.remember(file, stat, xattrs ? { digest, xattrs } : { digest });
        if (!kept) unsettled.add(path);
        return digest;
      } finally {
        closeFd(fd);
      }
    },
    settledDigest: (path) =>
      find(path)?.entry.digest ?? (unsettled.has(path) ? undefined : digests.get(path)),
    open(path) {
      if (find(path)?.stat.type === 'socket') return { read: () => 0, close() {} };
      const { fd, stat } = openFile(path);
      return readerOf(fd, stat.size, () => {
        if (!sameFile(statFd(fd), stat)) throw changed(path);
      });
    },
    localPath: (path) => (find(path)?.stat.type === 'file' ? `${root}/${path}` : undefined),
    close() {
      memory?.save();
      if (opened) closeFd(opened.fd);
      opened = undefined;
      closeFd(rootFd);
    },
  };
}

function openRoot(root: string): number {
  try {
    return openAt(CWD, root, { flags: O.RDONLY | O.DIRECTORY });
  } catch (error) {
    if (!isErrno(error, 'ENOENT', 'ENOTDIR', 'EACCES')) throw error;
    const why = isErrno(error, 'ENOENT')
      ? 'does not exist'
      : isErrno(error, 'ENOTDIR')
        ? 'is not a directory'
        : 'cannot be read';
    throw new MilleError('context-missing', `the build context '${displayPath(root)}' ${why}`, {
      hint: "the last argument is the directory whose files COPY can use, often '.'",
    });
  }
}

function entryOf(path: string, stat: FileStat): TreeEntry {
  // As with Docker, a socket is copied as an empty file.
  if (stat.type === 'socket') return { ...entryOf(path, { ...stat, type: 'file', size: 0 }), digest: EMPTY };
  const base = {
    path,
    type: stat.type as TreeEntry['type'],
    mode: stat.mode,
    uid: stat.uid,
    gid: stat.gid,
    size: stat.type === 'file' ? stat.size : 0,
    mtime: stat.mtime,
  };
  if (stat.type === 'char' || stat.type === 'block')
    return { ...base, major: stat.rdevMajor, minor: stat.rdevMinor };
  return stat.type === 'file' && stat.nlink > 1 ? { ...base, inode: `${stat.dev}:${stat.ino}` } : base;
}

/** Written out: it is made for every file. */
function withDigest(entry: TreeEntry, digest: Digest): TreeEntry {
  const { path, type, mode, uid, gid, size, mtime, inode } = entry;
  return inode === undefined
    ? { path, type, mode, uid, gid, size, mtime, digest }
    : { path, type, mode, uid, gid, size, mtime, inode, digest };
}

function keptXattrs(fd: number, name: string): Record<string, string> | undefined {
  const kept = Object.entries(readXattrs(fd, name)).filter(([key]) => XATTR_KEPT.test(key));
  if (kept.length === 0) return undefined;
  return Object.fromEntries(kept.map(([key, value]) => [key, Buffer.from(value).toString('base64')]));
}

function kept({ type, dev, ino, size, mtime, mtimeNsec, ctime, ctimeNsec }: FileStat): KeptStat {
  return { type, dev, ino, size, mtime, mtimeNsec, ctime, ctimeNsec };
}

function sameFile(a: SignatureStat, b: SignatureStat): boolean {
  return (
    a.ino === b.ino &&
    a.dev === b.dev &&
    a.size === b.size &&
    a.mtime === b.mtime &&
    a.mtimeNsec === b.mtimeNsec &&
    a.ctime === b.ctime &&
    a.ctimeNsec === b.ctimeNsec
  );
}

function changed(path: string): MilleError {
  return new MilleError('io', `'${displayPath(path)}' changed while the build was reading it`, {
    hint: 'run the build again; what was already built is kept',
  });
}

const EMPTY = sha256('');

const chunk = new Uint8Array(1 << 18);

/** The digest of a file of `size` bytes; who calls sees to it that it has that size still. */
function hashFile(fd: number, size: number): Digest {
  if (size < chunk.length) {
    // Most files, in one call: a hasher of its own for each would be garbage of some kilobytes.
    let have = 0;
    for (let count = -1; have < size && count !== 0; have += count)
      count = readInto(fd, chunk.subarray(have, size));
    return sha256(chunk.subarray(0, have));
  }
  const hasher = createHasher();
  for (let count = readInto(fd, chunk); count > 0; count = readInto(fd, chunk))
    hasher.update(chunk.subarray(0, count));
  return hasher.digest();
}

/** Reads `size` bytes, then looks whether the file is still as it was listed: there is then nothing beyond. */
function readerOf(fd: number, size: number, atEnd: () => void): ContentReader {
  let open = true;
  let left = size;
  return {
    read(buffer) {
      if (left === 0 || buffer.length === 0) return 0;
      const count = readInto(fd, buffer.length > left ? buffer.subarray(0, left) : buffer);
      left -= count;
      if (left === 0 || count === 0) atEnd();
      return count;
    },
    close() {
      if (open) closeFd(fd);
      open = false;
    },
  };
}
