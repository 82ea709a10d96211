// Tables of contents as bytes for the database: one JSON array with a short array per entry, compressed. Lone
// surrogates (names that are not UTF-8) survive, for JSON escapes them.

import type { Digest } from '../../core/index.ts';
import { jsonArray, packBytes, readJsonArray, unpackBytes } from '../../sys/index.ts';
import { ENTRY_TYPES, type Entry, type TableOfContents } from '../image/index.ts';

const VERSION = 1;

type Row = readonly [
  path: string,
  type: number,
  mode: number,
  uid: number,
  gid: number,
  mtime: number,
  size?: number,
  digest?: string,
  more?: Pick<Entry, 'link' | 'major' | 'minor' | 'xattrs'>,
];

/** A table of contents as compact bytes for the database. */
export function encodeToc(toc: TableOfContents): Uint8Array {
  return packBytes(jsonArray([VERSION], toc.entries, (entry) => [toRow(entry)]));
}

function toRow(entry: Entry): Row {
  const { path, type, mode, uid, gid, mtime, size, digest, link, major, minor, xattrs } = entry;
  const head = [path, ENTRY_TYPES.indexOf(type), mode, uid, gid, mtime] as const;
  const more = link !== undefined || major !== undefined || minor !== undefined || xattrs !== undefined;
  if (more)
    return [...head, size, digest?.slice(7) ?? '', { link, major, minor, xattrs } as NonNullable<Row[8]>];
  if (digest !== undefined) return [...head, size, digest.slice(7)];
  return size === 0 ? head : [...head, size];
}

/** Undoes `encodeToc`. @throws Error for bytes of another version: the database is ours */
export function decodeToc(bytes: Uint8Array): TableOfContents {
  const entries: Entry[] = [];
  for (const some of decodeEntries(bytes)) for (const entry of some) entries.push(entry);
  return { entries };
}

/** The same some hundred entries at a time: of a table of hundreds of thousands not all need be there at once. */
export function* decodeEntries(bytes: Uint8Array): Generator<readonly Entry[], void, void> {
  let version: unknown;
  for (const values of readJsonArray(unpackBytes(bytes))) {
    const isFirst = version === undefined;
    if (isFirst) {
      version = values[0];
      if (version !== VERSION) throw new Error(`table of contents of version ${version}`);
    }
    yield (isFirst ? values.slice(1) : values).map((row) => fromRow(row as Row));
  }
}

/** Without spreading where it can be: what that makes takes more room. */
function fromRow(row: Row): Entry {
  const [path, type, mode, uid, gid, mtime, size = 0, hex = '', more] = row;
  const kind = ENTRY_TYPES[type]!;
  // Written by `encodeToc` from a digest.
  const digest = `sha256:${hex}` as Digest;
  if (!more)
    return hex === ''
      ? { path, type: kind, mode, uid, gid, size, mtime }
      : { path, type: kind, mode, uid, gid, size, mtime, digest };
  const head = { path, type: kind, mode, uid, gid, size, mtime };
  return hex === '' ? { ...head, ...more } : { ...head, ...more, digest };
}
