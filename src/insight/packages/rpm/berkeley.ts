// Berkeley DB's hash tables (`Packages` of Red Hat up to 8, CentOS 7, Amazon Linux 2): pages of pairs, of which the
// second is the package's header, nearly always in a chain of pages of its own. Read in the order of pages: which
// bucket a pair is in does not matter.

import { BLOB_LIMIT, BrokenDatabase, partOf, viewOf } from './broken.ts';

const HASH_MAGIC = 0x061561;
const PAGE_HEADER = 26;

/** Kinds of pages, and of what stands on them. */
const PAGE = { hashUnsorted: 2, overflow: 7, hash: 13 } as const;
const ITEM = { inline: 1, elsewhere: 3 } as const;

interface Table {
  readonly bytes: Uint8Array;
  readonly little: boolean;
  readonly pageSize: number;
}

/** The blobs of all packages. */
export function* berkeleyBlobs(bytes: Uint8Array): IterableIterator<Uint8Array> {
  const head = viewOf(partOf(bytes, 0, 72));
  const little = head.getUint32(12, true) === HASH_MAGIC;
  if (!little && head.getUint32(12, false) !== HASH_MAGIC)
    throw new BrokenDatabase('is no hash table of Berkeley DB');
  const pageSize = head.getUint32(20, little);
  if (pageSize < 512 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0)
    throw new BrokenDatabase('has pages of an impossible size');
  const table = { bytes, little, pageSize };
  const pages = Math.min(head.getUint32(32, little) + 1, Math.floor(bytes.length / pageSize));
  for (let number = 1; number < pages; number++) {
    const kind = bytes[number * pageSize + 25];
    if (kind === PAGE.hash || kind === PAGE.hashUnsorted) yield* valuesOf(table, number);
  }
}

function pageOf({ bytes, pageSize }: Table, number: number): Uint8Array {
  return partOf(bytes, number * pageSize, pageSize);
}

/** Pairs of a page stand from its end downwards; their offsets are listed at its start, key and value by turns. */
function* valuesOf(table: Table, number: number): IterableIterator<Uint8Array> {
  const page = pageOf(table, number);
  const view = viewOf(page);
  const { little } = table;
  const entries = view.getUint16(20, little);
  if (PAGE_HEADER + entries * 2 > page.length) throw new BrokenDatabase('has a page with too many entries');
  const offset = (i: number) => view.getUint16(PAGE_HEADER + i * 2, little);
  for (let i = 1; i < entries; i += 2) {
    const at = offset(i);
    const kind = page[at];
    if (kind === ITEM.elsewhere) {
      const place = viewOf(partOf(page, at, 12));
      yield chain(table, place.getUint32(4, little), place.getUint32(8, little));
    } else if (kind === ITEM.inline) {
      const value = partOf(page, at + 1, offset(i - 1) - at - 1);
      // The number of the latest package is kept under a key of its own.
      if (value.length > 16) yield value;
    }
  }
}

/** A value on pages of its own. */
function chain(table: Table, first: number, length: number): Uint8Array {
  if (length > BLOB_LIMIT || length > table.bytes.length)
    throw new BrokenDatabase('has an entry that is too large');
  const whole = new Uint8Array(length);
  let filled = 0;
  for (let number = first; number !== 0 && filled < length; ) {
    const page = pageOf(table, number);
    const view = viewOf(page);
    const size = view.getUint16(22, table.little);
    if (page[25] !== PAGE.overflow || size === 0) throw new BrokenDatabase('has a damaged entry');
    const part = partOf(page, PAGE_HEADER, Math.min(size, length - filled));
    whole.set(part, filled);
    filled += part.length;
    number = view.getUint32(16, table.little);
  }
  if (filled < length) throw new BrokenDatabase('has an entry that ends too early');
  return whole;
}
