// Second half of COPY and ADD: where the selected files land in the image, as the entries of a new layer. Parents
// that exist are listed with the attributes they have, so that the layer stands on its own.

import { cleanRelative, joinRelative, parentPath } from '../../core/index.ts';
import type { TreeEntry } from '../../oci/image/index.ts';
import { type Extraction, extractArchive } from './extract-archive.ts';
import type { PlacedEntry } from './placed-entry.ts';
import {
  conflict,
  finishPlacing,
  lookup,
  makeDirectory,
  type Placement,
  type Placing,
  put,
  type Source,
  setTime,
  startPlacing,
} from './placing.ts';
import type { Selection } from './select-sources.ts';

/**
 * Places selections and unpacks archives; the result is sorted by path, parents first.
 * @throws MilleError `copy-conflict` for a directory over a file or a file over a directory, and what
 *   `extractArchive` throws
 */
export function placeSources(
  sources: readonly (Selection | Extraction)[],
  placement: Placement,
): PlacedEntry[] {
  const state = startPlacing(placement);
  const target = placement.destination.resolve(cleanRelative(placement.path));
  for (const source of sources) {
    // Names of one file become names of one file only where one source brings both.
    state.inodes.clear();
    if ('archive' in source) extractArchive(state, target, source);
    else if (source.root.type === 'dir') copyDirectory(state, target, source);
    else copyFile(state, target, source);
  }
  return finishPlacing(state);
}

/**
 * The entries for directories that must exist at a path, as for WORKDIR. Existing parents are listed too; nothing at
 * all where the directory is already there.
 */
export function placeDirectory(placement: Placement): PlacedEntry[] {
  const path = placement.destination.resolve(cleanRelative(placement.path));
  const existing = placement.destination.get(path);
  const state = startPlacing(placement);
  if (path === '' || existing?.type === 'dir') return [];
  if (existing) throw conflict(state, `'/${path}' is a file, not a directory`);
  makeDirectory(state, path);
  return finishPlacing(state);
}

function copyFile(state: Placing, target: string, selection: Selection): void {
  const existing = lookup(state, target);
  // One pattern with several matches and no trailing slash: they go over one another, as in BuildKit.
  const asDirectory = /\/\.?$/.test(state.placement.path);
  const source = sourceOf(selection, selection.root);
  if (existing?.type === 'dir' || (asDirectory && !existing)) {
    makeDirectory(state, target);
    put(state, joinRelative(target, selection.name), source);
    return;
  }
  if (existing && asDirectory) throw conflict(state, `'/${target}' is a file, not a directory`);
  makeDirectory(state, parentPath(target));
  put(state, target, source);
}

/** Copies what is below a directory, and last the times: whatever is put into a directory changes its time. */
function copyDirectory(state: Placing, target: string, selection: Selection): void {
  const existing = lookup(state, target);
  if (existing && existing.type !== 'dir')
    throw conflict(state, `cannot copy a directory over the file '/${target}'`);
  makeDirectory(state, target);
  const { root, below } = selection;
  for (const { relative, entry, implied } of below) {
    const path = joinRelative(target, relative);
    if (implied && lookup(state, path)?.type === 'dir') passThrough(state, path, entry);
    else put(state, path, sourceOf(selection, entry));
  }
  const there = state.placed.get(target);
  if (selection.own && there) state.placed.set(target, { ...there, origin: root.path });
  // The root of a context or an image is made anew for each build: it has no time to pass on.
  setTime(state, target, root.path === '' ? state.placement.now : root.mtime);
  for (const { relative, entry, implied } of below)
    if (entry.type === 'dir' && !implied) setTime(state, joinRelative(target, relative), entry.mtime);
}

/** Of a directory that is only on the way to what is below, one that is there takes the mode and nothing else. */
function passThrough(state: Placing, path: string, source: TreeEntry): void {
  makeDirectory(state, path);
  const { entry } = state.placed.get(path)!;
  state.placed.set(path, { entry: { ...entry, mode: source.mode } });
}

function sourceOf({ tree, keepsOwner, own }: Selection, entry: TreeEntry): Source {
  const digest = entry.type === 'file' ? (entry.digest ?? tree.settledDigest?.(entry.path)) : undefined;
  return { entry, keepsOwner, content: tree, digest, origin: own ? entry.path : undefined };
}
