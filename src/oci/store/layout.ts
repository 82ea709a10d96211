// Where things lie in a store's directory. The names of the OCI image layout are the spec's; the rest is ours.

import { type Digest, digestHex } from '../../core/index.ts';
import { effectiveUid, makeDirectories } from '../../sys/index.ts';

/** The places in a store, all absolute. */
export interface StorePaths {
  readonly root: string;
  readonly database: string;
  readonly indexFile: string;
  readonly layoutFile: string;
  readonly blobs: string;
  /** Unpacked layers, by the hexadecimal digits of their key. */
  readonly layers: string;
  /** Short links to unpacked layers: overlayfs limits its option string to one page. */
  readonly links: string;
  /** RUN --mount=type=cache. */
  readonly cacheMounts: string;
  /** Git repositories that were fetched, and their checkouts. */
  readonly git: string;
  readonly tmp: string;
  /** Its bytes are locked by whoever relies on something (see claims.ts). */
  readonly claims: string;
  /** Given up when a full disk is tidied up. */
  readonly reserve: string;
  /** Held exclusively while `index.json` is written. */
  readonly indexLock: string;
}

/** The places of the store in `root`. */
export function storePaths(root: string): StorePaths {
  return {
    root,
    database: `${root}/mille.db`,
    indexFile: `${root}/index.json`,
    layoutFile: `${root}/oci-layout`,
    blobs: `${root}/blobs/sha256`,
    layers: `${root}/layers`,
    links: `${root}/l`,
    cacheMounts: `${root}/cache-mounts`,
    git: `${root}/git`,
    tmp: `${root}/tmp`,
    claims: `${root}/claims.lock`,
    reserve: `${root}/reserve`,
    indexLock: `${root}/index.lock`,
  };
}

/** The directories that are made with a store. */
export function storeDirectories(paths: StorePaths): string[] {
  return [paths.blobs, paths.layers, paths.links, paths.cacheMounts, paths.tmp];
}

/** Makes those that are not there. */
export function makeStoreDirectories(paths: StorePaths): void {
  for (const directory of storeDirectories(paths)) makeDirectories(directory);
}

/** The file of a blob, whether it is there or not. */
export function blobFile(paths: StorePaths, digest: Digest): string {
  return `${paths.blobs}/${digestHex(digest)}`;
}

/** The directory of an unpacked layer, whether it is there or not. */
export function layerDirectory(paths: StorePaths, key: Digest): string {
  return `${paths.layers}/${digestHex(key)}`;
}

/**
 * Where the store is unless told otherwise: `MILLE_ROOT`; for root `/var/lib/millefeuille`; for others
 * `$XDG_DATA_HOME/millefeuille` (`~/.local/share/millefeuille`). `rootless` for a user who is root only inside a
 * user namespace.
 */
export function defaultStoreRoot(
  env: Readonly<Record<string, string | undefined>>,
  options: { readonly rootless?: boolean } = {},
): string {
  if (env.MILLE_ROOT) return absolute(env.MILLE_ROOT, env.PWD);
  const rootless = options.rootless ?? effectiveUid() !== 0;
  if (!rootless) return '/var/lib/millefeuille';
  const data = env.XDG_DATA_HOME?.startsWith('/') ? env.XDG_DATA_HOME : `${env.HOME ?? '/'}/.local/share`;
  return `${data.replace(/\/+$/, '')}/millefeuille`;
}

function absolute(path: string, cwd: string | undefined): string {
  const trimmed = path.replace(/(?<=.)\/+$/, '');
  return trimmed.startsWith('/') ? trimmed : `${cwd ?? ''}/${trimmed}`;
}
