// Every blob against its name, and every layer against what is remembered of it.

import { type Digest, isDigest } from '../../../core/index.ts';
import { CWD, decompress, readChunks, statAt } from '../../../sys/index.ts';
import type { Entry, TableOfContents } from '../../image/index.ts';
import { decodeToc, scanLayer } from '../../layer/index.ts';
import { verified } from '../blobs.ts';
import { blobFile } from '../layout.ts';
import { namesIn } from '../names-in.ts';
import type { Place } from '../place.ts';
import { type Owners, remedyFor } from './owners.ts';
import type { StoreProblem, VerifyOptions } from './problem.ts';

interface LayerRow {
  readonly diff_id: Digest;
  readonly digest: Digest | null;
  readonly blob_size: number | null;
}

/** Names among the blobs that no blob has, and files that are none. */
export function checkStrangers({ paths }: Place): StoreProblem[] {
  return namesIn(paths.blobs).flatMap((name): StoreProblem[] => {
    const digest = `sha256:${name}`;
    const type = statAt(CWD, `${paths.blobs}/${name}`)?.type;
    if (type === undefined || (isDigest(digest) && type === 'file')) return [];
    const message = `'${name}' among the blobs is none`;
    if (isDigest(digest)) {
      const remedy = "'mille store verify --repair' removes it";
      return [{ kind: 'blob', subject: digest, message, remedy, repairable: true }];
    }
    const subject = `blobs/sha256/${name}`;
    return [{ kind: 'stranger', subject, message, remedy: 'move it elsewhere', repairable: false }];
  });
}

/** Each layer: whether its blobs are there; with `deep`, whether they hold it. */
export async function checkLayers(
  place: Place,
  owners: Owners,
  { deep }: VerifyOptions,
): Promise<StoreProblem[]> {
  const found: StoreProblem[] = [];
  const rows = place.db.all<LayerRow>(
    `SELECT l.diff_id, b.digest, b.size AS blob_size FROM layers l LEFT JOIN layer_blobs b ON b.diff_id = l.diff_id
     ORDER BY l.diff_id, b.rowid`,
  );
  const byLayer = new Map<Digest, LayerRow[]>();
  for (const row of rows) byLayer.set(row.diff_id, [...(byLayer.get(row.diff_id) ?? []), row]);
  for (const [diffId, blobs] of byLayer) {
    const problems = blobs.flatMap((row) => checkCarrier(place, owners, row));
    const lost = problems.length === blobs.length && problems.every(({ kind }) => kind === 'layer');
    // Said once of a layer that has lost them all, and of each blob of one that has others.
    if (lost) found.push(layerProblem(owners, diffId, 'has lost its blob'));
    else
      found.push(...problems.map((one) => (one.kind === 'layer' ? { ...one, kind: 'blob' as const } : one)));
    if (problems.length < blobs.length) found.push(...(await checkContents(place, owners, diffId, deep)));
  }
  return found.filter((problem) => isStillKnown(place, problem));
}

/** Somebody may have removed it, beside this check. */
function isStillKnown({ db }: Place, { subject }: StoreProblem): boolean {
  const known = db.get(
    'SELECT 1 FROM layers WHERE diff_id = ?1 UNION SELECT 1 FROM layer_blobs WHERE digest = ?1',
    subject,
  );
  return known !== undefined;
}

function checkCarrier(
  place: Place,
  owners: Owners,
  { diff_id, digest, blob_size }: LayerRow,
): StoreProblem[] {
  if (digest === null) return [layerProblem(owners, diff_id, 'has no blob')];
  const stat = statAt(CWD, blobFile(place.paths, digest));
  const remedy = remedyFor(owners.imagesOf(digest));
  if (!stat) {
    const message = `the blob ${digest} is missing`;
    return [{ kind: 'layer', subject: digest, message, remedy, repairable: true }];
  }
  if (stat.size === blob_size) return [];
  const message = `the blob ${digest} is ${stat.size} bytes long and should be ${blob_size}`;
  return [{ kind: 'blob', subject: digest, message, remedy, repairable: true }];
}

function layerProblem(owners: Owners, diffId: Digest, what: string): StoreProblem {
  const remedy = remedyFor(owners.imagesOf(diffId));
  return { kind: 'layer', subject: diffId, message: `layer ${diffId} ${what}`, remedy, repairable: true };
}

/** What is remembered of a layer; with `deep`, compared with what each of its blobs holds. */
async function checkContents(
  place: Place,
  owners: Owners,
  diffId: Digest,
  deep: boolean,
): Promise<StoreProblem[]> {
  const { db, paths } = place;
  const row = db.get<{ size: number; content_id: Digest; files: number; toc: Uint8Array }>(
    'SELECT size, content_id, files, toc FROM layers WHERE diff_id = ?',
    diffId,
  );
  if (!row) return [];
  let toc: TableOfContents;
  try {
    toc = decodeToc(row.toc);
  } catch (error) {
    const what = `has an unreadable table of contents: ${(error as Error).message}`;
    return [layerProblem(owners, diffId, what)];
  }
  const incomplete = layerProblem(owners, diffId, 'has an incomplete table of contents');
  if (toc.entries.length < row.files) return [incomplete];
  if (!deep) return [];
  const found: StoreProblem[] = [];
  const blobs = db.all<{ digest: Digest; size: number }>(
    'SELECT digest, size FROM layer_blobs WHERE diff_id = ? ORDER BY rowid',
    diffId,
  );
  for (const { digest, size } of blobs) {
    const file = blobFile(paths, digest);
    if (statAt(CWD, file)?.size !== size) continue;
    const remedy = remedyFor(owners.imagesOf(digest));
    const broken = (message: string): StoreProblem[] => [
      { kind: 'blob', subject: digest, message, remedy, repairable: true },
    ];
    try {
      const chunks = verified(readChunks(file), digest);
      const { info, toc: actual } = await scanLayer((await decompress(chunks)).stream);
      if (info.diffId !== diffId) {
        found.push(...broken(`the blob ${digest} holds the layer ${info.diffId} and should hold ${diffId}`));
      } else if (info.size !== row.size || info.contentId !== row.content_id || !isSameToc(actual, toc)) {
        return [layerProblem(owners, diffId, 'does not hold what its table of contents says')];
      }
    } catch (error) {
      found.push(...broken(`the blob ${digest} is damaged: ${(error as Error).message}`));
    }
  }
  return found;
}

/** What the digest of the content leaves out is compared here. */
function isSameToc(a: TableOfContents, b: TableOfContents): boolean {
  const key = ({ path, type, mode, size, mtime }: Entry) => `${path}\0${type} ${mode} ${size} ${mtime}`;
  return (
    a.entries.length === b.entries.length && a.entries.every((entry, i) => key(entry) === key(b.entries[i]!))
  );
}

/** Blobs that carry no layer: documents of images, fetched files, leftovers. Hashed with `deep`. */
export async function checkOtherBlobs(
  place: Place,
  owners: Owners,
  { deep }: VerifyOptions,
): Promise<StoreProblem[]> {
  if (!deep) return [];
  const found: StoreProblem[] = [];
  for (const name of namesIn(place.paths.blobs)) {
    const digest = `sha256:${name}`;
    if (!isDigest(digest)) continue;
    const file = blobFile(place.paths, digest);
    if (place.db.get('SELECT 1 FROM layer_blobs WHERE digest = ?', digest)) continue;
    try {
      if (statAt(CWD, file)?.type === 'file') for await (const _ of verified(readChunks(file), digest));
    } catch (error) {
      if (!statAt(CWD, file)) continue;
      const message = `the blob ${digest} is damaged: ${(error as Error).message}`;
      const remedy = remedyFor(owners.imagesOf(digest));
      found.push({ kind: 'blob', subject: digest, message, remedy, repairable: true });
    }
  }
  return found;
}
