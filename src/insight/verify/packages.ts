// Packages of a distribution that are not installed any more. What goes with one is told by the database of the package
// manager itself, before and after: files that are nobody else's, what was made of them, and the books that are kept of
// them. What stays must be there as it was, and must find all that it needs.

import { baseName, cleanRelative, parentPath } from '../../core/index.ts';
import type { Entry } from '../../oci/image/index.ts';
import type { FileChange } from '../differences/index.ts';
import type { Allowance } from '../optimize/index.ts';
import { type DebianDatabase, isSharedBook, unmetWithout } from '../packages/index.ts';
import { sourceOf } from './left-out.ts';
import type { Missed } from './types.ts';

/** What is known of the packages of both images. */
export interface PackageFacts {
  readonly before: DebianDatabase;
  readonly after: DebianDatabase;
  /** Of programs of the original's image, by path: the files without which they do not start, as far as that can be read. */
  readonly needs: ReadonlyMap<string, readonly string[]>;
}

/** What comes of packages that are gone. */
export interface PackageChanges {
  /** Whether a difference goes with them. */
  readonly covers: (change: FileChange) => boolean;
  /** What is missing for what stays. */
  readonly missed: readonly Missed[];
}

type PackageAllowance = Extract<Allowance, { readonly what: 'packages' }>;

/** @param changes all differences of the two images; '' is the root directory */
export function packageChanges(
  allowances: readonly PackageAllowance[],
  facts: PackageFacts,
  changes: readonly FileChange[],
): PackageChanges {
  const allowed = new Set(allowances.flatMap(({ removed }) => removed));
  const { before, after } = facts;
  const missing = [...before.packages.keys()].filter((id) => !after.packages.has(id));
  // What else is gone has to be somebody else's business, path by path.
  const gone = new Set(missing.filter((id) => allowed.has(id)));
  const isAsItWas = [...after.packages].every(
    ([id, { stanza }]) => before.packages.get(id)?.stanza === stanza,
  );
  if (!isAsItWas || gone.size === 0) return { covers: () => false, missed: [] };
  return {
    covers: coverer({ before, gone, changes }),
    missed: missedOf(facts, { gone: new Set(missing), changes }),
  };
}

interface Gone {
  readonly before: DebianDatabase;
  readonly gone: ReadonlySet<string>;
  readonly changes: readonly FileChange[];
}

function missedOf({ before, needs }: PackageFacts, { gone, changes }: Omit<Gone, 'before'>): Missed[] {
  const removed = new Set(changes.flatMap(({ path, kind }) => (kind === 'removed' ? [path] : [])));
  const programs = [...needs].flatMap(([path, all]): Missed[] => {
    const needed = removed.has(path) ? undefined : all.find((one) => removed.has(one));
    return needed === undefined ? [] : [{ what: 'file', path, needed }];
  });
  const packages = unmetWithout(before, gone).map(
    (one): Missed => ({ what: 'package', name: one.package, needed: one.on.join(' | ') }),
  );
  return [...packages, ...programs];
}

function coverer({ before: { owners, packages }, gone, changes }: Gone): PackageChanges['covers'] {
  const removed = new Map(changes.flatMap((one) => (one.kind === 'removed' ? [[one.path, one]] : [])));
  const names = new Set([...gone].map((id) => packages.get(id)!.name));
  const children = childrenOf(removed.keys());
  const known = new Map<string, boolean>();
  const layers = new Set(
    [...removed.values()].flatMap(({ path, cause }) =>
      cause.side === 'before' && isBookOf(names, path) ? [cause.layer] : [],
    ),
  );
  const cameWithThem = ({ side, layer }: FileChange['cause']) => side === 'before' && layers.has(layer);
  const isTheirs = (path: string): boolean | undefined => owners.get(path)?.every((id) => gone.has(id));
  const contents = new Set(
    [...removed.values()].flatMap(({ path, before: entry }) =>
      entry?.digest !== undefined && isTheirs(path) ? [entry.digest] : [],
    ),
  );
  const isCopyOfTheirs = ({ digest }: Entry) => digest !== undefined && contents.has(digest);
  const goes = (path: string): boolean => {
    const found = known.get(path);
    if (found !== undefined) return found;
    // Links that lead to one another lead nowhere.
    known.set(path, false);
    const result = removed.has(path) && (isTheirs(path) ?? wasMade(removed.get(path)!));
    known.set(path, result);
    return result;
  };
  /** Of what no package lists: whether it was made of what they had. */
  const wasMade = ({ path, before: entry, cause }: FileChange): boolean => {
    const directory = parentPath(path);
    if (isBookOf(names, path)) return true;
    if (directory === 'var/lib/dpkg/alternatives') return goes(`etc/alternatives/${baseName(path)}`);
    if (/^var\/lib\/systemd\/deb-systemd-(user-)?helper-/.test(path)) return true;
    // Scripts of packages copy what is to be edited: `/etc/inputrc` is one of `/usr/share/readline/inputrc`.
    if (entry?.type === 'file' && entry.size > 0 && cameWithThem(cause) && isCopyOfTheirs(entry)) return true;
    if (names.has(WRITTEN_BY_SCRIPTS.get(path) ?? '') && cameWithThem(cause)) return true;
    if (entry?.type === 'symlink' && targetsOf(directory, entry.link ?? '').some(goes)) return true;
    if (path.endsWith('.pyc') && goes(sourceOf(path))) return true;
    if (entry?.type === 'dir') {
      const below = children.get(path) ?? [];
      // Scripts of packages make directories for what may come.
      if (below.every(goes) && (below.length > 0 || cameWithThem(cause))) return true;
    }
    return isBelowTheirs(directory, isTheirs);
  };
  return ({ path, kind, aspects }) => {
    if (kind === 'removed' && goes(path)) return true;
    if (!isSharedBook(path) || kind === 'added') return false;
    // With the last thing that it tells a book goes as well: no package that came in for another is left.
    return kind === 'removed' || aspects.every((aspect) => aspect === 'content');
  };
}

/** What scripts of packages write themselves, without a file of theirs to copy. Debian's perl recommends netbase. */
const WRITTEN_BY_SCRIPTS: ReadonlyMap<string, string> = new Map([['etc/networks', 'netbase']]);

/** `var/lib/dpkg/info/libc6:amd64.list` is about libc6. */
function isBookOf(names: ReadonlySet<string>, path: string): boolean {
  const name = baseName(path).replace(/(?::[^:]*)?\.[a-z0-9]+$/, '');
  return parentPath(path) === 'var/lib/dpkg/info' && names.has(name);
}

/** Whether the nearest directory above that any package lists is theirs alone. */
function isBelowTheirs(directory: string, isTheirs: (path: string) => boolean | undefined): boolean {
  for (let at = directory; at !== ''; at = parentPath(at)) {
    const found = isTheirs(at);
    if (found !== undefined) return found;
  }
  return false;
}

/** Where a link leads; where /usr was merged, /lib and the like are in it. */
function targetsOf(directory: string, link: string): readonly string[] {
  const target = cleanRelative(link.startsWith('/') ? link : `${directory}/${link}`);
  return [target, `usr/${target}`];
}

function childrenOf(paths: Iterable<string>): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  for (const path of paths) {
    const known = found.get(parentPath(path));
    if (known) known.push(path);
    else found.set(parentPath(path), [path]);
  }
  return found;
}
