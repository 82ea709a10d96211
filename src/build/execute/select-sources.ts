// First half of COPY and ADD: which files of a tree the sources name. Needs no knowledge of the image, so a step
// that turns out to be a cache hit costs no more than this. The rules are those of the Dockerfile reference and
// of BuildKit, as listed in docs/differences.md where they leave a choice.

import {
  baseName,
  cleanRelative,
  displayPath,
  editDistance,
  joinRelative,
  MilleError,
  type Span,
} from '../../core/index.ts';
import { createIgnoreMatcher, hasWildcard, matchPattern, parsePatterns } from '../../lang/ignore/index.ts';
import type { FileTree, TreeEntry } from '../../oci/image/index.ts';

/** What to select. */
export interface SourceRequest {
  readonly tree: FileTree;
  /** The source as written, after expansion. */
  readonly path: string;
  /** Where the tree comes from, for messages: `the build context`, `stage 'builder'`. */
  readonly origin: string;
  readonly span?: Span;
  /** Whether files keep the owner they have in the tree, unless --chown says otherwise. */
  readonly keepsOwner?: boolean;
  /** Tells why a path is not there, where something is known, such as an ignore rule. */
  readonly explainMissing?: (path: string) => string | undefined;
  /** Leaves out paths relative to the source, for --exclude. */
  readonly excludes?: (path: string) => boolean;
}

/** One file or directory that a source names, with all that is below it. */
export interface Selection {
  readonly tree: FileTree;
  /** Its name as the source said it, before following links: what a file is called at its destination. */
  readonly name: string;
  /** The path the source said, relative to the tree's root. */
  readonly path: string;
  readonly root: TreeEntry;
  /** Whether files keep the owner they have in the tree, unless --chown says otherwise. */
  readonly keepsOwner: boolean;
  /** Whether the tree is what the step names as its source, and not something that was fetched or written for it. */
  readonly own?: true;
  /** What is below, parents first; `relative` to the root. */
  readonly below: readonly SelectedEntry[];
}

/** An entry below a selected directory. */
export interface SelectedEntry {
  readonly relative: string;
  readonly entry: TreeEntry;
  /** A directory that is not asked for itself, but for the sake of what is below it. */
  readonly implied?: boolean;
}

/**
 * Selects what one source names. A pattern that matches nothing selects nothing; a plain name must exist.
 * @throws MilleError `source-missing`, with the nearest names.
 */
export function selectSources(request: SourceRequest): Selection[] {
  return expandPattern(request, cleanRelative(request.path)).map((match) => selectMatch(request, match));
}

/**
 * Selects what one plain path names: no character of it is a pattern.
 * @throws MilleError `source-missing`, with the nearest names.
 */
export function selectPath(request: SourceRequest): Selection {
  return selectMatch(request, cleanRelative(request.path));
}

function selectMatch(request: SourceRequest, match: string): Selection {
  const real = followLinks(request.tree, match);
  const root = real === undefined ? undefined : request.tree.get(real);
  if (!root) throw missing(request, match);
  const below = root.type === 'dir' ? walk(request, root.path) : [];
  const keepsOwner = request.keepsOwner ?? false;
  return { tree: request.tree, name: baseName(match), path: match, root, keepsOwner, below };
}

const PIVOT = /\/\.\//;

/**
 * Selects for COPY --parents: the directory before `/./` (else the root) with only what the rest of the source
 * matches, as BuildKit does. `**` matches any number of directories, and a directory that matches brings all below it.
 * @throws MilleError `source-missing` where nothing in the source is a pattern and it is not there.
 */
export function selectWithParents(request: SourceRequest): Selection[] {
  const cut = PIVOT.exec(request.path)?.index;
  const base = cleanRelative(cut === undefined ? '' : request.path.slice(0, cut));
  const pattern = cleanRelative(cut === undefined ? request.path : request.path.slice(cut + 3));
  if (pattern === '') throw nothingAfterPivot(request);
  // A name that would be an exception in a list of patterns is none here.
  const text = pattern.replace(/^!/, '\\$&');
  const matcher = createIgnoreMatcher(parsePatterns({ name: request.path, text }));
  return expandPattern(request, base).flatMap((match) => {
    const all = selectMatch(request, match);
    const found = all.below.filter(({ relative }) => matcher.isIgnored(relative));
    if (found.length === 0 && !hasWildcard(base) && !hasWildcard(pattern))
      throw missing(request, joinRelative(base, pattern));
    // A file that the part before `/./` matches has nothing below it.
    if (all.root.type !== 'dir') return [];
    return { ...all, below: withParents(request, all.root.path, found) };
  });
}

function nothingAfterPivot({ path, span }: SourceRequest): MilleError {
  return new MilleError(
    'source-missing',
    `'${displayPath(path)}' names nothing for --parents to keep the path of`,
    {
      hint: "end it with '*' for everything that is in there",
      ...(span ? { span } : {}),
    },
  );
}

/**
 * The paths that a pattern matches, or the path itself where it is none. What stands before the first name with a
 * wildcard must be there, links followed; below it a wildcard leads through no link.
 */
function expandPattern(request: SourceRequest, pattern: string): string[] {
  const parts = pattern.split('/');
  const wild = parts.findIndex(hasWildcard);
  if (wild < 0) return [pattern];
  const plain = parts.slice(0, wild).join('/');
  const base = followLinks(request.tree, plain);
  if (base === undefined) throw missing(request, plain);
  return parts.slice(wild).reduce(
    (paths, part, index) => {
      const last = index === parts.length - wild - 1;
      return paths.flatMap((path) => matchNames(request.tree, path, { part, last }));
    },
    [base],
  );
}

function matchNames(
  tree: FileTree,
  directory: string,
  { part, last }: { readonly part: string; readonly last: boolean },
): string[] {
  return tree
    .children(directory)
    .filter((name) => matchPattern(part, name))
    .map((name) => joinRelative(directory, name))
    .filter((path) => last || tree.get(path)?.type === 'dir');
}

function walk(request: SourceRequest, root: string): SelectedEntry[] {
  const found: SelectedEntry[] = [];
  const below = root === '' ? 0 : root.length + 1;
  const visit = (directory: string) => {
    for (const entry of entriesOf(request.tree, directory)) {
      // The very text of its path where it is whole: there is one for every file.
      const relative = below === 0 ? entry.path : entry.path.slice(below);
      const excluded = request.excludes?.(relative) ?? false;
      if (!excluded) found.push({ relative, entry });
      if (entry.type === 'dir') visit(entry.path);
    }
  };
  visit(root);
  return request.excludes ? withParents(request, root, found) : found;
}

function entriesOf(tree: FileTree, directory: string): readonly TreeEntry[] {
  if (tree.entries) return tree.entries(directory);
  return tree.children(directory).flatMap((name) => tree.get(joinRelative(directory, name)) ?? []);
}

/** A directory that is excluded but holds something that is not must be made all the same. */
function withParents(request: SourceRequest, root: string, found: readonly SelectedEntry[]): SelectedEntry[] {
  const known = new Map(found.map((item) => [item.relative, item]));
  for (const { relative } of found) {
    for (let slash = relative.indexOf('/'); slash > 0; slash = relative.indexOf('/', slash + 1)) {
      const parent = relative.slice(0, slash);
      const entry = known.has(parent) ? undefined : request.tree.get(joinRelative(root, parent));
      if (entry) known.set(parent, { relative: parent, entry, implied: true });
    }
  }
  return [...known.values()].sort((a, b) => (a.relative < b.relative ? -1 : 1));
}

const MAX_LINKS = 40;

/**
 * Resolves every symbolic link of a path inside a tree, links to absolute paths included, never above its root.
 * @returns undefined where something is missing or links go round in circles.
 */
export function followLinks(tree: FileTree, path: string): string | undefined {
  let rest = path === '' ? [] : path.split('/');
  let done: string[] = [];
  let links = 0;
  while (rest.length > 0) {
    const [part, ...after] = rest as [string, ...string[]];
    rest = after;
    if (part === '' || part === '.') continue;
    if (part === '..') {
      done.pop();
      continue;
    }
    const entry = tree.get([...done, part].join('/'));
    if (!entry) return undefined;
    if (entry.type !== 'symlink') {
      if (entry.type !== 'dir' && rest.length > 0) return undefined;
      done.push(part);
      continue;
    }
    if (++links > MAX_LINKS) return undefined;
    const target = entry.link ?? '';
    if (target.startsWith('/')) done = [];
    rest = [...target.split('/'), ...rest];
  }
  return done.join('/');
}

function missing(request: SourceRequest, path: string): MilleError {
  const { tree, origin, span } = request;
  const why = request.explainMissing?.(path) ?? outside(request) ?? deadLink(tree, path) ?? escaped(path);
  const near = why ? undefined : nearest(tree, path);
  const slash = request.path.startsWith('/') ? '/' : '';
  const hint =
    why ??
    (near ? `did you mean '${slash}${displayPath(near)}'?` : `paths are relative to the root of ${origin}`);
  const written = hasWildcard(request.path) ? `${slash}${path}` : request.path;
  return new MilleError('source-missing', `'${displayPath(written)}' is not in ${origin}`, {
    hint,
    ...(span ? { span } : {}),
  });
}

/** `..` is clamped at the root, as in Docker; who writes it usually expects to get out. */
function outside({ path, origin }: SourceRequest): string | undefined {
  let depth = 0;
  for (const part of path.split('/')) {
    if (part === '..' && --depth < 0)
      return `'..' does not lead out of ${origin}: build from a directory further up`;
    if (part !== '' && part !== '.' && part !== '..') depth++;
  }
  return undefined;
}

/** Only next to a wildcard does a backslash take a character literally. */
function escaped(path: string): string | undefined {
  if (!/\\[*?[\\]/.test(path)) return undefined;
  return "without a wildcard in the same path a backslash is part of the name: write '?' or, with another wildcard, '\\*'";
}

/** The path is there, but it is a link to something that is not. */
function deadLink(tree: FileTree, path: string): string | undefined {
  const link = tree.get(path)?.link;
  if (link === undefined) return undefined;
  return `'${displayPath(path)}' is a link to '${displayPath(link)}', which is not there: links do not lead out`;
}

/** The existing path most like a missing one: the deepest existing directory, and in it the nearest name. */
function nearest(tree: FileTree, path: string): string | undefined {
  const parts = path.split('/');
  let directory = '';
  for (const part of parts) {
    const next = joinRelative(directory, part);
    if (tree.get(next)?.type === 'dir') {
      directory = next;
      continue;
    }
    const best = tree
      .children(directory)
      .map((name) => ({ name, distance: editDistance(name.toLowerCase(), part.toLowerCase()) }))
      .sort((a, b) => a.distance - b.distance)[0];
    const close = best && best.distance <= Math.max(2, Math.floor(part.length / 3));
    return close ? joinRelative(directory, best.name) : undefined;
  }
  return undefined;
}
