// The caches there are.

import { type Digest, digestOfHex, isDigest } from '../../core/index.ts';
import { type Store, stampOf } from '../../oci/store/index.ts';
import { CWD, type DiskUsage, diskUsage, namesIn, readSmallFile, statAt } from '../../sys/index.ts';
import { type MountIdentity, mountPath, parseIdentity } from './identity.ts';
import { CONTENT, lockOf } from './open.ts';
import { type MountUse, usesOf } from './users.ts';

/** A cache. */
export interface MountInfo {
  readonly hash: Digest;
  /** Absent where its `about.json` is missing or says something else. */
  readonly identity?: MountIdentity;
  /** Absolute. */
  readonly directory: string;
  /** Contents: one, and one more for each build that wanted one for itself at the same time. */
  readonly copies: number;
  /** All of it on disk; files are those of the contents. */
  readonly size: DiskUsage;
  /** Milliseconds since the epoch. */
  readonly lastUsed: number;
  /** Whether a build uses it just now. */
  readonly inUse: boolean;
  /** The latest first. */
  readonly uses: readonly MountUse[];
}

/** All caches of a store, by their hashes. */
export function listMounts(store: Store): MountInfo[] {
  return namesIn(store.paths.cacheMounts)
    .filter((name) => isDigest(`sha256:${name}`))
    .flatMap((name) => describeMount(store, digestOfHex(name)) ?? []);
}

/** One cache; undefined where there is none. */
export function describeMount(store: Store, hash: Digest): MountInfo | undefined {
  const directory = mountPath(store, hash);
  if (statAt(CWD, directory)?.type !== 'dir') return undefined;
  const identity = readIdentity(directory);
  const contents = contentsOf(directory);
  // In this order: a build claims a cache before it gives it another stamp and changes it, so that what it changes
  // from here on is either seen to be in use or measured again next time.
  const { stamp, lastUsed } = stampAndTime(directory, contents);
  const inUse = store.claims.isClaimed(hash);
  const name = directory.slice(store.root.length + 1);
  const { bytes, files } = inUse ? diskUsage(directory) : store.sizeOf({ name, stamp });
  const own = namesIn(directory).length - contents.length;
  return {
    hash,
    ...(identity ? { identity } : {}),
    directory,
    copies: contents.length,
    size: { bytes, files: Math.max(0, files - own) },
    lastUsed,
    inUse,
    uses: usesOf(store.db, hash),
  };
}

/** The contents of a cache (absolute directory), by name. */
export function contentsOf(directory: string): string[] {
  return namesIn(directory).filter(
    (name) => CONTENT.test(name) && statAt(CWD, `${directory}/${name}`)?.type === 'dir',
  );
}

const LARGEST_ABOUT = 65536;

function readIdentity(directory: string): MountIdentity | undefined {
  try {
    const bytes = readSmallFile(CWD, `${directory}/about.json`, LARGEST_ABOUT);
    return parseIdentity(JSON.parse(Buffer.from(bytes).toString()));
  } catch {
    return undefined;
  }
}

/** Who uses a content sets the time of its lock first. */
function stampAndTime(directory: string, contents: readonly string[]): { stamp: string; lastUsed: number } {
  let lastUsed = 0;
  const stamps = contents.map((name) => {
    const data = statAt(CWD, `${directory}/${name}`);
    const lock = statAt(CWD, lockOf(`${directory}/${name}`));
    for (const stat of [data, lock]) lastUsed = Math.max(lastUsed, (stat?.mtime ?? 0) * 1000);
    return `${name} ${data && stampOf(data)} ${lock?.mtime}.${lock?.mtimeNsec}`;
  });
  if (lastUsed === 0) lastUsed = (statAt(CWD, directory)?.mtime ?? 0) * 1000;
  return { stamp: stamps.join('\n'), lastUsed };
}
