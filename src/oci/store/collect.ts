// Removing what nobody needs any more, beside whoever works on the store: what somebody claims stays, and goes with a
// later collection. The order makes a kill at any point harmless.

import { type Digest, isDigest } from '../../core/index.ts';
import { bytesOnDisk, CWD, removeTree, renameAt, statAt } from '../../sys/index.ts';
import type { Take } from './claims.ts';
import { blobFile } from './layout.ts';
import { namesIn } from './names-in.ts';
import type { Place } from './place.ts';
import type { Kept, References, Roots } from './references.ts';
import { type RemovedUnpacked, removeUnpacked } from './remove-unpacked.ts';

/** What a collection removed. */
export interface Collected {
  readonly blobs: readonly { readonly digest: Digest; readonly bytes: number }[];
  /** How many layers. */
  readonly layers: number;
  readonly unpacked: RemovedUnpacked;
}

/** Things that are taken, and given up again, together: taking is quick, and so is waiting for it. */
const BATCH = 128;

/** A blob that may go, and the layer that it carries. */
interface Candidate {
  readonly digest: Digest;
  readonly diffId?: Digest;
}

/** Removes blobs, layers and unpacked directories that no image, no root and nobody at work needs. */
export function collect(place: Place, references: References, roots: Roots): Collected {
  // Reads the documents of images before anybody is kept waiting.
  const kept = references.kept(roots);
  const unpacked = removeUnpacked(place, orphans(place, kept));
  let layers = 0;
  const blobs: { digest: Digest; bytes: number }[] = [];
  const fresh = () => references.kept(roots);
  for (const batch of batches(candidates(place, kept))) {
    const gone = place.claims.removing((take) => {
      const chosen = dropRows(place, batch, { take, fresh });
      layers += chosen.layers;
      return hide(place, chosen.blobs);
    });
    for (const { path, digest, bytes } of gone) {
      removeTree(CWD, path);
      blobs.push({ digest, bytes });
    }
  }
  return { blobs, layers, unpacked };
}

/** Unpacked forms that stand on a layer that nothing needs, and directories that nobody knows. */
function orphans({ db, paths }: Place, kept: Kept): string[] {
  const rows = db.all<{ key: string; diff_ids: string }>('SELECT key, diff_ids FROM unpacked');
  const known = new Set(rows.map(({ key }) => key.slice(7)));
  const needless = rows.filter((row) => !row.diff_ids.split(' ').every((id) => kept.diffIds.has(id)));
  const strangers = namesIn(paths.layers).filter((name) => !known.has(name));
  return [...needless.map(({ key }) => key.slice(7)), ...strangers];
}

function candidates({ db, paths }: Place, kept: Kept): Candidate[] {
  const rows = db.all<{ digest: Digest; diff_id: Digest }>('SELECT digest, diff_id FROM layer_blobs');
  const carriers = new Map(rows.map(({ digest, diff_id }) => [digest, diff_id]));
  const listed = namesIn(paths.blobs).map((name) => `sha256:${name}`);
  const lost = rows.map(({ digest }) => digest);
  const digests = new Set(
    [...listed, ...lost].filter((digest) => isDigest(digest) && !kept.blobs.has(digest)),
  );
  return [...(digests as Set<Digest>)].map((digest) => {
    const diffId = carriers.get(digest);
    return diffId === undefined ? { digest } : { digest, diffId };
  });
}

function* batches<T>(all: readonly T[]): Generator<readonly T[]> {
  for (let at = 0; at < all.length; at += BATCH) yield all.slice(at, at + BATCH);
}

/**
 * Forgets layers and the blobs that carry them, rows before files: a file without a row is harmless. The database is
 * locked first and things are taken inside: nobody who has taken something ever waits for the database.
 */
function dropRows(
  { db }: Place,
  batch: readonly Candidate[],
  { take, fresh }: { readonly take: Take; readonly fresh: () => Kept },
): { readonly blobs: readonly Digest[]; readonly layers: number } {
  return db.transaction(() => {
    // What came to be needed meanwhile stays: whoever made it so claims it no more.
    const kept = fresh();
    const blobs: Digest[] = [];
    let layers = 0;
    for (const { digest, diffId } of batch) {
      if (kept.blobs.has(digest) || !take(digest)) continue;
      const carries = diffId ?? carriedBy(db, digest);
      // Who relies on the layer may read it from any of its blobs.
      if (carries !== undefined && (!take(carries) || isNeededBelow(db, carries, digest))) continue;
      blobs.push(digest);
      db.run('DELETE FROM layer_blobs WHERE digest = ?', digest);
      if (carries === undefined || db.get('SELECT 1 FROM layer_blobs WHERE diff_id = ?', carries)) continue;
      layers += db.run('DELETE FROM layers WHERE diff_id = ?', carries);
    }
    return { blobs, layers };
  });
}

/**
 * Whether a layer would be lost with a blob that something unpacked stands on: somebody made that since the unpacked ones
 * were looked at, or uses it. It goes with a later collection.
 */
function isNeededBelow(db: Place['db'], diffId: Digest, blob: Digest): boolean {
  const isLast = !db.get('SELECT 1 FROM layer_blobs WHERE diff_id = ? AND digest <> ?', diffId, blob);
  return isLast && db.get('SELECT 1 FROM unpacked WHERE instr(diff_ids, ?) > 0', diffId) !== undefined;
}

function carriedBy(db: Place['db'], digest: Digest): Digest | undefined {
  return db.get<{ diff_id: Digest }>('SELECT diff_id FROM layer_blobs WHERE digest = ?', digest)?.diff_id;
}

/** Away in one step each, so that the place is free before the bytes are. */
function hide({ paths, workspace }: Place, digests: readonly Digest[]) {
  return digests.flatMap((digest) => {
    const file = blobFile(paths, digest);
    const stat = statAt(CWD, file);
    if (!stat) return [];
    const path = workspace.freshPath('removed');
    renameAt({ dirFd: CWD, name: file }, { dirFd: CWD, name: path });
    return [{ path, digest, bytes: bytesOnDisk(stat) }];
  });
}
