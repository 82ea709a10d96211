// What containers can see of two images besides their files one by one: the root directory itself, and which names are
// those of one file.

import { type MergedTree, mergeTables } from '../../oci/layer/index.ts';
import type { FileChange, Stack } from '../differences/index.ts';

/** The root directory is in every image, whether a layer lists it or not; only its mode and owner can be other ones. */
export function rootChange(before: Stack, after: Stack): FileChange[] {
  const [a, b] = [before, after].map(({ tables }) => mergeTables(tables).get('')?.entry);
  const [old, now] = [a, b].map((entry) => entry ?? { mode: 0o755, uid: 0, gid: 0 });
  const aspects = [
    ...(old!.mode === now!.mode ? [] : (['mode'] as const)),
    ...(old!.uid === now!.uid && old!.gid === now!.gid ? [] : (['owner'] as const)),
  ];
  if (aspects.length === 0) return [];
  return [
    {
      ...({ path: '', kind: 'changed', aspects } as const),
      ...(a ? { before: a } : {}),
      ...(b ? { after: b } : {}),
      ...{ beforeBytes: 0, afterBytes: 0 },
      cause: { side: 'after', layer: after.tables.length - 1 },
    },
  ];
}

/**
 * Files that have other names beside theirs in one image only: who writes to one of them writes to the other as well.
 * @param known what differs anyway, which is not told twice
 */
export function linkChanges(
  [before, after]: readonly [Stack, Stack],
  known: readonly FileChange[],
): FileChange[] {
  const told = new Map(known.map(({ path, kind }) => [path, kind]));
  const [old, now] = [mergeTables(before.tables), mergeTables(after.tables)];
  // A name that is gone or new is told as that; those that stay are compared.
  const both = (path: string) => told.get(path) === undefined || told.get(path) === 'changed';
  const [a, b] = [namesOfFiles(old, both), namesOfFiles(now, both)];
  const paths = [...new Set([...a.keys(), ...b.keys()])];
  return paths
    .filter((path) => !told.has(path) && a.get(path) !== b.get(path))
    .sort()
    .map((path): FileChange => {
      const [one, two] = [old.get(path)!, now.get(path)!];
      return {
        ...({ path, kind: 'changed', aspects: ['link'] } as const),
        ...{ before: one.entry, after: two.entry, beforeBytes: 0, afterBytes: 0 },
        cause: { side: 'after', layer: two.layer },
      };
    });
}

/** By path: all names of its file, where there are several. */
function namesOfFiles(tree: MergedTree, counts: (path: string) => boolean): ReadonlyMap<string, string> {
  const byInode = new Map<string, string[]>();
  for (const { entry, inode } of tree.walk()) {
    if (inode === undefined || !counts(entry.path)) continue;
    const names = byInode.get(inode);
    if (names) names.push(entry.path);
    else byInode.set(inode, [entry.path]);
  }
  const several = [...byInode.values()].filter(({ length }) => length > 1);
  return new Map(several.flatMap((names) => names.map((path) => [path, names.join('\n')])));
}
