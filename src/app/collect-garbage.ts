// What neither an image nor the build cache nor a remembered download leads to goes.

import type { Cache } from '../build/cache/index.ts';
import { keptDownloads } from '../build/source/index.ts';
import type { Collected, Store } from '../oci/store/index.ts';

/** Removes what nothing leads to, but for what a build or a container at work relies on. */
export function collectGarbage(store: Store, cache: Pick<Cache, 'roots'>): Collected {
  return store.collect({ roots: () => cache.roots(), rootBlobs: () => keptDownloads(store).keys() });
}
