// rpm's own format (`Packages.db`, SUSE): a table of slots at the start of the file, each of which leads to a blob.
// Little-endian; offsets count blocks of 16 bytes.

import { BLOB_LIMIT, BrokenDatabase, partOf, viewOf } from './broken.ts';

const DATABASE_MAGIC = 0x506d7052; // RpmP
const SLOT_MAGIC = 0x746f6c53; // Slot
const BLOB_MAGIC = 0x53626c42; // BlbS
const PAGE = 4096;
const BLOCK = 16;

/** The blobs of all packages. */
export function* ndbBlobs(bytes: Uint8Array): IterableIterator<Uint8Array> {
  const head = viewOf(partOf(bytes, 0, 32));
  if (head.getUint32(0, true) !== DATABASE_MAGIC)
    throw new BrokenDatabase("is no database of rpm's own format");
  const slots = viewOf(partOf(bytes, 0, head.getUint32(12, true) * PAGE));
  // The file's own header takes the place of two slots.
  for (let at = 2 * BLOCK; at < slots.byteLength; at += BLOCK) {
    if (slots.getUint32(at, true) !== SLOT_MAGIC) throw new BrokenDatabase('has a damaged slot');
    const [package_, block] = [slots.getUint32(at + 4, true), slots.getUint32(at + 8, true)];
    if (package_ === 0 || block === 0) continue;
    const start = block * BLOCK;
    const blob = viewOf(partOf(bytes, start, BLOCK));
    const length = blob.getUint32(12, true);
    if (blob.getUint32(0, true) !== BLOB_MAGIC || blob.getUint32(4, true) !== package_ || length > BLOB_LIMIT)
      throw new BrokenDatabase('has a damaged entry');
    yield partOf(bytes, start + BLOCK, length);
  }
}
