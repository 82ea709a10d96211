// Which of an image's layers are its base's: found by comparing chains of diffIDs.

import type { Digest } from '../../core/index.ts';

/** An image that may be the base of another, or share layers with it. */
export interface KnownImage {
  /** As people call it. */
  readonly title: string;
  readonly imageId: Digest;
  readonly diffIds: readonly Digest[];
}

/** The base of an image. */
export interface FoundBase {
  readonly title: string;
  /** How many layers are its. */
  readonly layers: number;
}

/**
 * The one of some images that another stands on: whose layers are all at the bottom of its stack, and the most of them.
 * @param options `whole`: it may have all of the layers, as the base has of an image that only adds metadata
 */
export function findBase(
  chain: readonly Digest[],
  candidates: readonly KnownImage[],
  { whole = false }: { readonly whole?: boolean } = {},
): FoundBase | undefined {
  let best: FoundBase | undefined;
  for (const { title, diffIds } of candidates) {
    const { length } = diffIds;
    if (length === 0 || length > chain.length || (length === chain.length && !whole)) continue;
    if (length <= (best?.layers ?? 0) || !diffIds.every((diffId, i) => chain[i] === diffId)) continue;
    best = { title, layers: length };
  }
  return best;
}
