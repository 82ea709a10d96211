// What is broken is forgotten, so that it is fetched, built or unpacked again: nothing is ever guessed or patched. What
// somebody relies on just now stays.

import { type Digest, isDigest } from '../../../core/index.ts';
import { CWD, removeTree, renameAt, statAt, writeFileAtomically } from '../../../sys/index.ts';
import { changeNames, LAYOUT_MARKER } from '../index-file.ts';
import { blobFile, makeStoreDirectories } from '../layout.ts';
import type { Place } from '../place.ts';
import { removeImages } from '../remove-images.ts';
import { removeUnpacked } from '../remove-unpacked.ts';
import type { StoreProblem, VerifyParts } from './problem.ts';

/** Does what can be done about problems of this room. What is still wrong afterwards shows when looking again. */
export function repair(place: Place, parts: VerifyParts, problems: readonly StoreProblem[]): void {
  const of = (kind: StoreProblem['kind']) =>
    problems.flatMap((one) => (one.kind === kind && one.repairable ? [one.subject] : []));
  if (of('layout').length > 0) {
    makeStoreDirectories(place.paths);
    writeFileAtomically(place.paths.layoutFile, LAYOUT_MARKER);
  }
  for (const digest of of('blob').filter(isDigest)) forgetBlobs(place, [digest]);
  for (const diffId of of('layer').filter(isDigest)) forgetLayer(place, diffId);
  const documents = of('image')
    .filter(isDigest)
    .flatMap((digest) => documentsOf(place, digest));
  removeImages(place, parts.images, of('image').filter(isDigest));
  forgetIndexes(place, of('image-index'));
  for (const digest of [...documents, ...of('image-index').filter(isDigest)]) forgetDocument(place, digest);
  removeUnpacked(place, of('unpacked'));
  for (const name of of('link')) removeTree(CWD, `${place.paths.links}/${name}`);
  const names = of('name');
  if (names.length > 0 || of('index').length > 0) {
    changeNames(place, () => {
      for (const name of names) place.db.run('DELETE FROM names WHERE name = ?', name);
    });
  }
  if (of('leftover').length > 0) place.workspace.sweep();
}

function documentsOf({ db }: Place, manifest: Digest): Digest[] {
  const row = db.get<{ config: Digest }>('SELECT config FROM images WHERE manifest = ?', manifest);
  return row ? [manifest, row.config] : [];
}

/** A document that may be damaged does not wait for a collection, unless another image has it too. */
function forgetDocument(place: Place, digest: Digest): void {
  const needed = place.db.get(
    'SELECT 1 FROM images WHERE manifest = ?1 OR config = ?1 UNION SELECT 1 FROM indexes WHERE digest = ?1',
    digest,
  );
  if (!needed) forgetBlobs(place, [digest]);
}

/** Their names stay, each with the image that was meant where nobody asked for a platform. */
function forgetIndexes(place: Place, digests: readonly string[]): void {
  if (digests.length === 0) return;
  changeNames(place, () => {
    for (const digest of digests) {
      place.db.run('UPDATE names SET image_index = NULL WHERE image_index = ?', digest);
      place.db.run('DELETE FROM index_members WHERE digest = ?', digest);
      place.db.run('DELETE FROM indexes WHERE digest = ?', digest);
    }
  });
}

function forgetLayer(place: Place, diffId: Digest): void {
  const rows = place.db.all<{ digest: Digest }>('SELECT digest FROM layer_blobs WHERE diff_id = ?', diffId);
  forgetBlobs(place, [...rows.map(({ digest }) => digest)], diffId);
}

/** Rows first, as a collection does it: a file without a row is harmless. Layers go with the last of their blobs. */
function forgetBlobs(place: Place, digests: readonly Digest[], layer?: Digest): void {
  const { claims, db, paths, workspace } = place;
  const away = claims.removing((take) => {
    const gone = db.transaction(() => {
      const diffIds = new Set<Digest>(layer === undefined ? [] : [layer]);
      for (const digest of digests) {
        const row = db.get<{ diff_id: Digest }>('SELECT diff_id FROM layer_blobs WHERE digest = ?', digest);
        if (row) diffIds.add(row.diff_id);
      }
      if (![...digests, ...diffIds].every(take)) return [];
      for (const digest of digests) db.run('DELETE FROM layer_blobs WHERE digest = ?', digest);
      for (const diffId of diffIds) {
        db.run(
          'DELETE FROM layers WHERE diff_id = ?1 AND NOT EXISTS (SELECT 1 FROM layer_blobs WHERE diff_id = ?1)',
          diffId,
        );
      }
      return digests;
    });
    return gone.flatMap((digest) => {
      const file = blobFile(paths, digest);
      if (!statAt(CWD, file)) return [];
      const path = workspace.freshPath('removed');
      renameAt({ dirFd: CWD, name: file }, { dirFd: CWD, name: path });
      return [path];
    });
  });
  for (const path of away) removeTree(CWD, path);
}
