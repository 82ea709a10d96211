// Changes by the layer that caused them, with whole directories that came or went as one.

import { parentPath } from '../../core/index.ts';
import type { Cause, FileChange } from './types.ts';

/** A change, or a whole directory that one layer brought or took away, with all that is in it. */
export interface ShownChange {
  readonly change: FileChange;
  /** Of a whole directory: what is in it, directories not counted. */
  readonly files?: number;
  readonly beforeBytes: number;
  readonly afterBytes: number;
}

/** What one layer caused. */
export interface ChangeGroup {
  readonly cause: Cause;
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly beforeBytes: number;
  readonly afterBytes: number;
  /** The largest first. */
  readonly shown: readonly ShownChange[];
}

/** Groups changes, those of the second image's layers first, from the bottom. Directories are not counted. */
export function groupChanges(changes: readonly FileChange[]): ChangeGroup[] {
  const groups = new Map<string, FileChange[]>();
  for (const change of changes) {
    const key = keyOf(change.cause);
    const known = groups.get(key);
    if (known) known.push(change);
    else groups.set(key, [change]);
  }
  return [...groups.values()].map(groupOf).sort(byPlace);
}

function keyOf({ side, layer }: Cause): string {
  return `${side} ${layer}`;
}

function byPlace(a: ChangeGroup, b: ChangeGroup): number {
  if (a.cause.side !== b.cause.side) return a.cause.side === 'after' ? -1 : 1;
  return a.cause.layer - b.cause.layer;
}

function groupOf(changes: readonly FileChange[]): ChangeGroup {
  const count = (kind: FileChange['kind']) =>
    changes.filter((change) => change.kind === kind && !isDirectory(change)).length;
  const sum = (of: (change: FileChange) => number) =>
    changes.reduce((total, change) => total + of(change), 0);
  return {
    cause: changes[0]!.cause,
    ...{ added: count('added'), removed: count('removed'), changed: count('changed') },
    ...{ beforeBytes: sum((one) => one.beforeBytes), afterBytes: sum((one) => one.afterBytes) },
    shown: foldDirectories(changes),
  };
}

function isDirectory({ before, after }: FileChange): boolean {
  return (after ?? before)?.type === 'dir';
}

/**
 * Puts what is in an added or removed directory under it. The changes are by path, so that a directory comes before
 * what is in it; all of it was added or removed too, but perhaps by another layer, which is then another group.
 */
function foldDirectories(changes: readonly FileChange[]): ShownChange[] {
  interface Folding {
    readonly change: FileChange;
    files: number;
    beforeBytes: number;
    afterBytes: number;
  }
  const tops = new Map<string, Folding>();
  const topOf = new Map<string, Folding>();
  for (const change of changes) {
    const { path, kind, beforeBytes, afterBytes } = change;
    const top = topOf.get(parentPath(path));
    if (top && top.change.kind === kind) {
      top.beforeBytes += beforeBytes;
      top.afterBytes += afterBytes;
      if (isDirectory(change)) topOf.set(path, top);
      else top.files++;
      continue;
    }
    const own: Folding = { change, files: 0, beforeBytes, afterBytes };
    tops.set(path, own);
    if (isDirectory(change) && kind !== 'changed') topOf.set(path, own);
  }
  const weight = (one: ShownChange) => Math.max(one.beforeBytes, one.afterBytes);
  return [...tops.values()]
    .map(
      ({ files, ...rest }): ShownChange => ({ ...rest, ...(topOf.has(rest.change.path) ? { files } : {}) }),
    )
    .sort((a, b) => weight(b) - weight(a));
}
