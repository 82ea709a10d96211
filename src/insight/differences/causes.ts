// Who made a difference. The layers that two images have in common, from the bottom, made none; of those above, the
// second image's come first: it is they that made the second of what the first one is.

import { type Digest, parentPath } from '../../core/index.ts';
import type { Entry, TableOfContents } from '../../oci/image/index.ts';
import { differingAspects } from '../inspect/index.ts';
import type { Cause } from './types.ts';

/** How many layers two images have in common. */
export function sharedLayers(before: readonly Digest[], after: readonly Digest[]): number {
  const end = after.findIndex((diffId, i) => before[i] !== diffId);
  return end < 0 ? after.length : end;
}

/** What an image shows at a path, and the layer that says so. */
export interface Showing {
  readonly entry: Entry;
  readonly layer: number;
}

/** Finds the cause of a difference at a path. One of the images shows something there. */
export type CauseFinder = (path: string, before: Showing | undefined, after: Showing | undefined) => Cause;

/** Finds causes of differences between two stacks. @param paths of all that differs */
export function causeFinder(
  before: readonly TableOfContents[],
  after: readonly TableOfContents[],
  { shared, paths }: { readonly shared: number; readonly paths: ReadonlySet<string> },
): CauseFinder {
  const own = { before: lookThrough(before, shared, paths), after: lookThrough(after, shared, paths) };
  return (path, old, now) => {
    if (now && now.layer >= shared) return { side: 'after', layer: firstToSay(own.after, path, now) };
    if (!now) {
      const by = own.after.find(({ deletes }) => deletes(path));
      if (by) return { side: 'after', layer: by.layer };
    }
    if (old && old.layer >= shared) return { side: 'before', layer: firstToSay(own.before, path, old) };
    const by = own.before.find(({ deletes }) => deletes(path));
    return { side: 'before', layer: by?.layer ?? before.length - 1 };
  };
}

/** A layer that the other image does not have. */
interface OwnLayer {
  readonly layer: number;
  readonly entries: ReadonlyMap<string, Entry>;
  readonly deletes: (path: string) => boolean;
}

function lookThrough(
  tables: readonly TableOfContents[],
  shared: number,
  paths: ReadonlySet<string>,
): readonly OwnLayer[] {
  return tables.slice(shared).map(({ entries }, i) => {
    const found = new Map<string, Entry>();
    for (const entry of entries)
      if (paths.has(entry.path) && entry.type !== 'whiteout' && entry.type !== 'opaque')
        found.set(entry.path, entry);
    return { layer: shared + i, entries: found, deletes: deletionsOf(entries) };
  });
}

/** Tars list the directories above their files again: who said it first made it so. */
function firstToSay(layers: readonly OwnLayer[], path: string, shown: Showing): number {
  let first = shown.layer;
  for (const { layer, entries, deletes } of [...layers].reverse()) {
    if (layer >= first) {
      if (layer === first && deletes(path)) break;
      continue;
    }
    const entry = entries.get(path);
    if (entry) {
      if (differingAspects(entry, shown.entry).some((aspect) => aspect !== 'time')) break;
      first = layer;
    }
    if (deletes(path)) break;
  }
  return first;
}

/** Whether a layer deletes a path: by its own name, or that of a directory above, or by what took that one's place. */
function deletionsOf(entries: readonly Entry[]): (path: string) => boolean {
  const whiteouts = new Set<string>();
  const opaque = new Set<string>();
  const replaced = new Set<string>();
  for (const { path, type } of entries) {
    if (type === 'whiteout') whiteouts.add(path);
    else if (type === 'opaque') opaque.add(path);
    else if (type !== 'dir') replaced.add(path);
  }
  return (path) => {
    if (whiteouts.has(path)) return true;
    for (let at = path; at !== ''; ) {
      at = parentPath(at);
      if (whiteouts.has(at) || opaque.has(at) || replaced.has(at)) return true;
    }
    return false;
  };
}
