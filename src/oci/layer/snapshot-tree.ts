// A stack of layers as a tree of files that COPY --from reads.

import { type Digest, displayPath } from '../../core/index.ts';
import { sha256 } from '../../sys/index.ts';
import type { ContentReader, FileTree, TreeEntry } from '../image/index.ts';
import type { MergedEntry, MergedTree } from './types.ts';

/** Where the content of a merged tree's files can be read. */
export interface SnapshotSources {
  /** Opens a file: below the unpacked directory of `file.layer`, or in the tar of `file.content`. */
  open(file: MergedEntry): ContentReader;
  /** The absolute path of a file on the local disk, where there is one. */
  localPath?(file: MergedEntry): string | undefined;
}

/** A stack of layers as a tree for COPY --from. Digests come from the tables of contents. */
export function snapshotTree(merged: MergedTree, sources: SnapshotSources): FileTree {
  const file = (path: string): MergedEntry => {
    const found = merged.get(path);
    if (found?.entry.type !== 'file') throw new Error(`not a file of the tree: ${displayPath(path)}`);
    return found;
  };
  return {
    get(path) {
      const found = merged.get(path);
      if (!found) return path === '' ? ROOT : undefined;
      return treeEntry(found);
    },
    children: (path) => merged.children(path),
    digest(path): Digest {
      const { entry } = file(path);
      return entry.digest ?? (entry.size === 0 ? sha256('') : missing(path));
    },
    open: (path) => sources.open(file(path)),
    ...(sources.localPath ? { localPath: (path: string) => sources.localPath!(file(path)) } : {}),
  };
}

const ROOT: TreeEntry = { path: '', type: 'dir', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: 0 };

function missing(path: string): never {
  throw new Error(`a table of contents has no digest for ${displayPath(path)}`);
}

function treeEntry({ entry, inode }: MergedEntry): TreeEntry {
  const { digest: _, type, ...rest } = entry;
  const shown = { ...rest, type: type as TreeEntry['type'] };
  return inode === undefined ? shown : { ...shown, inode };
}
