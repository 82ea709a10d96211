// What own layers do to files of the old base, held against what the new base has in those places.

import { parentPath } from '../../core/index.ts';
import type { Entry } from '../../oci/image/index.ts';
import { isLinkerCache, isPackageDatabase } from '../packages/index.ts';
import { type SeenTree, seenTree } from '../programs/index.ts';
import {
  type Concern,
  type ConcernKind,
  concern,
  listAt,
  type OwnLayer,
  type RebaseSubject,
} from './types.ts';

/** Nobody misses these. */
const PASSING =
  /^(tmp|var\/tmp|var\/log|var\/cache|run|var\/lib\/apt\/lists|root\/\.cache)(\/|$)|(^|\/)__pycache__(\/|$)|^etc\/\.pwd\.lock$|^etc\/(passwd|group|shadow|gshadow|subuid|subgid)-$/;

/** Everything that paths alone tell. */
export function pathConcerns(subject: RebaseSubject): readonly Concern[] {
  const touched = new Set<string>();
  return [...subject.own.flatMap((layer) => layerConcerns(layer, subject, touched)), ...lostLinks(subject)];
}

type Found = Map<ConcernKind, string[]>;

function layerConcerns(layer: OwnLayer, subject: RebaseSubject, touched: Set<string>): Concern[] {
  const found: Found = new Map();
  const isCopied = /^(COPY|ADD|WORKDIR)\b/i.test(layer.instruction);
  const note = (kind: ConcernKind, path: string) => listAt(found, kind).push(path);
  const directories = new Map<string, string | undefined>();
  for (const entry of layer.entries) {
    const { path } = entry;
    if (path === '') continue;
    const blocked = inTheWay(path, subject, directories);
    if (blocked !== undefined) note('in-the-way', blocked);
    else if (!touched.has(path)) {
      const kind = entry.type === 'dir' ? directoryKind(entry, subject) : fileKind(entry, subject, isCopied);
      if (kind) note(kind, path);
      const lost =
        entry.type === 'whiteout' || entry.type === 'opaque' ? undefined : lostParent(path, subject);
      if (lost !== undefined) note('directory', lost);
    }
  }
  for (const { path, type } of layer.entries) if (type !== 'dir') touched.add(path);
  return [...found].flatMap(([kind, paths]) => concernsOf(kind, paths, layer.instruction));
}

/**
 * A link or file of the new base where the image has a directory: unpacking would put the directory in its place, and
 * take away what it leads to (`lib` of a Debian with merged directories).
 */
function inTheWay(
  path: string,
  { from, onto }: RebaseSubject,
  known: Map<string, string | undefined>,
): string | undefined {
  const above = parentPath(path);
  if (above === '') return undefined;
  if (known.has(above)) return known.get(above);
  const there = onto.entries.get(above);
  const before = from.entries.get(above);
  const isBlocked =
    there !== undefined && there.type !== 'dir' && (before === undefined || before.type === 'dir');
  const result = isBlocked ? above : inTheWay(above, { from, onto, own: [] }, known);
  known.set(above, result);
  return result;
}

function directoryKind(entry: Entry, { from, onto }: RebaseSubject): ConcernKind | undefined {
  const { path } = entry;
  const [old, now] = [from.entries.get(path), onto.entries.get(path)];
  if (now && now.type !== 'dir') return old?.type === now.type ? undefined : 'in-the-way';
  if (!old || !now || old.type !== 'dir') return undefined;
  // Layers repeat the directories above what they bring, as those were in the old base.
  return PASSING.test(path) || samePlace(entry, now) || samePlace(old, now) ? undefined : 'hidden';
}

function samePlace(a: Entry, b: Entry): boolean {
  return a.mode === b.mode && a.uid === b.uid && a.gid === b.gid;
}

function fileKind(entry: Entry, { from, onto }: RebaseSubject, isCopied: boolean): ConcernKind | undefined {
  const { path, type } = entry;
  const [old, now] = [from.entries.get(path), onto.entries.get(path)];
  // A build on the new base removes it too.
  if (type === 'whiteout' || type === 'opaque') return undefined;
  if (now?.type === 'dir') return 'in-the-way';
  if (isCopied || PASSING.test(path) || (now && alike(entry, now))) return undefined;
  if (old && now && alike(old, now)) return undefined;
  if (isLinkerCache(path)) return 'linker-cache';
  // What is written there says everything of the old base's packages too.
  if (isPackageDatabase(path)) return old ? 'packages' : undefined;
  if (old) return 'rewritten';
  return now ? 'hidden' : undefined;
}

/** But for their times. */
function alike(a: Entry, b: Entry): boolean {
  return (
    a.type === b.type &&
    samePlace(a, b) &&
    a.size === b.size &&
    a.digest === b.digest &&
    a.link === b.link &&
    JSON.stringify(a.xattrs ?? {}) === JSON.stringify(b.xattrs ?? {})
  );
}

/** A directory of the old base that something was put into, and the new base does not have. */
function lostParent(path: string, { from, onto }: RebaseSubject): string | undefined {
  const above = parentPath(path);
  if (above === '' || PASSING.test(`${above}/`)) return undefined;
  return from.entries.get(above)?.type === 'dir' && onto.follow(above) === undefined ? above : undefined;
}

/** `usr/local/lib/python3.11`, `usr/lib/ruby/3.1.0`, `extensions/no-debug-non-zts-20220829`. */
const VERSIONED = /(\d+\.\d+|\d{8})[^/]*(\/|$)/;

function concernsOf(kind: ConcernKind, paths: readonly string[], instruction: string): Concern[] {
  const of = (level: Concern['level'], text: string, some = paths) =>
    concern({ level, kind, text, ...(instruction === '' ? {} : { instruction }) }, some);
  switch (kind) {
    case 'packages':
      return [
        of(
          'breaks',
          'the list of installed packages was written on the old base, and says nothing of those of the new one',
        ),
      ];
    case 'rewritten':
      return [
        of('breaks', 'files of the old base were changed, which are others in the new base or not there'),
      ];
    case 'in-the-way':
      return [
        of('breaks', 'the image and the new base have directories and files or links in the same places'),
      ];
    case 'linker-cache':
      return [of('check', 'the cache of the dynamic linker names the libraries of the old base')];
    case 'hidden':
      return [of('check', 'the new base has its own, which the image hides')];
    case 'directory': {
      const [versioned, others] = [
        paths.filter((one) => VERSIONED.test(one)),
        paths.filter((one) => !VERSIONED.test(one)),
      ];
      return [
        ...(versioned.length > 0
          ? [
              of(
                'breaks',
                'files were put into directories of a version that the new base does not have',
                versioned,
              ),
            ]
          : []),
        ...(others.length > 0
          ? [
              of(
                'check',
                'files were put into directories of the old base that the new one does not have',
                others,
              ),
            ]
          : []),
      ];
    }
    default:
      return [];
  }
}

/** Links of the image that lead to something in the old base, and to nothing in the new one. */
function lostLinks({ from, onto, own }: RebaseSubject): Concern[] {
  const tables = own.map(({ entries }) => ({ entries }));
  const links = tables.flatMap(({ entries }) =>
    entries.filter(({ type }) => type === 'symlink' || type === 'hardlink').map(({ path }) => path),
  );
  if (links.length === 0) return [];
  const on = (base: SeenTree) => seenTree([{ entries: [...base.entries.values()] }, ...tables]);
  const [before, after] = [on(from), on(onto)];
  const leads = (tree: SeenTree, path: string) => {
    const entry = tree.entries.get(path);
    if (entry?.type === 'hardlink') return tree.entries.has(entry.link ?? '');
    const end = tree.follow(path);
    return end !== undefined && tree.entries.has(end.at(-1)!);
  };
  const lost = links.filter((path) => leads(before, path) && after.entries.has(path) && !leads(after, path));
  if (lost.length === 0) return [];
  return [
    concern({ level: 'breaks', kind: 'link', text: 'links lead to what the new base does not have' }, lost),
  ];
}
