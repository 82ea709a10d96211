// Whether a layer can be unpacked without knowing what is below it.

import { parentPath } from '../../core/index.ts';
import type { EntryType, TableOfContents } from '../image/index.ts';

/**
 * Whether every parent and every hard link's target is listed in the layer itself, and it deletes nothing (the
 * mark of a deletion would show as a ghost where there is nothing to delete). The unpacked directory then depends
 * on the diffID alone and can be shared by all stacks; else it depends on the chain.
 */
export function isSelfContained(toc: TableOfContents): boolean {
  const types = new Map<string, EntryType>();
  for (const { path, type } of toc.entries)
    if (type !== 'whiteout' && type !== 'opaque') types.set(path, type);
  const known = new Set<string>(['']);
  const listed = (directory: string) => {
    if (known.has(directory)) return true;
    if (types.get(directory) !== 'dir') return false;
    known.add(directory);
    return true;
  };
  return toc.entries.every(({ path, type, link }) => {
    if (type === 'whiteout' || type === 'opaque') return false;
    if (path !== '' && !listed(parentPath(path))) return false;
    return type !== 'hardlink' || types.has(link!);
  });
}
