// Cache mounts as people name and see them.

import type { BuildRecord } from '../../build/cache/index.ts';
import { listMounts, type MountInfo } from '../../build/cache-mounts/index.ts';
import { digestHex, MilleError, suggest } from '../../core/index.ts';
import type { Store } from '../../oci/store/index.ts';
import type { CacheMount, CacheMountUser } from './types.ts';

/** A cache mount, and what the store says of it. */
export interface FoundMount {
  readonly info: MountInfo;
  readonly mount: CacheMount;
}

/** All cache mounts of a store, the latest used first. What says nothing of itself, or was never filled, is left out. */
export function findMounts(store: Store, builds: readonly BuildRecord[]): FoundMount[] {
  return listMounts(store)
    .flatMap((info) => (info.identity && info.copies > 0 ? [{ info, mount: describe(info, builds) }] : []))
    .sort((a, b) => b.mount.lastUsed - a.mount.lastUsed || (a.mount.id < b.mount.id ? -1 : 1));
}

function describe(info: MountInfo, builds: readonly BuildRecord[]): CacheMount {
  const { id, origin, path, mode = 0o755, uid = 0, gid = 0 } = info.identity!;
  const { hash, directory, size, copies, lastUsed, inUse } = info;
  return {
    id: hash,
    name: id,
    directory,
    begins: path === undefined ? { mode, uid, gid } : { content: origin, path },
    ...size,
    ...{ copies, lastUsed, inUse },
    users: info.uses.map((use) => userOf(use, builds)),
  };
}

/** The build itself, or the latest of the same project. */
function userOf(use: MountInfo['uses'][number], builds: readonly BuildRecord[]): CacheMountUser {
  // Builds with clamped times have a scope of their own within the project's.
  const scope = use.scope.replace(/@.*$/, '');
  const build = builds.find(({ id }) => id === use.build) ?? builds.find((one) => one.scope === scope);
  const { step, used } = use;
  return { ...(build ? { dockerfile: build.dockerfile, context: build.context } : {}), step, used };
}

const SHORTEST = 4;

/**
 * The mounts that were named: by their name, their id, or the first digits of the id.
 * @throws MilleError `cache-missing`, with near names; `usage` for a name that several have
 */
export function chooseMounts(all: readonly FoundMount[], names: readonly string[]): FoundMount[] {
  const chosen = names.map((name) => choose(all, name));
  return [...new Set(chosen)];
}

function choose(all: readonly FoundMount[], name: string): FoundMount {
  const called = all.filter(({ mount }) => mount.name === name);
  const digits = name.replace(/^sha256:/, '');
  const begun = /^[0-9a-f]+$/.test(digits) && digits.length >= SHORTEST;
  const found =
    called.length > 0
      ? called
      : begun
        ? all.filter(({ mount }) => digestHex(mount.id).startsWith(digits))
        : [];
  if (found.length === 1) return found[0]!;
  if (found.length === 0) throw missing(all, name);
  const ids = found.map(({ mount }) => digestHex(mount.id).slice(0, 12)).join(', ');
  throw new MilleError('usage', `${found.length} cache mounts are called '${name}': ${ids}`, {
    hint: 'write the id of the one that is meant; `mille cache ls` tells them apart',
  });
}

function missing(all: readonly FoundMount[], name: string): MilleError {
  const names = all.map(({ mount }) => mount.name);
  const near = suggest(name, names);
  return new MilleError('cache-missing', `no such cache mount: ${name}`, {
    hint:
      near === undefined
        ? names.length === 0
          ? 'there are none: RUN --mount=type=cache makes them'
          : '`mille cache ls` lists those there are'
        : `did you mean ${near}?`,
  });
}
