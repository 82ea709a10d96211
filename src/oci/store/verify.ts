// The store checked against itself: every blob hashed again, every row compared with its files. For tests that kill
// things, and for people who no longer trust their disk.

import { type Digest, LIMITS } from '../../core/index.ts';
import { CWD, readLinkAt, statAt } from '../../sys/index.ts';
import type { Blobs } from './blobs.ts';
import type { Images } from './images.ts';
import { currentIndex, readIndexFile } from './index-file.ts';
import type { Indexes } from './indexes.ts';
import type { Layers } from './layers.ts';
import { namesIn } from './names-in.ts';
import type { Place } from './place.ts';

interface Parts {
  readonly blobs: Blobs;
  readonly layers: Layers;
  readonly images: Images;
  readonly indexes: Indexes;
}

/** All contradictions found, as sentences. */
export async function verify(place: Place, parts: Parts): Promise<string[]> {
  return [
    ...(await checkBlobs(place, parts)),
    ...checkLayers(place, parts),
    ...checkImages(place, parts),
    ...checkIndexes(place, parts),
    ...checkUnpacked(place),
    ...(readIndexFile(place) === currentIndex(place) ? [] : ['index.json does not show the current names']),
  ];
}

async function checkBlobs(place: Place, { blobs }: Parts): Promise<string[]> {
  const found: string[] = [];
  const known = new Set(blobs.listBlobs().map(({ digest }) => digest));
  for (const name of namesIn(place.paths.blobs)) {
    if (!known.has(`sha256:${name}` as Digest)) found.push(`'${name}' among the blobs is none`);
  }
  for (const digest of known) {
    const problem = await attempt(async () => {
      for await (const _ of blobs.streamBlob(digest));
    });
    if (problem) found.push(`blob ${digest}: ${problem}`);
  }
  return found;
}

function checkLayers({ db }: Place, { layers }: Parts): string[] {
  const found: string[] = [];
  for (const { diff_id } of db.all<{ diff_id: Digest }>('SELECT diff_id FROM layers')) {
    const layer = layers.layer(diff_id);
    if (!layer) found.push(`layer ${diff_id} has lost its blob`);
    else if (layers.toc(diff_id).entries.length < layer.info.files)
      found.push(`layer ${diff_id} has an incomplete table of contents`);
  }
  return found;
}

function checkImages({ db }: Place, { blobs, layers, images }: Parts): string[] {
  const found: string[] = [];
  for (const { manifest } of db.all<{ manifest: Digest }>('SELECT manifest FROM images')) {
    try {
      const image = images.image(manifest);
      blobs.readBlob(image.imageId, LIMITS.manifest);
      for (const layer of image.manifest.layers) {
        if (!layers.findByBlob(layer.digest)) found.push(`image ${manifest} lacks the layer ${layer.digest}`);
      }
    } catch (error) {
      found.push(`image ${manifest}: ${(error as Error).message}`);
    }
  }
  const lost = db.all<{ name: string }>(
    'SELECT name FROM names WHERE manifest NOT IN (SELECT manifest FROM images)',
  );
  return [...found, ...lost.map(({ name }) => `the name ${name} points to no image`)];
}

function checkIndexes({ db }: Place, { indexes }: Parts): string[] {
  const found: string[] = [];
  const members = new Map<Digest, ReadonlySet<Digest>>();
  for (const { digest } of db.all<{ digest: Digest }>('SELECT digest FROM indexes')) {
    try {
      const present = indexes.index(digest)?.members;
      if (!present) found.push(`the index ${digest} has no image`);
      members.set(digest, new Set(present?.map(({ manifestDigest }) => manifestDigest)));
    } catch (error) {
      found.push(`index ${digest}: ${(error as Error).message}`);
    }
  }
  const names = db.all<{ name: string; manifest: Digest; image_index: Digest }>(
    'SELECT name, manifest, image_index FROM names WHERE image_index IS NOT NULL',
  );
  for (const { name, manifest, image_index } of names) {
    if (!members.get(image_index)?.has(manifest)) found.push(`the name ${name} points beside its index`);
  }
  return found;
}

function checkUnpacked({ db, paths }: Place): string[] {
  const rows = db.all<{ id: number; key: string }>('SELECT id, key FROM unpacked');
  const keys = new Map(rows.map(({ id, key }) => [key.slice(7), id.toString(36)]));
  const targets = new Map(rows.map(({ id, key }) => [id.toString(36), `../layers/${key.slice(7)}`]));
  const found: string[] = [];
  for (const name of namesIn(paths.layers)) {
    if (!keys.has(name)) found.push(`the unpacked layer '${name}' is not in the database`);
    else if (statAt(CWD, `${paths.layers}/${name}`)?.type !== 'dir') found.push(`'${name}' is no directory`);
  }
  for (const name of namesIn(paths.links)) {
    if (readLinkAt(CWD, `${paths.links}/${name}`) !== targets.get(name)) {
      found.push(`the short name '${name}' leads elsewhere`);
    }
  }
  return found;
}

async function attempt(work: () => Promise<void>): Promise<string | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
