// What tells two caches apart. A cache's directory is named by the hash of it, so that no id leads anywhere.

import { type Digest, digestHex, isDigest } from '../../core/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { sha256 } from '../../sys/index.ts';

/** What tells two caches apart. */
export interface MountIdentity {
  readonly id: string;
  /** The content that a new one begins with, as a digest; '' for an empty directory. */
  readonly origin: string;
  /** A new one is a copy of this directory of `origin`. */
  readonly path?: string;
  /** A new one is empty and looks like this. */
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
}

/** The identity as a text, always the same for the same. */
export function identityText({ id, origin, path, mode, uid, gid }: MountIdentity): string {
  return JSON.stringify({ id, origin, ...(path === undefined ? { mode, uid, gid } : { path }) });
}

/** The hash that a cache is known by. */
export function mountHash(identity: MountIdentity): Digest {
  return sha256(identityText(identity));
}

/** The directory of a cache (absolute), there or not. */
export function mountPath(store: Store, hash: Digest): string {
  return `${store.paths.cacheMounts}/${digestHex(hash)}`;
}

const LONGEST = 4096;

/** Reads an identity that came from a file; undefined for anything that no cache could have. */
export function parseIdentity(value: unknown): MountIdentity | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { id, origin, path, mode, uid, gid } = value as Record<string, unknown>;
  if (!isText(id) || !isText(origin) || (origin !== '' && !isDigest(origin))) return undefined;
  if (path !== undefined) return isText(path) ? { id, origin, path } : undefined;
  if (!isNumber(mode, 0o7777) || !isNumber(uid, LARGEST_ID) || !isNumber(gid, LARGEST_ID)) return undefined;
  return { id, origin, mode, uid, gid };
}

const LARGEST_ID = 0xfffffffe;

function isText(value: unknown): value is string {
  return typeof value === 'string' && value.length <= LONGEST;
}

function isNumber(value: unknown, most: number): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= most;
}
