// What Node's packages take: the files in their directories, without those of packages within.

import { baseName, parentPath } from '../../core/index.ts';
import type { MergedTree } from '../../oci/layer/index.ts';

/** Bytes of each package, by the path of its manifest. */
export function modulesOf(
  tree: MergedTree,
  items: readonly { readonly type: string; readonly path: string }[],
): ReadonlyMap<string, number> {
  const sizes = new Map<string, number>();
  for (const { type, path } of items)
    if (type === 'npm' && !sizes.has(path)) sizes.set(path, sizeBelow(tree, parentPath(path)));
  return sizes;
}

function sizeBelow(tree: MergedTree, directory: string): number {
  let size = 0;
  for (const name of tree.children(directory)) {
    const path = `${directory}/${name}`;
    const entry = tree.get(path)?.entry;
    if (entry?.type === 'file') size += entry.size;
    else if (entry?.type === 'dir' && baseName(path) !== 'node_modules') size += sizeBelow(tree, path);
  }
  return size;
}
