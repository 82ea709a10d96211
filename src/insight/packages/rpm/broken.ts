// What the readers of rpm's databases have in common.

/** The blobs of a database, one a package. @throws BrokenDatabase */
export type BlobReader = (bytes: Uint8Array) => IterableIterator<Uint8Array>;

/** A database that is not what it should be; the message goes on the database's name. */
export class BrokenDatabase extends Error {}

/** A package's header is never larger. */
export const BLOB_LIMIT = 64 * 1024 * 1024;

/** A view of a part of a database; out of bounds is broken. */
export function partOf(bytes: Uint8Array, start: number, length: number): Uint8Array {
  if (start < 0 || length < 0 || start + length > bytes.length)
    throw new BrokenDatabase('ends too early, or points outside of itself');
  return bytes.subarray(start, start + length);
}

/** Its numbers. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
