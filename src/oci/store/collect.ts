// Removing what nobody needs any more. It happens only while nobody else works on the store, and in an order that
// makes a kill at any point harmless: first what the database says, then files without a row.

import type { Digest } from '../../core/index.ts';
import { CWD, readLinkAt, removeTree, renameAt, unlinkAt } from '../../sys/index.ts';
import type { Blobs } from './blobs.ts';
import type { Images } from './images.ts';
import type { Layers } from './layers.ts';
import { blobFile } from './layout.ts';
import { namesIn } from './names-in.ts';
import type { Place } from './place.ts';

/** What a collection removed. */
export interface Collected {
  readonly blobs: number;
  /** Bytes of the blobs removed. */
  readonly bytes: number;
  readonly layers: number;
  readonly unpacked: number;
}

/** What to keep besides images. */
export interface CollectOptions {
  /** DiffIDs of layers that are needed though no image has them: those of cache records. */
  readonly roots?: () => Iterable<Digest>;
}

interface Kept {
  readonly blobs: ReadonlySet<string>;
  readonly diffIds: ReadonlySet<string>;
}

/**
 * Removes blobs, layers and unpacked directories that no image and no root needs.
 * @returns undefined where somebody works on the store: then nothing is removed.
 */
export function collect(
  place: Place,
  parts: { readonly blobs: Blobs; readonly layers: Layers; readonly images: Images },
  options: CollectOptions,
): Collected | undefined {
  return place.workspace.alone(() => {
    const kept = findKept(parts, options.roots?.() ?? []);
    const layers = dropRows(place, kept);
    const unpacked = dropDirectories(place);
    dropLinks(place);
    let blobs = 0;
    let bytes = 0;
    for (const { digest, size } of parts.blobs.listBlobs()) {
      if (kept.blobs.has(digest)) continue;
      unlinkAt(CWD, blobFile(place.paths, digest));
      blobs++;
      bytes += size;
    }
    return { blobs, bytes, layers, unpacked };
  });
}

function findKept(
  parts: { readonly layers: Layers; readonly images: Images },
  roots: Iterable<Digest>,
): Kept {
  const blobs = new Set<string>();
  const diffIds = new Set<string>();
  for (const image of parts.images.listImages()) {
    blobs.add(image.manifestDigest).add(image.imageId);
    for (const layer of image.manifest.layers) blobs.add(layer.digest);
    for (const diffId of image.config.rootfs.diff_ids) diffIds.add(diffId);
  }
  for (const diffId of roots) {
    const layer = parts.layers.layer(diffId);
    if (!layer) continue;
    diffIds.add(diffId);
    blobs.add(layer.descriptor.digest);
  }
  return { blobs, diffIds };
}

function dropRows({ db }: Place, kept: Kept): number {
  return db.transaction(() => {
    for (const { digest } of db.all<{ digest: string }>('SELECT digest FROM layer_blobs')) {
      if (!kept.blobs.has(digest)) db.run('DELETE FROM layer_blobs WHERE digest = ?', digest);
    }
    let dropped = 0;
    for (const { diff_id } of db.all<{ diff_id: string }>('SELECT diff_id FROM layers')) {
      if (!kept.diffIds.has(diff_id)) dropped += db.run('DELETE FROM layers WHERE diff_id = ?', diff_id);
    }
    for (const row of db.all<{ id: number; diff_ids: string }>('SELECT id, diff_ids FROM unpacked')) {
      const needed = row.diff_ids.split(' ').every((diffId) => kept.diffIds.has(diffId));
      if (!needed) db.run('DELETE FROM unpacked WHERE id = ?', row.id);
    }
    return dropped;
  });
}

function dropDirectories({ db, paths }: Place): number {
  const keys = new Set(db.all<{ key: string }>('SELECT key FROM unpacked').map(({ key }) => key));
  let dropped = 0;
  for (const name of namesIn(paths.layers)) {
    if (keys.has(`sha256:${name}`)) continue;
    // Away in one step, then piece by piece: no half of a layer is ever seen under its name.
    const doomed = `${paths.tmp}/removed-${name}`;
    removeTree(CWD, doomed);
    renameAt({ dirFd: CWD, name: `${paths.layers}/${name}` }, { dirFd: CWD, name: doomed });
    removeTree(CWD, doomed);
    dropped++;
  }
  return dropped;
}

function dropLinks({ db, paths }: Place): void {
  const rows = db.all<{ id: number; key: string }>('SELECT id, key FROM unpacked');
  const targets = new Map(rows.map(({ id, key }) => [id.toString(36), `../layers/${key.slice(7)}`]));
  for (const name of namesIn(paths.links)) {
    const link = `${paths.links}/${name}`;
    if (readLinkAt(CWD, link) !== targets.get(name)) unlinkAt(CWD, link);
  }
}
