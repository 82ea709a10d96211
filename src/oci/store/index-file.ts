// `index.json`, which makes the store an OCI image layout that skopeo and umoci can read at any time. The database
// is the truth for names; the file follows every change, and carries the generation it shows, so that a process
// that was killed between the two is noticed by the next one that opens the store.

import { type Digest, decodePath, LIMITS } from '../../core/index.ts';
import {
  CWD,
  closeFd,
  isErrno,
  lockFd,
  O,
  openAt,
  readSmallFile,
  renameAt,
  type SqlDatabase,
  sha256,
  unlinkAt,
  writeAll,
} from '../../sys/index.ts';
import { type Descriptor, formatReference, MEDIA, parseReference } from '../image/index.ts';
import { attestationsIn } from './attestations.ts';
import { readBlobFile } from './blobs.ts';
import { damageOf } from './damage.ts';
import type { Change } from './indexes.ts';
import { blobFile } from './layout.ts';
import type { Place } from './place.ts';

const GENERATION = 'millefeuille.store.generation';
/** Annotations of an image's entry: the name that other tools look for, and the canonical one. */
export const REF_NAME = 'org.opencontainers.image.ref.name';
export const IMAGE_NAME = 'io.containerd.image.name';
const INDEX_LIMIT = 256 * 1024 * 1024;

/** The reference grammar of the OCI layout (image spec, annotations), which skopeo and umoci insist on. */
const REF_COMPONENT = '[A-Za-z0-9]+(?:(?:[-._:@+]|--)[A-Za-z0-9]+)*';
const REF_PATTERN = new RegExp(`^${REF_COMPONENT}(?:/${REF_COMPONENT})*$`);

/**
 * The name under which other tools find an image in the layout: as people write it (`app:latest`). The few names
 * that Docker allows and the layout's grammar doesn't (`a__b`, a tag ending in `-`) get a similar one.
 */
export function layoutReference(canonicalName: string): string {
  const familiar = formatReference(parseReference(canonicalName));
  if (REF_PATTERN.test(familiar)) return familiar;
  const similar = familiar.replace(/[^A-Za-z0-9/:]+/g, '-').replace(/-(?=[/:]|$)|(?<=[/:])-/g, '');
  return `${similar}-${sha256(canonicalName).slice(7, 15)}`;
}

/** The annotations of an image's entry in an index, for each of its names. */
export function nameAnnotations(canonicalName: string): Readonly<Record<string, string>> {
  return { [IMAGE_NAME]: canonicalName, [REF_NAME]: layoutReference(canonicalName) };
}

/** The entry of an image in an index. */
export interface IndexEntry {
  readonly manifest: Digest;
  readonly mediaType: string;
  readonly size: number;
  readonly name: string | null;
  /** Beside those that name it. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** An index document of images, once for each name; deterministic. */
export function indexDocument(
  entries: readonly IndexEntry[],
  annotations?: Readonly<Record<string, string>>,
): string {
  return layoutIndex(entries.map(describeEntry), annotations);
}

/** The same from descriptors. */
export function layoutIndex(
  manifests: readonly Descriptor[],
  annotations?: Readonly<Record<string, string>>,
): string {
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: MEDIA.index,
    // First, so that its place is known without parsing the rest.
    ...(annotations ? { annotations } : {}),
    manifests,
  });
}

/** The descriptor of an entry, with its annotations. */
export function describeEntry(entry: IndexEntry): Descriptor {
  const { mediaType, manifest, size } = entry;
  return { mediaType, digest: manifest, size, ...annotationsOf(entry) };
}

function annotationsOf({ name, annotations = {} }: IndexEntry): Pick<Descriptor, 'annotations'> {
  const all = { ...annotations, ...(name === null ? {} : nameAnnotations(name)) };
  return Object.keys(all).length > 0 ? { annotations: all } : {};
}

/** What an OCI layout's marker file holds. */
export const LAYOUT_MARKER = '{"imageLayoutVersion":"1.0.0"}';

/**
 * Changes images or names: `work` in a transaction, and the index file with it. The file is written before the
 * commit, so that a full disk undoes both, and renamed after it.
 */
export function changeNames<T>(place: Place, work: () => T): T {
  if (place.db.inTransaction) throw new Error('names must not be changed inside a transaction');
  const fd = openAt(CWD, place.paths.indexLock, { flags: O.RDWR | O.CREAT, mode: 0o644 });
  const file = `${place.paths.indexFile}.new`;
  try {
    lockFd(fd, { exclusive: true, wait: true });
    const result = place.db.transaction(() => {
      const value = work();
      outdateIndex(place.db);
      writePlain(file, currentIndex(place));
      return value;
    });
    renameAt({ dirFd: CWD, name: file }, { dirFd: CWD, name: place.paths.indexFile });
    return result;
  } finally {
    closeFd(fd);
  }
}

/** Whoever opens the store, or changes a name, writes the index file again. To be called in a transaction. */
export function outdateIndex(db: SqlDatabase): void {
  db.run("UPDATE kv SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'");
}

/** Changes of one process as one: what is changed inside a change is part of it. */
export function changer(place: Place): Change {
  let changing = false;
  return (work) => {
    if (changing) return work();
    changing = true;
    try {
      return changeNames(place, work);
    } finally {
      changing = false;
    }
  };
}

/** Writes the index file again if it doesn't show the database's generation. */
export function refreshIndex(place: Place): void {
  if (shownGeneration(place) !== generation(place)) changeNames(place, () => undefined);
}

/** What the index file should hold now. */
export function currentIndex(place: Place): string {
  const attested = JSON.stringify(attestedIndexes(place));
  return indexDocument(place.db.all<IndexEntry>(ENTRIES, attested), { [GENERATION]: generation(place) });
}

/** The indexes of one image that hold more than it: what is attested of it. */
function attestedIndexes({ db, paths }: Place): Digest[] {
  const read = (digest: Digest, limit: number) => readBlobFile(blobFile(paths, digest), digest, limit);
  return db.all<{ digest: Digest }>(OF_ONE).flatMap(({ digest }) => {
    try {
      return attestationsIn(read(digest, LIMITS.manifest), read).length > 0 ? [digest] : [];
    } catch (error) {
      damageOf(error);
      return [];
    }
  });
}

const OF_ONE = 'SELECT digest FROM index_members GROUP BY digest HAVING count(*) = 1';

/**
 * A name of an index of which one image is there is shown as a name of that image: not every tool reads an index
 * whose images are partly missing. One of a single image is shown where something that is attested of it is here. Images without a name come with the index that they are part of, where they are.
 * Images whose layers are elsewhere are not shown before these have come: other tools would not find them.
 */
const ENTRIES = `
  WITH
    whole AS (SELECT * FROM images WHERE manifest NOT IN (SELECT manifest FROM distant_blobs)),
    present AS (
      SELECT m.digest, count(*) AS images
      FROM index_members m JOIN whole i ON i.manifest = m.manifest GROUP BY m.digest
    ),
    shown AS (
      SELECT x.digest, x.media_type, x.size FROM indexes x JOIN present p ON p.digest = x.digest
      WHERE p.images > 1 OR x.digest IN (SELECT value FROM json_each(?1))
    )
  SELECT x.digest AS manifest, x.media_type AS mediaType, x.size AS size, n.name AS name
  FROM names n JOIN shown x ON x.digest = n.image_index
  UNION ALL
  SELECT i.manifest, i.media_type, i.size, n.name
  FROM names n JOIN whole i ON i.manifest = n.manifest
  WHERE n.image_index IS NULL OR n.image_index NOT IN (SELECT digest FROM shown)
  UNION ALL
  SELECT digest, media_type, size, NULL FROM shown
  WHERE digest NOT IN (SELECT image_index FROM names WHERE image_index IS NOT NULL)
  UNION ALL
  SELECT manifest, media_type, size, NULL FROM whole i
  WHERE manifest NOT IN (SELECT manifest FROM names)
    AND manifest NOT IN (SELECT m.manifest FROM index_members m JOIN shown x ON x.digest = m.digest)
  ORDER BY name, manifest`;

/** The bytes of the index file as text; empty where there is none. */
export function readIndexFile(place: Place): string {
  try {
    return decodePath(readSmallFile(CWD, place.paths.indexFile, INDEX_LIMIT));
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return '';
    throw error;
  }
}

function generation(place: Place): string {
  return place.db.get<{ value: string }>("SELECT value FROM kv WHERE key = 'generation'")?.value ?? '';
}

function shownGeneration(place: Place): string | undefined {
  return new RegExp(`"${GENERATION.replaceAll('.', '\\.')}":"(\\d+)"`).exec(
    readIndexFile(place).slice(0, 400),
  )?.[1];
}

function writePlain(path: string, text: string): void {
  const fd = openAt(CWD, path, { flags: O.WRONLY | O.CREAT | O.TRUNC, mode: 0o644 });
  try {
    writeAll(fd, Buffer.from(text));
  } catch (error) {
    unlinkAt(CWD, path);
    throw error;
  } finally {
    closeFd(fd);
  }
}
