// The limit of a store: what it takes is measured, room is made as `mille prune --keep` makes it, and where that is not
// enough, it is said what holds the bytes.

import { openCache } from '../../build/cache/index.ts';
import { listMounts } from '../../build/cache-mounts/index.ts';
import { keptRepositories } from '../../build/source/index.ts';
import { formatSize, MilleError } from '../../core/index.ts';
import type { Store, StoreLimit } from '../../oci/store/index.ts';
import { bytesOnDisk, CWD, diskUsage, statAt } from '../../sys/index.ts';
import { settingsFile } from '../settings.ts';
import { takeInventory } from './inventory.ts';
import type { Inventory } from './items.ts';
import { bytesByKind, type Plan, planPrune } from './plan.ts';
import { pruneStore } from './prune.ts';
import type { StayReason } from './types.ts';

/** Told of what was removed to make room. */
export type RoomListener = (message: string) => void;

/** The limit of `bytes` for a store. */
export function storeLimit(store: Store, bytes: number, listener: RoomListener): StoreLimit {
  return {
    bytes,
    measure: () => totalOf(store),
    makeRoom: (most) => {
      // A little more than is asked for: the next step is not to begin by making room again.
      const slack = Math.floor(bytes * SLACK);
      const { removed, reclaimed, total } = pruneStore(store, {
        ...{ all: false, dryRun: false, maxUsed: Math.max(0, most - slack) },
      });
      if (removed.length > 0) {
        const limit = formatSize(bytes);
        listener(
          `${formatSize(reclaimed)} that were not used for longest made room: the store may take ${limit}`,
        );
      }
      return total;
    },
    refuse: (wanted) => refusal(store, bytes, wanted),
  };
}

const SLACK = 0.02;

/** What a store takes; the same as an inventory says, without looking at what is in it. */
function totalOf(store: Store): number {
  const { blobs, unpacked, temporary, database, others } = store.usage(['cache-mounts', 'git', 'logs']);
  const parts = [
    ...[blobs, unpacked, temporary, others].flat().map(({ bytes }) => bytes),
    ...[...listMounts(store), ...keptRepositories(store)].map(({ size }) => size.bytes),
    ...['cache-mounts', 'git'].map((name) => {
      const stat = statAt(CWD, `${store.root}/${name}`);
      return stat ? bytesOnDisk(stat) : 0;
    }),
    diskUsage(`${store.root}/logs`).bytes,
    database,
  ];
  return parts.reduce((sum, bytes) => sum + bytes, 0);
}

function refusal(store: Store, bytes: number, wanted: number): MilleError {
  const inventory = takeInventory(store, openCache(store.db, { hasLayer: () => false }));
  const { stay } = planPrune(inventory, { all: false, maxUsed: 0 });
  const named = bytesOf(inventory, stay, ['named']);
  // What images with names and those in use have in common is said once.
  const used = bytesOf(inventory, stay, ['named', 'in-use']) - named;
  const rest = Math.max(0, inventory.total - named - used);
  const holders = [
    `images with names ${formatSize(named)}`,
    `what builds and containers use now ${formatSize(used)}`,
    `the rest ${formatSize(rest)}`,
  ];
  const more = wanted > 0 ? `${formatSize(wanted)} more do not fit` : 'it takes more already';
  return new MilleError(
    'store-full',
    `the store may take ${formatSize(bytes)}, and ${more}: ${holders.join(', ')}`,
    {
      hint: `remove images (mille rmi, mille prune --all), or raise maxStore in ${settingsFile(store.root)} or MILLE_MAX_STORE; 'mille df -v' shows what there is`,
    },
  );
}

/** What the things that stay for one of these reasons take together. */
function bytesOf(inventory: Inventory, stay: Plan['stay'], reasons: readonly StayReason[]): number {
  const kept = new Set(stay.flatMap(({ item, reason }) => (reasons.includes(reason) ? [item] : [])));
  const items = inventory.items.filter((item) => kept.has(item));
  return [...bytesByKind({ ...inventory, items }).values()].reduce((sum, bytes) => sum + bytes, 0);
}
