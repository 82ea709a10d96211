// What the layers of an image come to, in a few numbers each.

import type { Contents } from './contents.ts';
import type { PathChange, Replay } from './replay.ts';

/** How many names a layer changes; directories, which every tar lists, are not counted. */
export interface ChangeCounts {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
}

/** One layer in numbers. */
export interface LayerFigures {
  readonly entries: number;
  readonly files: ChangeCounts;
}

/** Those of all layers, bottom first. */
export function figuresOf({ tables, changes }: Replay): LayerFigures[] {
  return tables.map(({ entries }, i) => ({ entries: entries.length, files: countChanges(changes[i]!) }));
}

function countChanges(changes: readonly PathChange[]): ChangeCounts {
  const counts = { added: 0, changed: 0, removed: 0 };
  for (const { kind, before, after } of changes) if ((after ?? before)?.type !== 'dir') counts[kind]++;
  return counts;
}

/** Bytes of the contents of each layer, and those of them that a container sees. */
export function bytesByLayer(
  contents: Contents,
  layers: number,
): { readonly bytes: number; readonly visible: number }[] {
  const sums = Array.from({ length: layers }, () => ({ bytes: 0, visible: 0 }));
  for (let i = 0; i < contents.count; i++) {
    const sum = sums[contents.layer(i)]!;
    sum.bytes += contents.size(i);
    if (!contents.hidden(i)) sum.visible += contents.size(i);
  }
  return sums;
}
