// The table `Packages` of rpmdb.sqlite, read from the bytes of the file (SQLite's documentation, "Database File
// Format"): the engine itself would carry out what a hostile schema says, and wants a file.

import { BLOB_LIMIT, BrokenDatabase, partOf, viewOf } from './broken.ts';

const MAGIC = 'SQLite format 3\0';
const LEAF = 0x0d;
const INTERIOR = 0x05;

/** Of b-trees; each level has at least two pages, and pages are at least 512 bytes. */
const MOST_LEVELS = 40;

interface Pages {
  readonly bytes: Uint8Array;
  readonly pageSize: number;
  /** Bytes of a page that are for content. */
  readonly usable: number;
}

/** The blobs of all packages. */
export function* sqliteBlobs(bytes: Uint8Array): IterableIterator<Uint8Array> {
  const pages = open(bytes);
  const root = rootOf(pages, 'Packages');
  if (root === undefined) throw new BrokenDatabase('has no table of packages');
  for (const record of rows(pages, root)) {
    // hnum, which is the row's number and stored as nothing, and the blob.
    const blob = columns(record)[1];
    if (blob instanceof Uint8Array) yield blob;
  }
}

function open(bytes: Uint8Array): Pages {
  for (let i = 0; i < MAGIC.length; i++)
    if (bytes[i] !== MAGIC.charCodeAt(i)) throw new BrokenDatabase('is no SQLite database');
  const stored = viewOf(partOf(bytes, 0, 100)).getUint16(16);
  const pageSize = stored === 1 ? 65_536 : stored;
  const usable = pageSize - bytes[20]!;
  if (pageSize < 512 || (pageSize & (pageSize - 1)) !== 0 || usable < 480)
    throw new BrokenDatabase('has pages of an impossible size');
  return { bytes, pageSize, usable };
}

/** Where the tree of a table begins: the schema is a table too, at page 1. */
function rootOf(pages: Pages, table: string): number | undefined {
  for (const record of rows(pages, 1)) {
    const [type, name, , root] = columns(record);
    if (type === 'table' && name === table && typeof root === 'number') return root;
  }
  return undefined;
}

function page(pages: Pages, number: number): Uint8Array {
  return partOf(pages.bytes, (number - 1) * pages.pageSize, pages.pageSize);
}

/** The records of a table, in order. A page is visited once: a tree that comes back to itself is broken. */
function* rows(pages: Pages, root: number): IterableIterator<Uint8Array> {
  const seen = new Set<number>();
  function* visit(number: number, level: number): IterableIterator<Uint8Array> {
    if (seen.has(number) || level > MOST_LEVELS)
      throw new BrokenDatabase('has pages that lead to themselves');
    seen.add(number);
    const content = page(pages, number);
    const view = viewOf(content);
    // The file's own header takes the start of the first page.
    const head = number === 1 ? 100 : 0;
    const [kind, cells] = [content[head], view.getUint16(head + 3)];
    const pointers = head + (kind === INTERIOR ? 12 : 8);
    if (pointers + cells * 2 > content.length) throw new BrokenDatabase('has a page with too many cells');
    for (let i = 0; i < cells; i++) {
      const at = view.getUint16(pointers + i * 2);
      if (kind === INTERIOR) yield* visit(viewOf(partOf(content, at, 4)).getUint32(0), level + 1);
      else if (kind === LEAF) yield record(pages, content, at);
      else throw new BrokenDatabase('has a page of an unknown kind');
    }
    if (kind === INTERIOR) yield* visit(view.getUint32(head + 8), level + 1);
  }
  yield* visit(root, 0);
}

/** A cell's payload: what fits lies in the page, the rest in a chain of further ones. */
function record(pages: Pages, content: Uint8Array, at: number): Uint8Array {
  const [size, afterSize] = varint(content, at);
  const [, start] = varint(content, afterSize);
  const { usable } = pages;
  const most = usable - 35;
  if (size > BLOB_LIMIT) throw new BrokenDatabase('has an entry that is too large');
  if (size <= most) return partOf(content, start, size);
  const least = Math.floor(((usable - 12) * 32) / 255) - 23;
  const fitting = least + ((size - least) % (usable - 4));
  const local = fitting <= most ? fitting : least;
  const whole = new Uint8Array(size);
  whole.set(partOf(content, start, local));
  let next = viewOf(partOf(content, start + local, 4)).getUint32(0);
  for (let filled = local; filled < size; ) {
    if (next === 0) throw new BrokenDatabase('has an entry that ends too early');
    const overflow = page(pages, next);
    const part = overflow.subarray(4, 4 + Math.min(usable - 4, size - filled));
    whole.set(part, filled);
    filled += part.length;
    next = viewOf(overflow).getUint32(0);
  }
  return whole;
}

type Value = number | string | Uint8Array | undefined;

/** The values of a record. Numbers of more than 48 bits and fractions are of no interest here. */
function columns(bytes: Uint8Array): Value[] {
  const [headSize, afterSize] = varint(bytes, 0);
  const values: Value[] = [];
  let body = headSize;
  for (let at = afterSize; at < headSize; ) {
    const [type, next] = varint(bytes, at);
    at = next;
    const length = lengthOf(type);
    const part = partOf(bytes, body, length);
    body += length;
    if (type >= 12) values.push(type % 2 === 0 ? part : String.fromCharCode(...part.subarray(0, 256)));
    else if (type >= 1 && type <= 5) values.push(part.reduce((sum, byte) => sum * 256 + byte, 0));
    else values.push(type === 8 ? 0 : type === 9 ? 1 : undefined);
  }
  return values;
}

/** By serial type. */
function lengthOf(type: number): number {
  if (type >= 12) return Math.floor((type - 12) / 2);
  return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0][type]!;
}

/** Seven bits a byte, the highest first; eight in the ninth. @returns the value, and where it ends */
function varint(bytes: Uint8Array, at: number): [number, number] {
  let value = 0;
  for (let i = 0; i < 9; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) throw new BrokenDatabase('ends within a number');
    if (i === 8) return [value * 256 + byte, at + 9];
    value = value * 128 + (byte & 0x7f);
    if (byte < 0x80) return [value, at + i + 1];
  }
  return [value, at + 9];
}
