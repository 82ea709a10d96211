// What builds fetched and the store keeps: repositories of git, and files by HTTP.

import { type Digest, isDigest } from '../../core/index.ts';
import { type Store, stampOf } from '../../oci/store/index.ts';
import {
  CWD,
  closeFd,
  type DiskUsage,
  diskUsage,
  isErrno,
  lockFd,
  namesIn,
  O,
  openAt,
  statAt,
} from '../../sys/index.ts';
import { removeUnheld, USE_LOCK } from './git/hold.ts';
import { HTTP_KEY } from './http-file.ts';

/** A repository that is kept, with its checkouts. */
export interface KeptRepository {
  /** The name of its directory. */
  readonly name: string;
  readonly size: DiskUsage;
  /** Milliseconds since the epoch. */
  readonly lastUsed: number;
  readonly inUse: boolean;
}

/** All repositories that are kept. */
export function keptRepositories(store: Store): KeptRepository[] {
  return namesIn(store.paths.git).flatMap((name) => {
    const place = `${store.paths.git}/${name}`;
    if (statAt(CWD, place)?.type !== 'dir') return [];
    const parts = [
      place,
      ...namesIn(`${place}/checkouts`).map((checkout) => `${place}/checkouts/${checkout}`),
    ];
    const stats = parts.map((path) => statAt(CWD, path));
    const lastUsed = Math.max(...stats.map((stat) => stat?.mtime ?? 0)) * 1000;
    // In this order: who uses one holds it before setting its time and changing it.
    const stamp = stats.map((stat) => stat && `${stampOf(stat)} ${stat.mtime}.${stat.mtimeNsec}`).join(' ');
    const inUse = parts.some(isHeld);
    const size = inUse ? diskUsage(place) : store.sizeOf({ name: `git/${name}`, stamp });
    return [{ name, size, lastUsed, inUse }];
  });
}

/** Removes a repository by its name; false where a build uses it. */
export function removeRepository(store: Store, name: string): boolean {
  const place = `${store.paths.git}/${name}`;
  const checkouts = namesIn(`${place}/checkouts`).map((checkout) => `${place}/checkouts/${checkout}`);
  if (checkouts.some(isHeld) || !removeUnheld({ store }, place)) return false;
  store.forgetSize(`git/${name}`);
  return true;
}

/** Files by HTTP that are kept as blobs: for each the keys under which it is remembered, which hold no URL. */
export function keptDownloads(store: Store): ReadonlyMap<Digest, readonly string[]> {
  const found = new Map<Digest, string[]>();
  for (const [key, value] of store.values(HTTP_KEY)) {
    const digest = digestOf(value);
    if (digest !== undefined) found.set(digest, [...(found.get(digest) ?? []), key]);
  }
  return found;
}

/** Forgets files by HTTP; their blobs go with the next collection. */
export function forgetDownloads(store: Store, keys: readonly string[]): void {
  for (const key of keys) store.forgetValue(key);
}

function digestOf(value: string): Digest | undefined {
  try {
    const { digest } = JSON.parse(value) as { digest?: unknown };
    return typeof digest === 'string' && isDigest(digest) ? digest : undefined;
  } catch {
    return undefined;
  }
}

function isHeld(path: string): boolean {
  let fd: number;
  try {
    fd = openAt(CWD, `${path}/${USE_LOCK}`, { flags: O.RDWR });
  } catch (error) {
    if (isErrno(error, 'ENOENT', 'ENOTDIR')) return false;
    throw error;
  }
  try {
    return !lockFd(fd, { exclusive: true, wait: false });
  } finally {
    closeFd(fd);
  }
}
