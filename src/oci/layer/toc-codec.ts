import type { TableOfContents } from '../image/index.ts';
/** A table of contents as compact bytes for the database. */
export function encodeToc(_toc: TableOfContents): Uint8Array {
  throw new Error('not written yet');
}
/** Undoes `encodeToc`. */
export function decodeToc(_bytes: Uint8Array): TableOfContents {
  throw new Error('not written yet');
}
