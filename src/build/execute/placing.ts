// The layer of a COPY, ADD or WORKDIR while it is being put together: what is placed so far, seen together with what the
// image has. Directories get the times that a file system would give them: whatever changes their names is new.

import { displayPath, MilleError, parentPath, type Span } from '../../core/index.ts';
import type { ContentReader, Entry, TreeEntry } from '../../oci/image/index.ts';
import type { Owner } from './account.ts';
import type { FileMode } from './file-mode.ts';
import { type Content, type PlacedEntry, PlacedFile, withEntry } from './placed-entry.ts';

/** What is in the image before the step. */
export interface Destination {
  /** The entry at a path, links not followed. */
  get(path: string): Entry | undefined;
  /** The path with every link in it resolved, as far as it exists. */
  resolve(path: string): string;
  /** Opens a file, where its content can be had. */
  open?(path: string): ContentReader;
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
  /** Modification time of what is made or changed without having one of its own, seconds since the epoch. */
  readonly now: number;
  readonly span?: Span;
}

/** A layer in the making. */
export interface Placing {
  readonly placement: Placement;
  readonly placed: Map<string, PlacedEntry>;
  /** First path of each hard-linked file, by its identity in its tree. */
  readonly inodes: Map<string, string>;
  /** Paths at which something of another kind was put: what the image has there counts no longer. */
  readonly replaced: Set<string>;
  /** Directories that were made: the image has nothing in them. */
  readonly made: Set<string>;
}

/** What is to be placed, and what its content is read from. */
export interface Source {
  readonly entry: TreeEntry;
  /** Whether it keeps its owner, unless --chown says otherwise. */
  readonly keepsOwner: boolean;
  readonly content: Content;
  /** Its path in what the step takes it from; an archive's where it was in one. Absent for what comes from elsewhere. */
  readonly origin?: string | undefined;
  /** The digest of its content, if it is known and settled. */
  readonly digest?: Entry['digest'] | undefined;
}

/** Nothing placed yet. */
export function startPlacing(placement: Placement): Placing {
  return { placement, placed: new Map(), inodes: new Map(), replaced: new Set(), made: new Set() };
}

/** What was placed, sorted by path, parents first. */
export function finishPlacing({ placement, placed, replaced }: Placing): PlacedEntry[] {
  const entries = [...placed.values()];
  // A directory in the place of one that had been replaced before is not to show what that one held.
  for (const path of replaced) {
    const now = placed.get(path)?.entry;
    if (now?.type === 'dir' && placement.destination.get(path)?.type === 'dir')
      entries.push({ entry: { ...now, type: 'opaque' } });
  }
  // Most of them come in their order.
  if (entries.some((placed, i) => i > 0 && placed.entry.path < entries[i - 1]!.entry.path))
    entries.sort((a, b) => (a.entry.path < b.entry.path ? -1 : a.entry.path > b.entry.path ? 1 : 0));
  return filesBeforeLinks(entries);
}

/** Gives each file with several names to the first of them: who unpacks a layer makes links to what is there already. */
function filesBeforeLinks(sorted: PlacedEntry[]): PlacedEntry[] {
  const firstNames = new Map<string, string>();
  for (const { entry } of sorted) {
    if (entry.type === 'hardlink' && entry.path < entry.link! && !firstNames.has(entry.link!))
      firstNames.set(entry.link!, entry.path);
  }
  if (firstNames.size === 0) return sorted;
  const files = new Map(sorted.map((placed) => [placed.entry.path, placed]));
  return sorted.map((placed) => {
    const { entry } = placed;
    const file = entry.type === 'hardlink' ? entry.link! : entry.path;
    const first = firstNames.get(file);
    if (first === undefined || entry.type === 'opaque') return placed;
    if (entry.path === first) {
      const old = files.get(file)!;
      return withEntry(old, { ...old.entry, path: first });
    }
    const { digest: _, ...rest } = entry;
    return { entry: { ...rest, type: 'hardlink', size: 0, link: first }, origin: placed.origin };
  });
}

/** What is at a path now; links are not followed. */
export function lookup(state: Placing, path: string, parent = parentPath(path)): Entry | undefined {
  const placed = state.placed.get(path)?.entry;
  if (placed) return placed;
  if (state.made.has(parent)) return undefined;
  if (state.replaced.size > 0) {
    for (let at = path; at !== ''; at = parentPath(at)) if (state.replaced.has(at)) return undefined;
  }
  return state.placement.destination.get(path);
}

/** Attributes of a directory that has to be made. */
export interface Made extends Owner {
  readonly mode: number;
}

/** Makes a directory and those above it where they are missing; lists those that are there. */
export function makeDirectory(state: Placing, path: string, made = madeOf(state.placement)): void {
  const placed = state.placed.get(path)?.entry;
  if (placed && placed.type !== 'dir') throw conflict(state, `'/${path}' is a file, not a directory`);
  if (path === '' || placed) return;
  makeDirectory(state, parentPath(path), made);
  const existing = lookup(state, path);
  if (existing) {
    if (existing.type !== 'dir') throw conflict(state, `'/${path}' is a file, not a directory`);
    state.placed.set(path, { entry: existing });
    return;
  }
  touchParent(state, path);
  state.made.add(path);
  state.placed.set(path, {
    entry: { path, type: 'dir', size: 0, mtime: state.placement.now, ...made },
  });
}

function madeOf({ owner, chmod }: Placement): Made {
  return { mode: chmod?.madeDirectories ?? 0o755, ...(owner ?? { uid: 0, gid: 0 }) };
}

/** Gives a directory among the placed ones a time; the root is not among them. */
export function setTime(state: Placing, path: string, mtime: number): void {
  const placed = state.placed.get(path);
  if (placed && placed.entry.mtime !== mtime)
    state.placed.set(path, withEntry(placed, { ...placed.entry, mtime }));
}

/** What a file system does to the time of a directory when a name in it changes. */
export function touchParent(state: Placing, path: string, parent = parentPath(path)): void {
  setTime(state, parent, state.placement.now);
}

/** Makes room for something of another kind: takes back what was placed there, and hides what the image has. */
export function replace(state: Placing, path: string): void {
  state.replaced.add(path);
  for (const placed of [...state.placed.keys()]) {
    if (placed === path || placed.startsWith(`${path}/`)) {
      release(state, placed);
      state.placed.delete(placed);
    }
  }
}

/**
 * Places a file, a directory or anything else; directories are merged.
 * @throws MilleError `copy-conflict` for a directory over a file or a file over a directory.
 */
export function put(state: Placing, path: string, source: Source): void {
  const { entry: given } = source;
  const parent = parentPath(path);
  const existing = lookup(state, path, parent);
  if (given.type === 'dir') {
    if (existing && existing.type !== 'dir')
      throw conflict(state, `cannot copy a directory over the file '/${path}'`);
  } else if (existing?.type === 'dir') {
    throw conflict(state, `cannot replace the directory '/${path}' by a file`);
  }
  makeDirectory(state, parent);
  if (existing?.type !== 'dir') touchParent(state, path, parent);
  if (given.type === 'dir' && !existing) state.made.add(path);
  const entry = entryOf(state, path, source);
  release(state, path);
  const { origin } = source;
  const { inode } = given;
  const first = inode === undefined ? undefined : state.inodes.get(inode);
  if (first !== undefined) {
    const { digest: _, ...rest } = entry;
    state.placed.set(path, { entry: { ...rest, type: 'hardlink', size: 0, link: first }, origin });
    return;
  }
  if (inode !== undefined) state.inodes.set(inode, path);
  if (given.type === 'dir' && existing?.xattrs)
    state.placed.set(path, { entry: { ...entry, xattrs: { ...existing.xattrs, ...entry.xattrs } }, origin });
  else if (given.type === 'file') state.placed.set(path, new PlacedFile(entry, source));
  else state.placed.set(path, { entry, origin });
}

/** What is placed, as it will be in the layer. Written out, for it is made for every file. */
function entryOf(state: Placing, path: string, { entry: given, keepsOwner, digest }: Source): Entry {
  const { type, size, mtime, link, major, minor, xattrs } = given;
  const { uid, gid } = state.placement.owner ?? (keepsOwner ? given : ROOT);
  const plain = { path, type, mode: modeOf(state, given), uid, gid, size, mtime };
  if (link === undefined && major === undefined && minor === undefined && xattrs === undefined)
    return digest === undefined ? plain : { ...plain, digest };
  return {
    ...plain,
    ...(link === undefined ? {} : { link }),
    ...(major === undefined ? {} : { major }),
    ...(minor === undefined ? {} : { minor }),
    ...(xattrs === undefined ? {} : { xattrs }),
    ...(digest === undefined ? {} : { digest }),
  };
}

const ROOT: Owner = { uid: 0, gid: 0 };

/** A link has no mode of its own: whatever an archive says, on a disk it is 777. */
function modeOf({ placement: { chmod } }: Placing, { type, mode }: TreeEntry): number {
  if (type === 'symlink') return 0o777;
  return chmod ? chmod.change(mode, type === 'dir') : mode;
}

/** Before a placed file is replaced: its hard links, if any, get its content under the first of their names. */
export function release(state: Placing, path: string): void {
  const old = state.placed.get(path);
  if (old?.entry.type !== 'file') return;
  const links = [...state.placed.values()].filter(
    ({ entry }) => entry.type === 'hardlink' && entry.link === path,
  );
  const heir = links[0]?.entry.path;
  for (const { entry } of links) {
    const { link: _, ...rest } = entry;
    if (entry.path === heir)
      state.placed.set(heir, withEntry(old, { ...rest, type: 'file', size: old.entry.size }));
    else state.placed.set(entry.path, withEntry(state.placed.get(entry.path)!, { ...entry, link: heir! }));
  }
  for (const [inode, first] of state.inodes) {
    if (first !== path) continue;
    if (heir === undefined) state.inodes.delete(inode);
    else state.inodes.set(inode, heir);
  }
}

/** The error of something that is in the way. */
export function conflict(state: Placing, message: string): MilleError {
  return new MilleError('copy-conflict', displayPath(message), {
    hint: 'choose another destination, or remove what is there in an earlier RUN',
    ...(state.placement.span ? { span: state.placement.span } : {}),
  });
}
