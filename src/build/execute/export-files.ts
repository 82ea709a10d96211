// The final file system of a build as a tar or as a directory, without layers: `-o type=tar` and `-o type=local`.

import { baseName, parentPath } from '../../core/index.ts';
import { bytesReader, type Entry } from '../../oci/image/index.ts';
import { type LayerSourceEntry, type MergedEntry, writeLayer } from '../../oci/layer/index.ts';
import type { Store } from '../../oci/store/index.ts';
import {
  CWD,
  chmodAt,
  closeFd,
  isErrno,
  linkAt,
  makeDirectories,
  mkdirAt,
  O,
  openAt,
  openInRoot,
  removeTree,
  setTimesAt,
  statAt,
  symlinkAt,
  writeAll,
} from '../../sys/index.ts';
import { mergedSources } from './merged-source.ts';
import { mergedTree, type Snapshot, type SnapshotFiles, snapshotFiles } from './snapshot.ts';

/** Files to be written somewhere. */
export interface FilesToExport {
  readonly snapshot: Snapshot;
  /** The directory that they are put into, which is made; the top where there is none. */
  readonly below?: string;
  /** Put beside the others, in the place of one of the same name. */
  readonly more?: readonly MadeFile[];
}

/** A small file that is in no layer. */
export interface MadeFile {
  /** A single name. */
  readonly name: string;
  readonly content: Uint8Array;
  /** Seconds since the epoch. */
  readonly mtime: number;
}

/** Writes files as one tar. @param time of the directories that are made, seconds since the epoch */
export async function exportTar(
  store: Store,
  all: readonly FilesToExport[],
  { sink, time = 0 }: { readonly sink: (bytes: Uint8Array) => void; readonly time?: number | undefined },
): Promise<void> {
  await writeLayer(allTarEntries(store, all, time), sink, { trustDigests: true });
}

async function* allTarEntries(
  store: Store,
  all: readonly FilesToExport[],
  time: number,
): AsyncGenerator<LayerSourceEntry> {
  for (const { snapshot, below, more = [] } of all) {
    const files = snapshotFiles(store, snapshot);
    try {
      await files.ready();
      if (below !== undefined) yield { entry: directoryEntry(below, time) };
      const prefix = below === undefined ? '' : `${below}/`;
      const replaced = new Set(more.map(({ name }) => name));
      const walk = mergedTree(store, snapshot).walk();
      yield* tarEntries(without(walk, replaced), files, prefix);
      for (const file of more) yield madeEntry(file, prefix);
    } finally {
      files.close();
    }
  }
}

function* tarEntries(
  walk: Iterable<MergedEntry>,
  files: SnapshotFiles,
  prefix: string,
): Generator<LayerSourceEntry> {
  const source = mergedSources(files);
  for (const found of walk) {
    if (found.entry.path === '') continue;
    const made = source(found);
    yield prefix === '' ? made : { ...made, entry: movedEntry(made.entry, prefix) };
  }
}

function* without(walk: Iterable<MergedEntry>, names: ReadonlySet<string>): Generator<MergedEntry> {
  for (const found of walk) {
    const { path } = found.entry;
    const top = path.includes('/') ? path.slice(0, path.indexOf('/')) : path;
    if (!names.has(top)) yield found;
  }
}

function madeEntry({ name, content, mtime }: MadeFile, prefix: string): LayerSourceEntry {
  const entry: Entry = {
    ...{ path: `${prefix}${name}`, type: 'file', mode: MADE_MODE, uid: 0, gid: 0 },
    ...{ size: content.length, mtime },
  };
  return { entry, open: () => bytesReader(content) };
}

/** As BuildKit writes attestations. */
const MADE_MODE = 0o600;

function movedEntry(entry: Entry, prefix: string): Entry {
  const link = entry.type === 'hardlink' ? { link: `${prefix}${entry.link}` } : {};
  return { ...entry, path: `${prefix}${entry.path}`, ...link };
}

function directoryEntry(path: string, mtime: number): Entry {
  return { path, type: 'dir', mode: 0o755, uid: 0, gid: 0, size: 0, mtime };
}

/**
 * Writes a snapshot's files into a directory, over what is there: the files belong to this process's user, as with
 * Docker; device nodes are left out and counted.
 */
export async function exportDirectory(
  store: Store,
  { snapshot, more = [] }: Omit<FilesToExport, 'below'>,
  directory: string,
): Promise<{ files: number; skipped: number }> {
  const files = snapshotFiles(store, snapshot);
  makeDirectories(directory);
  const rootFd = openAt(CWD, directory, { flags: O.RDONLY | O.DIRECTORY });
  const inodes = new Map<string, string>();
  const count = { files: 0, skipped: 0 };
  const times: Entry[] = [];
  try {
    await files.ready();
    for (const { entry, inode } of mergedTree(store, snapshot).walk()) {
      if (entry.path === '') continue;
      if (entry.type === 'char' || entry.type === 'block' || entry.type === 'fifo') {
        count.skipped++;
        continue;
      }
      const first = inode === undefined ? undefined : inodes.get(inode);
      writeEntry({ rootFd, files }, entry, first);
      if (inode !== undefined && first === undefined) inodes.set(inode, entry.path);
      if (entry.type === 'dir') times.unshift(entry);
      count.files++;
    }
    for (const file of more) writeMade(rootFd, file);
    for (const entry of times) {
      inParent(rootFd, entry.path, (dirFd, name) => setTimesAt(dirFd, name, { seconds: entry.mtime }));
    }
    return count;
  } finally {
    closeFd(rootFd);
    files.close();
  }
}

function writeMade(dirFd: number, { name, content, mtime }: MadeFile): void {
  if (statAt(dirFd, name)) removeTree(dirFd, name);
  const fd = openAt(dirFd, name, { flags: O.WRONLY | O.CREAT | O.EXCL | O.NOFOLLOW, mode: MADE_MODE });
  try {
    writeAll(fd, content);
  } finally {
    closeFd(fd);
  }
  setTimesAt(dirFd, name, { seconds: mtime });
}

/** Opens the parent of a path beneath the root, whatever links are in the way, and works there. */
function inParent<T>(rootFd: number, path: string, work: (dirFd: number, name: string) => T): T {
  const dirFd = openInRoot(rootFd, parentPath(path), { flags: O.RDONLY | O.DIRECTORY });
  try {
    return work(dirFd, baseName(path));
  } finally {
    closeFd(dirFd);
  }
}

function writeEntry(
  to: { rootFd: number; files: SnapshotFiles },
  entry: Entry,
  first: string | undefined,
): void {
  inParent(to.rootFd, entry.path, (dirFd, name) => {
    const existing = statAt(dirFd, name);
    if (entry.type === 'dir') {
      if (existing && existing.type !== 'dir') removeTree(dirFd, name);
      if (existing?.type !== 'dir') mkdirAt(dirFd, name);
      chmodAt(dirFd, name, entry.mode);
      return;
    }
    if (existing) removeTree(dirFd, name);
    if (entry.type === 'symlink') {
      symlinkAt(entry.link ?? '', dirFd, name);
    } else if (first !== undefined) {
      inParent(to.rootFd, first, (fromFd, fromName) =>
        linkAt({ dirFd: fromFd, name: fromName }, { dirFd, name }),
      );
    } else {
      writeFile(to.files, entry, { dirFd, name });
    }
    setTimesAt(dirFd, name, { seconds: entry.mtime });
  });
}

function writeFile(files: SnapshotFiles, entry: Entry, place: { dirFd: number; name: string }): void {
  const fd = openAt(place.dirFd, place.name, {
    flags: O.WRONLY | O.CREAT | O.EXCL | O.NOFOLLOW,
    mode: 0o600,
  });
  const reader = files.tree.open(entry.path);
  try {
    const buffer = new Uint8Array(1 << 18);
    for (let n = reader.read(buffer); n > 0; n = reader.read(buffer)) writeAll(fd, buffer.subarray(0, n));
  } finally {
    reader.close();
    closeFd(fd);
  }
  try {
    chmodAt(place.dirFd, place.name, entry.mode);
  } catch (error) {
    if (!isErrno(error, 'EPERM')) throw error;
    chmodAt(place.dirFd, place.name, entry.mode & 0o777);
  }
}
