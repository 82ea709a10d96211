// `mille cache export DIR` and `mille cache import DIR`: the cache of a whole store.

import { openCache, storedSteps } from '../../build/cache/index.ts';
import {
  adoptCache,
  checkCacheDirectory,
  openTravelCaches,
  readDirectoryPlace,
  type StepDone,
  writeDirectoryPlace,
  writeTravelCache,
} from '../../build/cache-travel/index.ts';
import { displayPath, MilleError } from '../../core/index.ts';
import { hostPlatform } from '../../oci/store/index.ts';
import { inStore } from '../in-store.ts';
import { announced } from './announced.ts';
import { absolutePath } from './places.ts';
import type { CacheTravelVerbs, ExportedCache, ImportedCache } from './types.ts';

/** Whoever carries a cache is told of its own steps only. */
const NOBODY = () => {};

/** See `CacheTravelVerbs.exportCache`. */
export const exportCache: CacheTravelVerbs['exportCache'] = (given, events, signal) =>
  inStore(NOBODY, async (store) => {
    const directory = absolutePath(given);
    checkCacheDirectory(directory);
    const cache = openCache(store.db, { hasLayer: () => true });
    const steps: StepDone[] = [];
    for (const step of storedSteps(store.db, (diffId) => store.layer(diffId) !== undefined)) {
      const { result, ...rest } = step;
      steps.push({ ...rest, ...result });
    }
    if (cache.records().length === 0 || steps.length === 0) {
      throw new MilleError('cache-missing', 'there is nothing in the cache to be written', {
        hint: 'builds fill it; for the cache mounts of RUN write --mounts',
      });
    }
    let written: ExportedCache | undefined;
    const title = `[1/1] write the cache to ${displayPath(given)}`;
    await announced({ events, signal }, 'export', title, async (progress) => {
      const place = writeDirectoryPlace({ directory });
      try {
        // As the layers lie in the store: who compresses the directory does so once, and better.
        const packing = { kind: 'uncompressed' } as const;
        written = await writeTravelCache({ store, opened: [], packing, progress }, place, {
          steps,
          bases: [],
        });
      } finally {
        place.close();
      }
      return { bytes: written.sent };
    });
    return written!;
  });

/** See `CacheTravelVerbs.importCache`. */
export const importCache: CacheTravelVerbs['importCache'] = (given, events, signal) =>
  inStore(NOBODY, async (store) => {
    const cache = openCache(store.db, { hasLayer: (diffId) => store.layer(diffId) !== undefined });
    const place = readDirectoryPlace({ directory: absolutePath(given) });
    let imported: ImportedCache | undefined;
    try {
      const [opened] = await openTravelCaches(place, [hostPlatform()]);
      const title = `[1/1] read the cache in ${displayPath(given)}`;
      await announced({ events, signal }, 'import', title, async (progress) => {
        imported = await adoptCache({ store, cache }, opened!, (done, total) =>
          progress('reading', done, total),
        );
        return { bytes: imported.bytes };
      });
    } finally {
      place.close();
    }
    return imported!;
  });
