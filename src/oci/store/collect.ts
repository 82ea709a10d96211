// Removing what nobody needs any more. It happens only while nobody else works on the store, and in an order that
// makes a kill at any point harmless.

import type { Digest } from '../../core/index.ts';
import { CWD, removeTree, renameAt, unlinkAt } from '../../sys/index.ts';
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
    const unpacked = dropUnpacked(place, kept);
    const layers = dropRows(place, kept);
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

/** Rows before the blobs they speak of: a blob without a row is harmless. */
function dropRows({ db }: Place, kept: Kept): number {
  return db.transaction(() => {
    for (const { digest } of db.all<{ digest: string }>('SELECT digest FROM layer_blobs')) {
      if (!kept.blobs.has(digest)) db.run('DELETE FROM layer_blobs WHERE digest = ?', digest);
    }
    let dropped = 0;
    for (const { diff_id } of db.all<{ diff_id: string }>('SELECT diff_id FROM layers')) {
      if (!kept.diffIds.has(diff_id)) dropped += db.run('DELETE FROM layers WHERE diff_id = ?', diff_id);
    }
    return dropped;
  });
}

/** Directory, short name, row, in this order: each is made again where it is missing before the next. */
function dropUnpacked({ db, paths }: Place, kept: Kept): number {
  const rows = db.all<{ id: number; key: string; diff_ids: string }>('SELECT * FROM unpacked');
  const doomed = rows.filter((row) => !row.diff_ids.split(' ').every((diffId) => kept.diffIds.has(diffId)));
  const stays = new Set(rows.filter((row) => !doomed.includes(row)).map((row) => row.key.slice(7)));
  let dropped = 0;
  for (const name of namesIn(paths.layers)) {
    if (stays.has(name)) continue;
    // Away in one step, then piece by piece: no half of a layer is ever seen under its name.
    const away = `${paths.tmp}/removed-${name}`;
    removeTree(CWD, away);
    renameAt({ dirFd: CWD, name: `${paths.layers}/${name}` }, { dirFd: CWD, name: away });
    removeTree(CWD, away);
    dropped++;
  }
  for (const row of doomed) {
    removeTree(CWD, `${paths.links}/${row.id.toString(36)}`);
    db.run('DELETE FROM unpacked WHERE id = ?', row.id);
  }
  return dropped;
}
