// Whether a layer can be unpacked without knowing what is below it.

import { parentPath } from '../../core/index.ts';
import type { TableOfContents } from '../image/index.ts';

/**
 * Whether every parent and every hard link's target is listed in the layer itself, and it deletes nothing (the
 * mark of a deletion would show as a ghost where there is nothing to delete). The unpacked directory then depends
 * on the diffID alone and can be shared by all stacks; else it depends on the chain.
 */
export function isSelfContained(toc: TableOfContents): boolean {
  const directories = new Set<string>();
  for (const { path, type } of toc.entries) {
    if (type === 'dir') directories.add(path);
    else if (type !== 'whiteout' && type !== 'opaque' && directories.has(path)) directories.delete(path);
  }
  const known = new Set<string>(['']);
  // Entries of a directory mostly come one after the other.
  let last = '';
  const listed = (directory: string) => {
    if (directory === last || known.has(directory)) return true;
    if (!directories.has(directory)) return false;
    known.add(directory);
    last = directory;
    return true;
  };
  return (
    toc.entries.every(({ path, type }) => {
      if (type === 'whiteout' || type === 'opaque') return false;
      return path === '' || listed(parentPath(path));
    }) && linksWithin(toc)
  );
}

/** Whether each hard link leads to something that is listed. */
function linksWithin({ entries }: TableOfContents): boolean {
  const links = entries.flatMap(({ type, link }) => (type === 'hardlink' ? [link!] : []));
  if (links.length === 0) return true;
  const paths = new Set(entries.map(({ path }) => path));
  return links.every((link) => paths.has(link));
}
