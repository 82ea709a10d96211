// Entries of a merged tree as entries of a new tar: the first name of a file carries its content, the others are links.

import type { LayerSourceEntry, MergedEntry } from '../../oci/layer/index.ts';
import type { SnapshotFiles } from './snapshot.ts';

/** Makes the entries, in whatever order they are asked for; `files` must be ready when they are written. */
export function mergedSources(files: SnapshotFiles): (found: MergedEntry) => LayerSourceEntry {
  const inodes = new Map<string, string>();
  return ({ entry, inode }) => {
    const first = inode === undefined ? undefined : inodes.get(inode);
    if (first !== undefined) {
      const { digest: _, ...rest } = entry;
      return { entry: { ...rest, type: 'hardlink', size: 0, link: first } };
    }
    if (inode !== undefined) inodes.set(inode, entry.path);
    return entry.type === 'file' ? { entry, open: () => files.tree.open(entry.path) } : { entry };
  };
}
