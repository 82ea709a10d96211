// The files of several packages as one tree, as dpkg would lay them out on a system whose /bin, /sbin and /lib are links
// into /usr. Pure but for reading.

import { MilleError } from '../../../core/index.ts';
import type { ContentReader, Entry } from '../../../oci/image/index.ts';

/** A file of the tree. */
export interface OwnedFile {
  readonly entry: Entry;
  /** The package that brought it; undefined for what is made here. */
  readonly owner?: string;
  readonly open?: () => ContentReader;
}

/** A package's files. */
export interface PackageFiles {
  readonly name: string;
  readonly files: { readonly entries: readonly Entry[]; open(entry: Entry): ContentReader };
}

const MERGED = /^(bin|sbin|lib|lib32|lib64|libx32|libo32)(?=\/|$)/;
/** Programs and scripts name these, whatever the packages hold. */
const ALWAYS = ['bin', 'sbin', 'lib'];

/** Where a path is once /bin is /usr/bin. */
export function mergedPath(path: string): string {
  return MERGED.test(path) ? `usr/${path}` : path;
}

/**
 * Puts files together, by path. Directories are of the first package that has them, so the one that brings the system's
 * directories comes first.
 * @param leaveOut whether a path is left out, with all below it
 * @throws MilleError `tool-failed` where two packages bring the same file
 */
export function mergePackages(
  packages: readonly PackageFiles[],
  leaveOut: (path: string, owner: string) => boolean,
): Map<string, OwnedFile> {
  const tree = new Map<string, OwnedFile>();
  const links = new Set<string>(ALWAYS);
  for (const { name, files } of packages) {
    for (const original of files.entries) {
      if (original.path === '') continue;
      const top = MERGED.exec(original.path)?.[1];
      if (top !== undefined) links.add(top);
      // Packages of later releases bring the links themselves.
      if (top === original.path && original.type === 'symlink') continue;
      const path = mergedPath(original.path);
      if (leaveOut(path, name)) continue;
      const entry: Entry = {
        ...original,
        path,
        ...(original.type === 'hardlink' ? { link: mergedPath(original.link ?? '') } : {}),
      };
      const known = tree.get(path);
      if (known?.entry.type === 'dir' && entry.type === 'dir') continue;
      if (known) throw clash(path, known.owner ?? '', name);
      tree.set(path, {
        entry,
        owner: name,
        ...(original.type === 'file' ? { open: () => files.open(original) } : {}),
      });
    }
  }
  for (const link of links)
    tree.set(link, { entry: { ...ROOT, path: link, type: 'symlink', mode: 0o777, link: `usr/${link}` } });
  return tree;
}

const ROOT = { uid: 0, gid: 0, size: 0, mtime: 0 } as const;

function clash(path: string, one: string, other: string): MilleError {
  return new MilleError('tool-failed', `/${path} is in two packages, ${one} and ${other}`, {
    hint: 'which of them counts is decided by scripts that are not run here: leave one out, or make the base without --profile',
  });
}

/**
 * Removes files, hard links to them being files of their own: the first link left takes the content.
 * @returns how many there were
 */
export function removeFiles(tree: Map<string, OwnedFile>, gone: ReadonlySet<string>): void {
  for (const [path, file] of [...tree]) {
    const target = file.entry.type === 'hardlink' ? file.entry.link : undefined;
    if (target === undefined || !gone.has(target) || gone.has(path)) continue;
    const original = tree.get(target);
    if (!original) continue;
    tree.set(path, { ...original, entry: { ...original.entry, path } });
  }
  for (const path of gone) tree.delete(path);
}

/** Directories above every file, where no package brings them, as packages' own are: root's, 0755. */
export function addParents(tree: Map<string, OwnedFile>, mtime: number): void {
  for (const path of [...tree.keys()]) {
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const above = path.slice(0, at);
      if (tree.has(above)) break;
      tree.set(above, { entry: { ...ROOT, path: above, type: 'dir', mode: 0o755, mtime } });
    }
  }
}
