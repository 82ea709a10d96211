// `mille images`: the images of the store, one row a name.

import { compilePattern } from '../lang/ignore/index.ts';
import {
  canonicalName,
  familiarName,
  formatPlatform,
  formatReference,
  parseReference,
} from '../oci/image/index.ts';
import type { DamagedImage, ImageEntry, Store, StoredImage } from '../oci/store/index.ts';
import { withServices } from './services.ts';
import type { ImageFilter, ImageRow } from './types.ts';

/** The images of the store, newest first. See `App.images`. */
export function images(filter: ImageFilter = {}): Promise<readonly ImageRow[]> {
  return withServices('read', async (services) => {
    const store = await services.store();
    const { sound, damaged } = store.surveyImages();
    const digested = (row: ImageRow): ImageRow => ({ ...row, ...digestOf(store, row) });
    const rows = [...newestFirst(sound).flatMap(rowsOf), ...damaged.flatMap(damagedRows)];
    return filterRows(rows, filter).map(digested);
  });
}

/** What the name of a row points to, where that is an index. */
function digestOf(store: Store, { repository, tag }: ImageRow): Pick<ImageRow, 'digest'> {
  if (repository === undefined || tag === undefined) return {};
  const digest = store.indexOf(canonicalName(parseReference(`${repository}:${tag}`)));
  return digest === undefined ? {} : { digest };
}

function newestFirst(all: readonly StoredImage[]): StoredImage[] {
  const time = (image: StoredImage) => Date.parse(image.config.created ?? '') || 0;
  return [...all].sort((a, b) => time(b) - time(a) || b.added - a.added);
}

function rowsOf(image: StoredImage): ImageRow[] {
  return namedRows(image, {
    imageId: image.imageId,
    manifest: image.manifestDigest,
    ...(image.config.created === undefined ? {} : { created: image.config.created }),
    bytes: image.size,
    layers: image.config.rootfs.diff_ids.length,
    platform: formatPlatform(image.config),
    ...(image.distant.length > 0 ? { distant: distantOf(image) } : {}),
  });
}

function distantOf({ distant }: StoredImage): NonNullable<ImageRow['distant']> {
  return { layers: distant.length, bytes: distant.reduce((sum, { descriptor }) => sum + descriptor.size, 0) };
}

/** Shown as well, so that it can be removed like any other. */
function damagedRows(image: DamagedImage): ImageRow[] {
  const { imageId, manifestDigest: manifest, damage } = image;
  return namedRows(image, { imageId, manifest, bytes: 0, layers: 0, platform: '', damage });
}

function namedRows({ names }: ImageEntry, row: ImageRow): ImageRow[] {
  if (names.length === 0) return [row];
  return names.map((name) => {
    const reference = parseReference(name);
    return {
      ...row,
      repository: familiarName(reference),
      ...(reference.tag === undefined ? {} : { tag: reference.tag }),
    };
  });
}

/**
 * The rows that a filter lets through. As in Docker, a pattern is compared with the familiar name, with its tag or
 * without.
 */
export function filterRows(rows: readonly ImageRow[], filter: ImageFilter): ImageRow[] {
  const { reference, dangling } = filter;
  const pattern = reference === undefined ? undefined : compilePattern(familiarPattern(reference));
  return rows.filter((row) => {
    const { repository, tag } = row;
    if (dangling !== undefined && dangling !== (repository === undefined)) return false;
    if (!pattern) return true;
    if (repository === undefined) return false;
    return pattern.matches(repository) || pattern.matches(`${repository}:${tag}`);
  });
}

/** A whole name may be written in its long form too. */
function familiarPattern(text: string): string {
  if (/[*?[\\]/.test(text)) return text;
  const reference = parseReference(text);
  return /:[^/]*$/.test(text) ? formatReference(reference) : familiarName(reference);
}
