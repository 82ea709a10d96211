// Deletions in an unpacked layer, as overlayfs marks them: a character device 0:0 for a name, an attribute for a
// directory that hides all that is below it (kernel documentation, overlayfs, "whiteouts and opaque directories").

import { joinRelative } from '../../core/index.ts';
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
  if (existing ? existing.type !== 'dir' : target.lower?.get(path)?.entry.type !== 'dir') return;
  // Asking for the parent of something in the directory makes the directory itself.
  const { real } = target.directories.parentOf(`${path}/x`);
  const parent = target.directories.parentOf(real);
  setOpaque(target, { dirFd: parent.fd, name: real.slice(real.lastIndexOf('/') + 1) });
}

/** The place of a name; undefined where neither this layer nor those below have its directory, or the name. */
function placeOf(target: DeletionTarget, path: string): FilePlace | undefined {
  const { directories, lower } = target;
  const name = path.slice(path.lastIndexOf('/') + 1);
  const existing = directories.existingParentOf(path);
  if (existing && (!lower || lower.get(joinRelative(existing.real, name)) || statAt(existing.fd, name)))
    return { dirFd: existing.fd, name };
  const below = lower?.resolve(path, { followFinal: false });
  if (below === undefined || !lower?.get(below)) return undefined;
  return { dirFd: directories.parentOf(path).fd, name };
}

function setOpaque(target: DeletionTarget, place: FilePlace): void {
  writeXattr(place, `${target.overlayXattr}.overlay.opaque`, OPAQUE);
}

const OPAQUE = new Uint8Array([0x79]);
