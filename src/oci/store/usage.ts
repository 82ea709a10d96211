// What everything in a store's directory takes of the disk. The parts add up to the whole: what none of them claims is
// counted by its name.

import { type Digest, isDigest } from '../../core/index.ts';
import { bytesOnDisk, CWD, closeFd, diskUsage, isErrno, lockFd, O, openAt, statAt } from '../../sys/index.ts';
import { blobFile } from './layout.ts';
import { namesIn } from './names-in.ts';
import { isPartial } from './partial.ts';
import type { Place } from './place.ts';
import { carriersOf } from './references.ts';
import { layerStamp, sizeOf } from './sizes.ts';
import { lastUse } from './uses.ts';

/** A blob, or a file among the blobs that is none. */
export interface BlobUsage {
  readonly digest: Digest;
  readonly bytes: number;
  /** When it was written, milliseconds since the epoch. */
  readonly made: number;
}

/** An unpacked layer. */
export interface UnpackedUsage {
  readonly key: Digest;
  /** The stack whose top it is, bottom first; a layer that leans on nothing stands alone. */
  readonly diffIds: readonly Digest[];
  readonly bytes: number;
  readonly files: number;
  /** Milliseconds since the epoch. */
  readonly used: number;
  readonly inUse: boolean;
}

/** What a process makes, or left when it was killed. */
export interface TemporaryUsage {
  readonly name: string;
  readonly bytes: number;
  readonly inUse: boolean;
}

/** What something with a name in the store's directory takes. */
export interface NamedUsage {
  readonly name: string;
  readonly bytes: number;
}

/** What a store takes. */
export interface StoreUsage {
  readonly blobs: readonly BlobUsage[];
  /** By diffID: the blobs that carry a layer, in the order in which they are tried. */
  readonly carriers: ReadonlyMap<Digest, readonly Digest[]>;
  readonly unpacked: readonly UnpackedUsage[];
  readonly temporary: readonly TemporaryUsage[];
  /** The database with its log. */
  readonly database: number;
  /** Everything else, by its name in the store's directory; the parts above but for what they hold. */
  readonly others: readonly NamedUsage[];
}

const DATABASE = /^mille\.db(?:-wal|-shm|-journal)?$/;

/** Measures the store at `place`, but for the directories named, whose owners measure them. */
export function measureStore(place: Place, elsewhere: readonly string[]): StoreUsage {
  const { paths } = place;
  const others: NamedUsage[] = [{ name: '.', bytes: bytesAt(paths.root) }];
  let database = 0;
  for (const name of namesIn(paths.root)) {
    const path = `${paths.root}/${name}`;
    if (DATABASE.test(name)) database += bytesAt(path);
    else if (name === 'blobs') others.push({ name, bytes: bytesAt(path) + strangersAmongBlobs(paths.blobs) });
    else if (path === paths.layers) others.push({ name, bytes: bytesAt(path) });
    else if (path === paths.tmp) others.push({ name, bytes: bytesAt(path) + ownBytes(place) });
    else if (!elsewhere.includes(name)) others.push({ name, bytes: diskUsage(path).bytes });
  }
  return {
    blobs: blobsIn(place),
    carriers: carriersOf(place.db),
    unpacked: unpackedIn(place),
    temporary: temporaryIn(place),
    database,
    others: others.filter(({ bytes }) => bytes > 0),
  };
}

function bytesAt(path: string): number {
  const stat = statAt(CWD, path);
  return stat ? bytesOnDisk(stat) : 0;
}

/** The directory of the blobs, and whatever is in it that has no digest for a name. */
function strangersAmongBlobs(directory: string): number {
  const strangers = namesIn(directory).filter((name) => !isDigest(`sha256:${name}`));
  const beside = directory.slice(0, directory.lastIndexOf('/'));
  const algorithms = namesIn(beside).filter((name) => `${beside}/${name}` !== directory);
  return [
    bytesAt(directory),
    ...strangers.map((name) => diskUsage(`${directory}/${name}`).bytes),
    ...algorithms.map((name) => diskUsage(`${beside}/${name}`).bytes),
  ].reduce((sum, bytes) => sum + bytes, 0);
}

function blobsIn({ paths }: Place): BlobUsage[] {
  return namesIn(paths.blobs).flatMap((name) => {
    const digest = `sha256:${name}`;
    if (!isDigest(digest)) return [];
    const stat = statAt(CWD, blobFile(paths, digest));
    return stat ? [{ digest, bytes: bytesOnDisk(stat), made: stat.mtime * 1000 }] : [];
  });
}

function unpackedIn(place: Place): UnpackedUsage[] {
  const { db, claims, paths } = place;
  const rows = db.all<{ key: Digest; diff_ids: string }>('SELECT key, diff_ids FROM unpacked');
  const known = new Map(rows.map(({ key, diff_ids }) => [key, diff_ids.split(' ') as Digest[]]));
  return namesIn(paths.layers).flatMap((name) => {
    const key = `sha256:${name}` as Digest;
    const directory = layerStamp(place, name);
    if (!directory) return [];
    const used =
      lastUse(db, `unpacked:${key}`) ?? (statAt(CWD, `${paths.layers}/${name}`)?.ctime ?? 0) * 1000;
    const inUse = isDigest(key) && claims.isClaimed(`unpacked:${key}`);
    return [{ key, diffIds: known.get(key) ?? [], ...sizeOf(place, directory), used, inUse }];
  });
}

/** Directories that are locked belong to somebody at work; that of whoever measures is no news to anybody. */
function temporaryIn({ paths, workspace }: Place): TemporaryUsage[] {
  const names = namesIn(paths.tmp).filter((name) => name !== workspace.ownName);
  return names.map((name) => {
    const path = `${paths.tmp}/${name}`;
    return { name, bytes: diskUsage(path).bytes, inUse: isLocked(path) };
  });
}

/** Names of what processes that were killed left below tmp/. */
export function leftIn({ paths, workspace }: Place): string[] {
  return namesIn(paths.tmp).filter(
    (name) => name !== workspace.ownName && !isPartial(name) && !isLocked(`${paths.tmp}/${name}`),
  );
}

function ownBytes({ paths, workspace }: Place): number {
  return workspace.ownName === undefined ? 0 : diskUsage(`${paths.tmp}/${workspace.ownName}`).bytes;
}

function isLocked(path: string): boolean {
  let fd: number;
  try {
    fd = openAt(CWD, path, { flags: O.RDONLY | O.NOFOLLOW | O.NONBLOCK });
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ELOOP', 'ENXIO')) return false;
    throw error;
  }
  try {
    return !lockFd(fd, { exclusive: false, wait: false });
  } finally {
    closeFd(fd);
  }
}
