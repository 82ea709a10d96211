import type { ContentReader, FileTree } from '../image/index.ts';
import type { MergedEntry, MergedTree } from './types.ts';
/** Where the content of a merged tree's files can be read. */
export interface SnapshotSources {
  open(file: MergedEntry): ContentReader;
  /** The absolute path of a file on the local disk, where there is one. */
  localPath?(file: MergedEntry): string | undefined;
}
/** A stack of layers as a tree for COPY --from. */
export function snapshotTree(_merged: MergedTree, _sources: SnapshotSources): FileTree {
  throw new Error('not written yet');
}
