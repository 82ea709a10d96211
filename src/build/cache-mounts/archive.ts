// The archive of caches: a tar of trees (see `oci/layer`) with a document at its begin that says what comes, and one
// at its end with the digests of what came. Without its end an archive is not whole.
//
//   millefeuille-cache.json   {"format": 1, "mounts": [IDENTITY, …]}
//   mounts/0/data/…           the content of the first one, further copies in data-1 and so on
//   digests.json              {"mounts": [{"digest", "files", "bytes"}, …]}

import { displayPath, MilleError } from '../../core/index.ts';
import type { TreeSummary } from '../../oci/layer/index.ts';
import { type MountIdentity, parseIdentity } from './identity.ts';

export const HEAD = 'millefeuille-cache.json';
export const TAIL = 'digests.json';
const FORMAT = 1;

/** Caches that one archive may hold. */
const MOST = 100_000;

/** The error for a file that is no archive of caches, or not one of this program's. */
export function badArchive(why: string): MilleError {
  return new MilleError('archive-broken', `this is no archive of cache mounts: ${why}`, {
    hint: '`mille cache export --mounts` writes such archives; images are read by `mille load`',
  });
}

/** The document at the begin. */
export function headText(mounts: readonly MountIdentity[]): string {
  return `${JSON.stringify({ format: FORMAT, mounts })}\n`;
}

/** Reads it. @throws MilleError `archive-broken` */
export function readHead(text: string): readonly MountIdentity[] {
  const { format, mounts } = parse(text);
  if (format !== FORMAT)
    throw badArchive(`its format is ${JSON.stringify(format)}, this mille knows ${FORMAT}`);
  if (!Array.isArray(mounts) || mounts.length > MOST) throw badArchive(`${HEAD} lists no mounts`);
  return mounts.map((value) => {
    const identity = parseIdentity(value);
    if (!identity) throw badArchive(`${HEAD} describes a mount that cannot be`);
    return identity;
  });
}

/** The document at the end. */
export function tailText(mounts: readonly TreeSummary[]): string {
  return `${JSON.stringify({ mounts })}\n`;
}

/** Reads it. @throws MilleError `archive-broken` */
export function readTail(text: string): readonly TreeSummary[] {
  const { mounts } = parse(text);
  const isSummary = (value: unknown) => {
    const { digest, files, bytes } = (value ?? {}) as Partial<Record<keyof TreeSummary, unknown>>;
    return typeof digest === 'string' && typeof files === 'number' && typeof bytes === 'number';
  };
  if (!Array.isArray(mounts) || !mounts.every(isSummary)) throw badArchive(`${TAIL} lists no digests`);
  return mounts as TreeSummary[];
}

function parse(text: string): Record<string, unknown> {
  try {
    return Object(JSON.parse(text)) as Record<string, unknown>;
  } catch {
    throw badArchive('what should be JSON is not');
  }
}

/** The tree that holds a mount. */
export function treeName(index: number): string {
  return `mounts/${index}`;
}

/** The tree a path of the archive belongs to; undefined for a document. @throws MilleError `archive-broken` */
export function treeOf(path: string): string | undefined {
  if (path === HEAD || path === TAIL) return undefined;
  const tree = /^(mounts\/(?:0|[1-9]\d{0,5}))\/data(?:-[1-9]\d{0,5})?(?:\/|$)/.exec(path)?.[1];
  if (tree !== undefined) return tree;
  throw badArchive(`it holds '${displayPath(path.slice(0, 200))}'`);
}
