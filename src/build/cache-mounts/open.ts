// A cache's directory for a build that is about to use it.

import type { Digest } from '../../core/index.ts';
import type { Held, Store } from '../../oci/store/index.ts';
import { CWD, makeDirectories, setTimesAt, statAt, writeFileAtomically } from '../../sys/index.ts';
import { identityText, type MountIdentity, mountHash, mountPath } from './identity.ts';

/** A cache that nobody removes until it is released. */
export interface OpenMount extends Held {
  readonly hash: Digest;
  /** Absolute. Its content is in `data`, private copies in `data-1` and so on, each with a lock beside it. */
  readonly directory: string;
}

/** The directory of a cache, made where it is missing; its content is the caller's business. */
export function openMount(store: Store, identity: MountIdentity): OpenMount {
  const hash = mountHash(identity);
  // Claimed first: from here on it is either there or missing, and never about to go.
  const held = store.claims.hold(hash);
  try {
    const directory = mountPath(store, hash);
    if (!statAt(CWD, `${directory}/about.json`)) {
      makeDirectories(directory, 0o700);
      writeFileAtomically(`${directory}/about.json`, `${identityText(identity)}\n`);
    }
    return { hash, directory, release: held.release };
  } catch (error) {
    held.release();
    throw error;
  }
}

/** The lock beside a content (absolute path). */
export function lockOf(data: string): string {
  return `${data}.lock`;
}

/** Says, for whoever holds the lock of a content, that it is used: its size may be another one from now on. */
export function markUsed(data: string): void {
  const now = performance.timeOrigin + performance.now();
  const seconds = Math.floor(now / 1000);
  setTimesAt(CWD, lockOf(data), { seconds, nanoseconds: Math.floor((now - seconds * 1000) * 1e6) });
}

/** The name of a content in a cache's directory. */
export const CONTENT = /^data(?:-[1-9]\d*)?$/;
