// Second half of COPY and ADD: where the selected files land in the image, as the entries of a new layer. Parents
// that exist are listed with the attributes they have, so that the layer stands on its own.

import {
  baseName,
  cleanRelative,
  displayPath,
  joinRelative,
  MilleError,
  parentPath,
  type Span,
} from '../../core/index.ts';
import type { ContentReader, Entry, TreeEntry } from '../../oci/image/index.ts';
import type { Owner } from './account.ts';
import type { FileMode } from './file-mode.ts';
import type { Selection } from './select-sources.ts';

/** What is in the image before the step. */
export interface Destination {
  /** The entry at a path, links not followed. */
  get(path: string): Entry | undefined;
  /** The path with every link in it resolved, as far as it exists. */
  resolve(path: string): string;
}

/** Where and how to place. */
export interface Placement {
  readonly destination: Destination;
  /** Absolute path; a trailing slash says "a directory". */
  readonly path: string;
  /** For all placed files and made directories. Without it: root, or the source's owner where that is kept. */
  readonly owner?: Owner;
  /** New mode of a placed file or directory. */
  readonly chmod?: FileMode;
  /** Modification time of the directories that have to be made, seconds since the epoch. */
  readonly now: number;
  readonly span?: Span;
}

/** An entry of the layer to be written, with its content. */
export interface PlacedEntry {
  readonly entry: Entry;
  readonly open?: () => ContentReader;
}

interface Placing {
  readonly placement: Placement;
  readonly placed: Map<string, PlacedEntry>;
  /** First path of each hard-linked file, by its identity in its tree. */
  readonly inodes: Map<string, string>;
  /** Paths at which something of another kind was put: what the image has there counts no longer. */
  readonly replaced: Set<string>;
}

/**
 * Places selections; the result is sorted by path, parents first.
 * @throws MilleError `copy-conflict` for a directory over a file or a file over a directory.
 */
export function placeSources(selections: readonly Selection[], placement: Placement): PlacedEntry[] {
  const state: Placing = { placement, placed: new Map(), inodes: new Map(), replaced: new Set() };
  const target = placement.destination.resolve(cleanRelative(placement.path));
  // One pattern with several matches and no trailing slash: they go over one another, as in BuildKit.
  const asDirectory = /\/\.?$/.test(placement.path);
  for (const selection of selections) {
    const existing = lookup(state, target);
    if (selection.root.type === 'dir') {
      if (existing && existing.type !== 'dir')
        throw conflict(state, `cannot copy a directory over the file '/${target}'`);
      makeDirectory(state, target);
      if (selection.extracted) extract(state, target, selection);
      else
        for (const { relative, entry } of selection.below)
          put(state, joinRelative(target, relative), { selection, entry });
    } else if (existing?.type === 'dir' || (asDirectory && !existing)) {
      makeDirectory(state, target);
      put(state, joinRelative(target, selection.name), { selection, entry: selection.root });
    } else {
      if (existing && /\/\.?$/.test(placement.path))
        throw conflict(state, `'/${target}' is a file, not a directory`);
      makeDirectory(state, parentPath(target));
      put(state, target, { selection, entry: selection.root });
    }
  }
  return sortPlaced(state.placed);
}

/**
 * The entries for directories that must exist at a path: WORKDIR, or the target of an archive. Existing parents
 * are listed too; nothing at all where the directory is already there.
 */
export function placeDirectory(placement: Placement): PlacedEntry[] {
  const path = placement.destination.resolve(cleanRelative(placement.path));
  const existing = placement.destination.get(path);
  const state: Placing = { placement, placed: new Map(), inodes: new Map(), replaced: new Set() };
  if (path === '' || existing?.type === 'dir') return [];
  if (existing) throw conflict(state, `'/${path}' is a file, not a directory`);
  makeDirectory(state, path);
  return sortPlaced(state.placed);
}

function sortPlaced(placed: ReadonlyMap<string, PlacedEntry>): PlacedEntry[] {
  return [...placed.values()].sort((a, b) => (a.entry.path < b.entry.path ? -1 : 1));
}

function lookup(state: Placing, path: string): Entry | undefined {
  const placed = state.placed.get(path)?.entry;
  if (placed) return placed;
  if (state.replaced.size > 0) {
    for (let at = path; at !== ''; at = parentPath(at)) if (state.replaced.has(at)) return undefined;
  }
  return state.placement.destination.get(path);
}

function makeDirectory(state: Placing, path: string): void {
  const placed = state.placed.get(path)?.entry;
  if (placed && placed.type !== 'dir') throw conflict(state, `'/${path}' is a file, not a directory`);
  if (path === '' || placed) return;
  makeDirectory(state, parentPath(path));
  const existing = lookup(state, path);
  if (existing) {
    if (existing.type !== 'dir') throw conflict(state, `'/${path}' is a file, not a directory`);
    state.placed.set(path, { entry: existing });
    return;
  }
  const { uid, gid } = state.placement.owner ?? { uid: 0, gid: 0 };
  const mode = state.placement.chmod?.madeDirectories ?? 0o755;
  state.placed.set(path, {
    entry: { path, type: 'dir', mode, uid, gid, size: 0, mtime: state.placement.now },
  });
}

/** Places what an archive holds as `tar -x` does: links in the way of implied directories are followed, the rest replaced. */
function extract(state: Placing, target: string, selection: Selection): void {
  const { destination } = state.placement;
  // Where each directory of the archive really is.
  const places = new Map([['', target]]);
  for (const { relative, entry, implied } of selection.below) {
    const path = joinRelative(places.get(parentPath(relative))!, baseName(relative));
    if (implied) {
      const real = state.placed.has(path) ? path : destination.resolve(path);
      const inTheWay = lookup(state, real);
      if (inTheWay && inTheWay.type !== 'dir') replace(state, real);
      places.set(relative, real);
      continue;
    }
    if (entry.type === 'dir') places.set(relative, path);
    const existing = lookup(state, path);
    if (existing && (existing.type === 'dir') !== (entry.type === 'dir')) replace(state, path);
    put(state, path, { selection, entry });
  }
}

/** Makes room for something of another kind: takes back what was placed there, and hides what the image has. */
function replace(state: Placing, path: string): void {
  state.replaced.add(path);
  for (const placed of [...state.placed.keys()]) {
    if (placed === path || placed.startsWith(`${path}/`)) {
      release(state, placed);
      state.placed.delete(placed);
    }
  }
}

function put(state: Placing, path: string, from: { selection: Selection; entry: TreeEntry }): void {
  const { selection, entry: source } = from;
  const existing = lookup(state, path);
  if (source.type === 'dir') {
    if (existing && existing.type !== 'dir')
      throw conflict(state, `cannot copy a directory over the file '/${path}'`);
  } else if (existing?.type === 'dir') {
    throw conflict(state, `cannot replace the directory '/${path}' by a file`);
  }
  makeDirectory(state, parentPath(path));
  const { chmod } = state.placement;
  const owner = state.placement.owner ?? (selection.keepsOwner ? undefined : { uid: 0, gid: 0 });
  const { inode, digest: known, ...rest } = source;
  // A link has no mode of its own: whatever an archive says, on a disk it is 777.
  const mode =
    source.type === 'symlink'
      ? 0o777
      : chmod
        ? chmod.change(source.mode, source.type === 'dir')
        : source.mode;
  const entry: Entry = { ...rest, ...(owner ?? {}), path, mode };
  release(state, path);
  const first = inode === undefined ? undefined : state.inodes.get(inode);
  if (first !== undefined) {
    state.placed.set(path, { entry: { ...entry, type: 'hardlink', size: 0, link: first } });
    return;
  }
  if (inode !== undefined) state.inodes.set(inode, path);
  if (source.type !== 'file') {
    state.placed.set(path, { entry });
    return;
  }
  const digest = known ?? selection.tree.settledDigest?.(source.path);
  state.placed.set(path, {
    entry: digest ? { ...entry, digest } : entry,
    open: () => selection.tree.open(source.path),
  });
}

/** Before a placed file is replaced: its hard links, if any, get its content under the first of their names. */
function release(state: Placing, path: string): void {
  const old = state.placed.get(path);
  if (old?.entry.type !== 'file') return;
  const links = [...state.placed.values()].filter(
    ({ entry }) => entry.type === 'hardlink' && entry.link === path,
  );
  const heir = links[0]?.entry.path;
  for (const { entry } of links) {
    const { link: _, ...rest } = entry;
    if (entry.path === heir)
      state.placed.set(heir, { ...old, entry: { ...rest, type: 'file', size: old.entry.size } });
    else state.placed.set(entry.path, { entry: { ...entry, link: heir! } });
  }
  for (const [inode, first] of state.inodes) {
    if (first !== path) continue;
    if (heir === undefined) state.inodes.delete(inode);
    else state.inodes.set(inode, heir);
  }
}

function conflict(state: Placing, message: string): MilleError {
  return new MilleError('copy-conflict', displayPath(message), {
    hint: 'choose another destination, or remove what is there in an earlier RUN',
    ...(state.placement.span ? { span: state.placement.span } : {}),
  });
}
