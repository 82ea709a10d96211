import type { MergedTree, ScannedLayer } from './types.ts';
/** How to unpack a layer. */
export interface UnpackOptions {
  /** The namespace of overlayfs's own attributes: `trusted` for real root, `user` inside a user namespace (userxattr). */
  readonly overlayXattr: 'trusted' | 'user';
  /** What the layers below show; needed for a layer that is not self-contained. */
  readonly lower?: MergedTree;
  /** The absolute path of a file of the layers below. */
  readonly lowerPath?: (path: string) => string | undefined;
  /** Also hash the tar and make its table of contents. */
  readonly scan?: boolean;
}
/** What came of it. */
export interface UnpackResult {
  /** Entries that could not be made for want of privilege (device nodes in a user namespace): paths. */
  readonly skipped: readonly string[];
  /** With `scan`. */
  readonly scanned?: ScannedLayer;
}
/** Unpacks a layer's plain tar into the empty directory `target`, as an overlayfs lower directory. */
export async function unpackLayer(
  _stream: AsyncIterable<Uint8Array>,
  _target: string,
  _options: UnpackOptions,
): Promise<UnpackResult> {
  throw new Error('not written yet');
}
