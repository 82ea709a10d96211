// The contents of an image as numbers that can be asked for: what waste and sizes of layers are computed from, however
// the layers were replayed.

import type { Aspect } from './aspects.ts';
import { differingAspects } from './aspects.ts';
import type { Hiding, Replay, StoredContent } from './replay.ts';

/** How bytes came to be invisible. */
export interface HiddenBy {
  readonly layer: number;
  /** The last name. */
  readonly path: string;
  readonly how: 'overwritten' | 'deleted';
  /** Of what was overwritten with the same content: what the new copy has otherwise. */
  readonly aspects?: readonly Aspect[];
  /** Of what was deleted with a directory above it: that one. */
  readonly deleted?: string;
}

/** All files with content of all layers, numbered from 0: bottom first, in the order of their tars; see `StoredContent`. */
export interface Contents {
  readonly count: number;
  /** Numbers of digests are smaller. */
  readonly digests: number;
  layer(content: number): number;
  size(content: number): number;
  path(content: number): string;
  /** The same for the same bytes; below 0 where that is not known. */
  digest(content: number): number;
  /** Absent where it is visible at the end. */
  hidden(content: number): HiddenBy | undefined;
}

/** The contents of a replay. */
export function contentsOf({ contents }: Replay): Contents {
  const numbers = new Map<string, number>();
  const digests = contents.map(({ entry: { digest } }) => {
    if (digest === undefined) return -1;
    const known = numbers.get(digest) ?? numbers.size;
    numbers.set(digest, known);
    return known;
  });
  return {
    count: contents.length,
    digests: numbers.size,
    layer: (i) => contents[i]!.layer,
    size: (i) => contents[i]!.entry.size,
    path: (i) => contents[i]!.path,
    digest: (i) => digests[i]!,
    hidden: (i) => {
      const { hidden, entry } = contents[i]!;
      return hidden && hiddenBy(entry, hidden);
    },
  };
}

function hiddenBy(entry: StoredContent['entry'], hiding: Hiding): HiddenBy {
  const { layer, path, how, before } = hiding;
  const told = { layer, path, how };
  if (hiding.how === 'deleted') {
    const isAbove = hiding.by.type === 'opaque' || hiding.by.path !== path;
    return isAbove ? { ...told, deleted: hiding.by.path } : told;
  }
  const { by } = hiding;
  const isSame = by.type === 'file' && entry.digest !== undefined && entry.digest === by.digest;
  return isSame ? { ...told, aspects: differingAspects(before, by) } : told;
}
