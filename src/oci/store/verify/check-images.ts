// Every image: its documents, its layers, its names.

import type { Digest } from '../../../core/index.ts';
import { damageOf, imageTitle } from '../damage.ts';
import type { ImageEntry } from '../images.ts';
import type { Indexes } from '../indexes.ts';
import type { Place } from '../place.ts';
import type { StoreProblem, VerifyParts } from './problem.ts';

const FORGET = "'mille store verify --repair' forgets it";

/** Images that cannot be used, and names of none. */
export function checkImages({ db }: Place, parts: VerifyParts): StoreProblem[] {
  const { images } = parts;
  const damaged = images.imageEntries().flatMap((entry): StoreProblem[] => {
    const damage = whatIsWrong(entry, parts);
    // Removed meanwhile, it is no problem any more.
    if (damage === undefined || !db.get('SELECT 1 FROM images WHERE manifest = ?', entry.manifestDigest))
      return [];
    const title = imageTitle(entry);
    const remedy = `'mille rmi ${entry.names.length === 0 ? title : title.split(', ')[0]}' removes it, and so does --repair; or pull, load or build it again`;
    return [
      {
        ...{ kind: 'image', subject: entry.manifestDigest, remedy, repairable: true },
        message: `the image ${title} is damaged: ${damage}`,
      },
    ];
  });
  const lost = db.all<{ name: string }>(
    'SELECT name FROM names WHERE manifest NOT IN (SELECT manifest FROM images)',
  );
  return [
    ...damaged,
    ...lost.map(({ name }): StoreProblem => {
      const remedy = FORGET;
      return {
        kind: 'name',
        subject: name,
        message: `the name ${name} points to no image`,
        remedy,
        repairable: true,
      };
    }),
  ];
}

function whatIsWrong(entry: ImageEntry, parts: VerifyParts): string | undefined {
  try {
    return parts.images.imageDamage(entry.manifestDigest) ?? mismatchIn(entry, parts);
  } catch (error) {
    return damageOf(error);
  }
}

function mismatchIn(
  { manifestDigest, imageId }: ImageEntry,
  { images, layers }: VerifyParts,
): string | undefined {
  const { manifest, config, distant } = images.image(manifestDigest);
  if (manifest.config.digest !== imageId) return `its config is ${manifest.config.digest}, not ${imageId}`;
  const diffIds = config.rootfs.diff_ids;
  if (diffIds.length !== manifest.layers.length) {
    return `its manifest has ${manifest.layers.length} layers, its config ${diffIds.length}`;
  }
  const holds = (digest: Digest) => layers.findByBlob(digest)?.info.diffId;
  const elsewhere = new Set(distant.map(({ descriptor }) => descriptor.digest));
  const wrong = manifest.layers.find(
    ({ digest }, i) => !elsewhere.has(digest) && holds(digest) !== diffIds[i],
  );
  return wrong && `the layer ${wrong.digest} is not the one that its config names`;
}

/** Images of several platforms. */
export function checkIndexes({ db }: Place, { indexes }: VerifyParts): StoreProblem[] {
  const found: StoreProblem[] = [];
  const members = new Map<Digest, ReadonlySet<Digest>>();
  const remedy = "'mille store verify --repair' forgets it and keeps its images; then pull or load it again";
  for (const { digest } of db.all<{ digest: Digest }>('SELECT digest FROM indexes')) {
    const damage = indexDamage(indexes, digest, members);
    // Gone meanwhile, with its last image.
    if (damage === undefined || !db.get('SELECT 1 FROM indexes WHERE digest = ?', digest)) continue;
    const message = `the index ${digest} ${damage}`;
    found.push({ kind: 'image-index', subject: digest, message, remedy, repairable: true });
  }
  const names = db.all<{ name: string; manifest: Digest; image_index: Digest }>(
    'SELECT name, manifest, image_index FROM names WHERE image_index IS NOT NULL',
  );
  for (const { name, manifest, image_index } of names) {
    const known = members.get(image_index);
    if (!known || known.has(manifest)) continue;
    const message = `the name ${name} points beside its index`;
    found.push({ kind: 'name', subject: name, message, remedy: FORGET, repairable: true });
  }
  return found;
}

function indexDamage(
  indexes: Indexes,
  digest: Digest,
  members: Map<Digest, ReadonlySet<Digest>>,
): string | undefined {
  try {
    const present = indexes.index(digest)?.members;
    if (!present) return 'has no image';
    members.set(digest, new Set(present.map(({ manifestDigest }) => manifestDigest)));
    return undefined;
  } catch (error) {
    return `is damaged: ${damageOf(error)}`;
  }
}
