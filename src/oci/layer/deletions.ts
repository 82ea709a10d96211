// Deletions in an unpacked layer, as overlayfs marks them: a character device 0:0 for a name, an attribute for a
// directory that hides all that is below it (kernel documentation, overlayfs, "whiteouts and opaque directories").

import { joinRelative, parentPath } from '../../core/index.ts';
import { type FilePlace, mknodAt, statAt, writeXattr } from '../../sys/index.ts';
import type { Entry } from '../image/index.ts';
import type { Directories } from './directories.ts';
import type { MergedTree } from './types.ts';

/** Where deletions are put. */
export interface DeletionTarget {
  readonly directories: Directories;
  readonly lower: MergedTree | undefined;
  readonly overlayXattr: 'trusted' | 'user';
}

/**
 * Deletions in the order in which they are applied, parents first, and without those in a directory that is
 * deleted itself: they say nothing more, and a mark there would show as a ghost.
 */
export function orderDeletions(deletions: readonly Entry[]): Entry[] {
  const sorted = [...deletions].sort((a, b) => {
    if (a.path !== b.path) return a.path < b.path ? -1 : 1;
    return Number(a.type === 'opaque') - Number(b.type === 'opaque');
  });
  const deleted = new Set<string>();
  return sorted.filter(({ path }) => {
    for (let at = path; at !== ''; ) {
      at = parentPath(at);
      if (deleted.has(at)) return false;
    }
    deleted.add(path);
    return true;
  });
}

/**
 * Marks a deletion, after everything else of the layer is in place: a name that the layer itself brings stays,
 * and hides what is below.
 */
export function placeDeletion(target: DeletionTarget, entry: Entry): void {
  const { path, type } = entry;
  if (type === 'whiteout') {
    hide(target, path);
    return;
  }
  // The attribute has no effect on the root of a layer: its names are hidden one by one.
  if (path === '') for (const name of target.lower?.children('') ?? []) hide(target, name);
  else makeOpaque(target, path);
}

function hide(target: DeletionTarget, path: string): void {
  const place = placeOf(target, path);
  if (!place) return;
  const existing = statAt(place.dirFd, place.name);
  if (existing?.type === 'dir') setOpaque(target, place);
  else if (!existing) mknodAt(place, { type: 'char', mode: 0, major: 0, minor: 0 });
}

function makeOpaque(target: DeletionTarget, path: string): void {
  const place = placeOf(target, path);
  if (!place) return;
  const existing = statAt(place.dirFd, place.name);
  if (existing ? existing.type !== 'dir' : target.lower?.get(place.real)?.entry.type !== 'dir') return;
  // Asking for the parent of something in the directory makes the directory itself.
  const { real } = target.directories.parentOf(`${path}/x`);
  const parent = target.directories.parentOf(real);
  setOpaque(target, { dirFd: parent.fd, name: real.slice(real.lastIndexOf('/') + 1) });
}

/** The place of a name; undefined where neither this layer nor those below have its directory, or the name. */
function placeOf(target: DeletionTarget, path: string): (FilePlace & { real: string }) | undefined {
  const { directories, lower } = target;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const at = (parent: { fd: number; real: string }) => ({
    dirFd: parent.fd,
    name,
    real: joinRelative(parent.real, name),
  });
  const existing = directories.existingParentOf(path);
  if (existing) {
    const there = !lower || lower.get(joinRelative(existing.real, name)) || statAt(existing.fd, name);
    return there ? at(existing) : undefined;
  }
  const below = lower?.resolve(path, { followFinal: false });
  if (below === undefined || !lower?.get(below) || leadsNowhere(target, path)) return undefined;
  const parent = directories.freeParentOf(path);
  return parent && at(parent);
}

/** Whether a directory of this layer has taken the place of a link or file on the way: what it led to is gone. */
function leadsNowhere({ directories, lower }: DeletionTarget, path: string): boolean {
  for (let at = parentPath(path); at !== ''; at = parentPath(at)) {
    const own = directories.existingParentOf(`${at}/x`);
    const type = own && lower?.get(own.real)?.entry.type;
    if (type !== undefined && type !== 'dir') return true;
  }
  return false;
}

function setOpaque(target: DeletionTarget, place: FilePlace): void {
  writeXattr(place, `${target.overlayXattr}.overlay.opaque`, OPAQUE);
}

const OPAQUE = new Uint8Array([0x79]);
