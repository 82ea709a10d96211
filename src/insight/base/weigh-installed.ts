// What each installed package weighs in a root file system, by the lists of files that dpkg keeps.

import type { FileTree } from '../../oci/image/index.ts';
import type { PlannedEntry } from './rootfs-plan.ts';

const INFO = 'var/lib/dpkg/info';
const MERGED = /^(bin|sbin|lib|lib32|lib64|libx32)(?=\/)/;

/** Bytes of files by package; '' for what none of them has in its list. */
export function weighInstalled(
  entries: readonly PlannedEntry[],
  { tree, read }: { readonly tree: FileTree; read(path: string): Uint8Array },
): ReadonlyMap<string, number> {
  const owners = new Map<string, string>();
  for (const name of tree.children(INFO)) {
    if (!name.endsWith('.list')) continue;
    const owner = name.replace(/(:[a-z0-9-]+)?\.list$/, '');
    for (const line of new TextDecoder().decode(read(`${INFO}/${name}`)).split('\n'))
      owners.set(line.slice(1).replace(MERGED, 'usr/$1'), owner);
  }
  const weights = new Map<string, number>();
  for (const { entry } of entries) {
    if (entry.type !== 'file') continue;
    const owner = owners.get(entry.path) ?? '';
    weights.set(owner, (weights.get(owner) ?? 0) + entry.size);
  }
  return weights;
}
