import type { LayerSourceEntry, MergedTree } from './types.ts';
/** How to read an upper directory. */
export interface UpperOptions {
  /** What the layers below showed. */
  readonly lower: MergedTree;
  /** The namespace of overlayfs's own attributes, as mounted. */
  readonly overlayXattr: 'trusted' | 'user';
  /** Paths that are left out with all that is below them. */
  readonly omit?: (path: string) => boolean;
}
/** The changes in an overlayfs upper directory as entries of a layer, in canonical order: parents first, names sorted. Reads lazily. */
export function upperEntries(_upperDir: string, _options: UpperOptions): Iterable<LayerSourceEntry> {
  throw new Error('not written yet');
}
