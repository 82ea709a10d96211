// A cache from elsewhere taken over as a whole: its layers come into the store, and its records beside those that are
// there. A record that is there already stays.

import type { Digest } from '../../core/index.ts';
import { type BringProgress, type Store, withDistantLayers } from '../../oci/store/index.ts';
import type { Cache } from '../cache/index.ts';
import { TRAVEL_LIMITS } from './document.ts';
import { importCaches } from './imported-caches.ts';
import { type InputLists, unpackInputLists } from './inputs.ts';
import type { OpenedCache } from './open-cache.ts';

/** What was taken over. */
export interface AdoptedCache {
  readonly records: number;
  readonly layers: number;
  /** Bytes of layers as they came. */
  readonly bytes: number;
}

/** Takes a cache over. @throws MilleError `digest-mismatch`, `image-invalid`, `disk-full`; those of the way */
export async function adoptCache(
  { store, cache }: { readonly store: Store; readonly cache: Cache },
  opened: OpenedCache,
  progress: BringProgress,
): Promise<AdoptedCache> {
  const { document, read } = opened;
  const { store: withDistant, distant } = withDistantLayers(store);
  const around = { cache, store, withDistant, distant, scope: '', warn: () => {} };
  const imported = importCaches(around, [opened]);
  const fresh = document.records.flatMap((record) => {
    const found = cache.lookup(record.key) ? undefined : imported.cache.lookup(record.key);
    return found ? [{ record, result: found.result }] : [];
  });
  const lists: InputLists =
    document.inputs === undefined
      ? []
      : await unpackInputLists(await read(document.inputs, TRAVEL_LIMITS.inputsBlob));
  const wanted = fresh.flatMap(({ result }): Digest[] => (result.layer ? [result.layer.diffId] : []));
  const missing = distant.missing(wanted);
  await distant.bring(wanted, progress);
  for (const { record, result } of fresh) {
    const { key, scope = '', stage, position, instruction, seconds, made, inputs } = record;
    cache.record({
      ...{ key, scope, stage, position, instruction, result, seconds, made, buildId: 'imported' },
      inputs: (inputs === undefined ? undefined : lists[inputs]) ?? [],
    });
  }
  const bytes = missing.reduce((sum, { size }) => sum + size, 0);
  return { records: fresh.length, layers: missing.length, bytes };
}
