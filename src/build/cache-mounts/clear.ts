// Caches removed, the whole of each in one step, so that a build finds all of it or nothing.

import type { Digest } from '../../core/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { CWD, removeTree, renameAt, statAt } from '../../sys/index.ts';
import { mountPath } from './identity.ts';
import { forgetUses } from './users.ts';

/** Removes caches. @returns those that are gone; those that somebody uses stay */
export function clearMounts(store: Store, hashes: readonly Digest[]): Digest[] {
  return hashes.filter((hash) => clearMount(store, hash));
}

function clearMount(store: Store, hash: Digest): boolean {
  const directory = mountPath(store, hash);
  const away = store.claims.removing((take) => {
    if (!take(hash)) return undefined;
    const path = store.freshPath('removed');
    if (statAt(CWD, directory)) renameAt({ dirFd: CWD, name: directory }, { dirFd: CWD, name: path });
    return path;
  });
  if (away === undefined) return false;
  removeTree(CWD, away);
  forgetMount(store, hash);
  return true;
}

/** Forgets what was known of a cache that is gone, or another one now. */
function forgetMount(store: Store, hash: Digest): void {
  forgetUses(store.db, hash);
  store.forgetSize(mountPath(store, hash).slice(store.root.length + 1));
}
