// `mille prune`: what was used longest ago goes, beside whoever works on the store. Killed at any point, what is left
// is sound, and the next time goes on.

import { type Cache, openCache, type RecordInfo } from '../../build/cache/index.ts';
import { clearMounts } from '../../build/cache-mounts/index.ts';
import { forgetDownloads, keptDownloads, removeRepository } from '../../build/source/index.ts';
import { type Digest, isDigest } from '../../core/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { CWD, freeBytes, statAt } from '../../sys/index.ts';
import { collectGarbage } from '../collect-garbage.ts';
import { type Services, withServices } from '../services.ts';
import { takeInventory } from './inventory.ts';
import type { Inventory, Item } from './items.ts';
import { removeLog } from './logs.ts';
import { type Plan, planPrune } from './plan.ts';
import type { PruneItem, PruneOptions, PruneReport } from './types.ts';

/** Removes what was used longest ago. See `DiskVerbs.prune`. */
export function prune(options: PruneOptions): Promise<PruneReport> {
  const work = async (services: Services) => {
    const store = await services.store();
    if (options.dryRun) return pruneStore(store, options);
    // Forgetting is written down as well.
    if (freeBytes(store.root) < LEAST_FREE) store.spendReserve();
    try {
      return pruneStore(store, options);
    } finally {
      store.keepReserve();
    }
  };
  return withServices(options.dryRun ? 'files' : 'container', work, { useReserve: true });
}

const LEAST_FREE = 4 * 1024 * 1024;

/** Things that turn out to be in use are replaced by others this often. */
const ROUNDS = 3;

/** What is remembered of the files of a context that nobody built for this long is forgotten: milliseconds. */
const FORGOTTEN_AFTER = 30 * 86_400_000;

/** The same for a store that is open. */
export function pruneStore(store: Store, options: PruneOptions): PruneReport {
  const cache = openCache(store.db, { hasLayer: () => false });
  let inventory = takeInventory(store, cache);
  let plan = planPrune(inventory, options);
  if (options.dryRun) {
    const removed = plan.go.map(({ item, frees }) => shown(item, frees));
    return report(plan, { removed, total: inventory.total - plan.frees, dryRun: true });
  }
  const removed: PruneItem[] = [];
  for (let round = 0; round < ROUNDS && plan.go.length > 0; round++) {
    const gone = carryOut(store, cache, { inventory, plan });
    removed.push(...gone);
    inventory = takeInventory(store, cache);
    plan = planPrune(inventory, options);
    if (!plan.limit || gone.length === 0) break;
  }
  store.compact(options.unusedSince ?? Date.now() - FORGOTTEN_AFTER);
  return report(plan, { removed, total: takeInventory(store, cache).total, dryRun: false });
}

function shown(item: Item, bytes: number): PruneItem {
  const { kind, id, title, lastUsed, damage } = item;
  return { kind, id, title, lastUsed, bytes, ...(damage === undefined ? {} : { damage }) };
}

function report(
  plan: Plan,
  done: { readonly removed: readonly PruneItem[]; readonly total: number; readonly dryRun: boolean },
): PruneReport {
  // What could go and is still there came into use meanwhile.
  const late = done.dryRun ? [] : plan.go.map(({ item }) => ({ item, reason: 'in-use' as const }));
  const stays = [...plan.stay, ...late].map(({ item, reason }) => ({ ...shown(item, item.bytes), reason }));
  const reclaimed = done.removed.reduce((sum, { bytes }) => sum + bytes, 0);
  return { ...done, stays, reclaimed, ...(plan.limit ? { limit: plan.limit } : {}) };
}

/** Does it. @returns what is gone, with what that freed */
function carryOut(
  store: Store,
  cache: Cache,
  { inventory, plan }: { readonly inventory: Inventory; readonly plan: Plan },
): PruneItem[] {
  const of = (kind: Item['kind']) => plan.go.map(({ item }) => item).filter((item) => item.kind === kind);
  // First what needs no writing into the database: a full disk may refuse that until something is freed.
  const gone = new Map<Item, number>();
  const note = (items: readonly Item[]) => {
    for (const item of items) gone.set(item, item.bytes);
  };
  note(sweep(store, of('temporary')));
  note(of('log').filter(({ id }) => removeLog(store.root, id)));
  const cleared = new Set<string>(clearMounts(store, digests(of('mount'))));
  note(of('mount').filter(({ id }) => cleared.has(id)));
  const forms = new Set(
    store.removeUnpacked(digests(of('unpacked'))).forms.map(({ name }) => `sha256:${name}`),
  );
  note(of('unpacked').filter(({ id }) => forms.has(id)));
  note(of('source').filter((item) => removeSource(store, item)));
  const images = new Set<string>(store.removeImages(digests(of('image'))));
  note(of('image').filter(({ id }) => images.has(id)));
  note(forgetRecords(store, cache, { inventory, items: of('record') }));
  const { blobs } = collectGarbage(store, cache);
  attribute(gone, { blobs, lost: of('temporary') });
  return [...gone].map(([item, bytes]) => shown(item, bytes));
}

function digests(items: readonly Item[]): Digest[] {
  return items.map(({ id }) => id).filter(isDigest);
}

function sweep(store: Store, items: readonly Item[]): Item[] {
  const left = items.filter(({ blobs }) => blobs.length === 0);
  if (left.length === 0) return [];
  store.sweep();
  return left.filter(({ id }) => !statAt(CWD, `${store.paths.tmp}/${id}`));
}

function removeSource(store: Store, { id, blobs }: Item): boolean {
  const [digest] = blobs;
  if (digest === undefined) return removeRepository(store, id);
  return store.claims.removing((take) =>
    store.db.transaction(() => {
      if (!take(digest)) return false;
      forgetDownloads(store, keptDownloads(store).get(digest) ?? []);
      return true;
    }),
  );
}

function forgetRecords(
  store: Store,
  cache: Cache,
  { inventory, items }: { readonly inventory: Inventory; readonly items: readonly Item[] },
): Item[] {
  const wanted = new Map(items.map((item) => [item.id, item]));
  const records = inventory.records.filter(({ id }) => wanted.has(String(id)));
  const gone: RecordInfo[] = [];
  // In batches: who wants to write waits meanwhile.
  for (let at = 0; at < records.length; at += BATCH) {
    const batch = records.slice(at, at + BATCH);
    gone.push(...store.claims.removing((take) => cache.forget(batch, take)));
  }
  return gone.map(({ id }) => wanted.get(String(id))!);
}

const BATCH = 128;

/** Says for whom each blob was that was freed: the last of those that held it. */
function attribute(
  gone: Map<Item, number>,
  freed: { readonly blobs: readonly { digest: Digest; bytes: number }[]; readonly lost: readonly Item[] },
): void {
  const holders = new Map<Digest, Item>();
  for (const item of [...freed.lost, ...gone.keys()])
    for (const digest of item.blobs) holders.set(digest, item);
  for (const { digest, bytes } of freed.blobs) {
    const holder = holders.get(digest);
    if (holder) gone.set(holder, (gone.get(holder) ?? 0) + bytes);
  }
}
