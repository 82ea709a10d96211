// Who made a difference. The layers that two images have in common, from the bottom, made none; of those above, the
// second image's come first: it is they that made the second of what the first one is.

import { type Digest, parentPath } from '../../core/index.ts';
import type { Entry, TableOfContents } from '../../oci/image/index.ts';
import { type Aspect, differingAspects } from '../inspect/index.ts';
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

/** A difference at a path. One of the images shows something there. */
export interface Difference {
  readonly path: string;
  readonly before: Showing | undefined;
  readonly after: Showing | undefined;
  /** Of what changed: what of it, the most telling first. */
  readonly aspects: readonly Aspect[];
}

/** Finds the cause of a difference. */
export type CauseFinder = (difference: Difference) => Cause;

/** Finds causes of differences between two stacks. @param paths of all that differs */
export function causeFinder(
  before: readonly TableOfContents[],
  after: readonly TableOfContents[],
  { shared, paths }: { readonly shared: number; readonly paths: ReadonlySet<string> },
): CauseFinder {
  const own = { before: lookThrough(before, shared, paths), after: lookThrough(after, shared, paths) };
  return (difference) => {
    const { path, before: old, after: now } = difference;
    if (now && now.layer >= shared) return { side: 'after', layer: firstToSay(own.after, difference, now) };
    if (!now) {
      const by = own.after.find(({ deletes }) => deletes(path));
      if (by) return { side: 'after', layer: by.layer };
    }
    if (old && old.layer >= shared) return { side: 'before', layer: firstToSay(own.before, difference, old) };
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

/**
 * The first layer that has it so. Of what was added or removed it is the one that brought the path; of what changed, the
 * one that gave it what it tells most by: tars list the directories above their files again, and a later change of owner
 * writes files again with their contents.
 */
function firstToSay(layers: readonly OwnLayer[], { path, aspects }: Difference, shown: Showing): number {
  const [telling] = aspects;
  let first = shown.layer;
  for (const { layer, entries, deletes } of [...layers].reverse()) {
    if (layer > first) continue;
    const entry = layer < first ? entries.get(path) : undefined;
    if (entry) {
      if (telling !== undefined && differs(entry, shown.entry, telling)) break;
      first = layer;
    }
    if (deletes(path)) break;
  }
  return first;
}

function differs(a: Entry, b: Entry, aspect: Aspect): boolean {
  const found = differingAspects(a, b);
  return found.includes(aspect) || found.includes('type');
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

/**
 * Which layers of the second image were made by the same instructions as layers that only the first one has: what these
 * made and the second image lacks is a difference of that line, which stands in both Dockerfiles.
 * @param before instructions of all layers; '' where nothing is known
 * @returns indexes of the second image's layers by those of the first one's
 */
export function sameInstructions(
  before: readonly string[],
  after: readonly string[],
  shared: number,
): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  const taken = new Set<number>();
  for (let i = shared; i < before.length; i++) {
    const at = after.findIndex(
      (text, j) => j >= shared && !taken.has(j) && text !== '' && text === before[i],
    );
    if (at < 0) continue;
    found.set(i, at);
    taken.add(at);
  }
  return found;
}

/** A difference, of the second image's line where that is the same. */
export function ofSameLine<T extends { readonly cause: Cause }>(
  change: T,
  same: ReadonlyMap<number, number>,
): T {
  const { side, layer } = change.cause;
  const at = side === 'before' ? same.get(layer) : undefined;
  return at === undefined ? change : { ...change, cause: { side: 'after', layer: at } };
}
