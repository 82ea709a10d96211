// Tables of contents on the way: compressed rows, expanded only as far as they may, and believed only where they are
// what their content id says.

import { cleanRelative, type Digest, isDigest, LIMITS } from '../../core/index.ts';
import { ENTRY_TYPES, type Entry, type EntryType, type TableOfContents } from '../../oci/image/index.ts';
import { contentId } from '../../oci/layer/index.ts';
import { damaged, TRAVEL_LIMITS } from './document.ts';
import { packText, unpackText } from './packed-text.ts';

/** A table as bytes that are the same for the same table; undefined for one that is too large to travel. */
export async function packTable(toc: TableOfContents): Promise<Uint8Array | undefined> {
  const packed = await packText(JSON.stringify(toc.entries.map(inOrder)));
  return packed.length > TRAVEL_LIMITS.tableBlob ? undefined : packed;
}

/** The same entry gives the same text, whoever read it. */
function inOrder(entry: Entry): Entry {
  const { path, type, mode, uid, gid, size, mtime, link, major, minor, xattrs, digest } = entry;
  const sorted = xattrs && Object.fromEntries(Object.entries(xattrs).sort(([a], [b]) => (a < b ? -1 : 1)));
  // What is undefined is no part of the text.
  return { path, type, mode, uid, gid, size, mtime, link, major, minor, xattrs: sorted, digest } as Entry;
}

/** Undoes `packTable`. @throws MilleError `image-invalid` for what is no table of this content */
export async function unpackTable(bytes: Uint8Array, expected: Digest): Promise<TableOfContents> {
  const value = await unpackText(bytes, TRAVEL_LIMITS.table, 'a table of contents');
  if (!Array.isArray(value) || value.length > LIMITS.archiveEntries)
    throw damaged('a table of contents is no list');
  const toc = { entries: value.map(readEntry) };
  if (contentId(toc) !== expected) throw damaged('a table of contents is of another layer');
  return toc;
}

/** As strict as the reader of tars: no path leads out of the layer, and no type is unknown. */
function readEntry(value: unknown): Entry {
  const entry = (value ?? {}) as Partial<Record<keyof Entry, unknown>>;
  const { path, type, mode, uid, gid, size, mtime, link, major, minor, xattrs, digest } = entry;
  if (!isPath(path) || !ENTRY_TYPES.includes(type as EntryType))
    throw damaged('an entry of a table of contents');
  const numbers = [
    mode,
    uid,
    gid,
    size,
    ...(major === undefined ? [] : [major]),
    ...(minor === undefined ? [] : [minor]),
  ];
  const wellFormed =
    numbers.every((each) => Number.isSafeInteger(each) && (each as number) >= 0) &&
    Number.isSafeInteger(mtime) &&
    (mode as number) <= 0o7777 &&
    (link === undefined || typeof link === 'string') &&
    (type !== 'hardlink' || isPath(link)) &&
    (type !== 'symlink' || typeof link === 'string') &&
    (digest === undefined || (typeof digest === 'string' && isDigest(digest))) &&
    (xattrs === undefined || isTexts(xattrs));
  if (!wellFormed) throw damaged(`the entry '${path}' of a table of contents`);
  return value as Entry;
}

function isPath(path: unknown): path is string {
  return (
    typeof path === 'string' &&
    path.length <= LIMITS.path &&
    cleanRelative(path) === path &&
    !path.includes('\0')
  );
}

function isTexts(value: unknown): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((each) => typeof each === 'string')
  );
}
