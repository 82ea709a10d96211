// Which things go. What was used longest ago goes first, until enough is free; what is in use or has a name stays, and
// so does what would free nothing. A function of what is there: nothing is read or removed here.

import type { Digest } from '../../core/index.ts';
import type { Inventory, Item } from './items.ts';
import type { DiskKind, PruneOptions, StayReason } from './types.ts';

/** What is to be done. */
export interface Plan {
  /** In the order in which they are to go. */
  readonly go: readonly { readonly item: Item; readonly frees: number }[];
  readonly stay: readonly { readonly item: Item; readonly reason: StayReason }[];
  /** What going frees in all. */
  readonly frees: number;
  /** What the kinds asked for may take, and what they will; only where there is a limit. */
  readonly limit?: { readonly bytes: number; readonly left: number };
}

type Wishes = Omit<PruneOptions, 'dryRun'>;

/** Logs of so many milliseconds stay unless everything is to go: somebody may still want to read why it failed. */
const RECENT_LOG = 7 * 86_400_000;

/** Makes the plan. */
export function planPrune(inventory: Inventory, wishes: Wishes): Plan {
  const reasons = new Map<Item, StayReason>();
  const candidates: Item[] = [];
  for (const item of inventory.items) {
    const reason = obstacle(item, wishes) ?? youngLog(item, inventory, wishes);
    if (reason) reasons.set(item, reason);
    else candidates.push(item);
  }
  candidates.sort(oldestFirst);
  const limit = limitOf(inventory, wishes);
  const { chosen, freed } = choose(inventory, candidates, limit);
  for (const item of candidates) if (!chosen.has(item)) reasons.set(item, 'within-limit');
  const wholesale = wishes.all && limit === undefined;
  for (const item of wholesale ? [] : needless(inventory, chosen)) {
    chosen.delete(item);
    reasons.set(item, 'shared');
  }
  const go = withWhatStandsOnThem(inventory, chosen, reasons);
  const left = limit && { bytes: limit.bytes, left: limit.total - freed };
  return {
    go,
    stay: [...reasons].map(([item, reason]) => ({ item, reason })),
    frees: go.reduce((sum, { frees }) => sum + frees, 0),
    ...(left ? { limit: left } : {}),
  };
}

function obstacle(item: Item, wishes: Wishes): StayReason | undefined {
  if (wishes.kinds && !wishes.kinds.includes(item.kind)) return 'not-asked';
  if (item.inUse) return 'in-use';
  if (item.kind === 'temporary') return undefined;
  if (!hasLabels(item, wishes)) return 'not-asked';
  if (item.named && !wishes.all) return 'named';
  if (wishes.unusedSince !== undefined && item.lastUsed > wishes.unusedSince) return 'recent';
  return undefined;
}

function youngLog({ kind, lastUsed }: Item, { now }: Inventory, { all }: Wishes): StayReason | undefined {
  return kind === 'log' && !all && lastUsed > now - RECENT_LOG ? 'recent' : undefined;
}

/** With labels asked for, only images are meant. */
function hasLabels({ labels }: Item, wishes: Wishes): boolean {
  const [wanted, unwanted] = [wishes.labels ?? [], wishes.withoutLabels ?? []];
  if (wanted.length === 0 && unwanted.length === 0) return true;
  if (!labels) return false;
  const has = (label: string) => {
    const equals = label.indexOf('=');
    if (equals < 0) return Object.hasOwn(labels, label);
    const key = label.slice(0, equals);
    return Object.hasOwn(labels, key) && labels[key] === label.slice(equals + 1);
  };
  return wanted.every(has) && !unwanted.some(has);
}

/** What is cheapest to make again comes first among things used at the same time; then what was made last. */
const ORDER: readonly DiskKind[] = ['temporary', 'unpacked', 'log', 'record', 'source', 'mount', 'image'];

function oldestFirst(a: Item, b: Item): number {
  const age = a.lastUsed - b.lastUsed || ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind);
  if (age !== 0) return age;
  // Records are numbered: of one build's, the last goes first, so that the beginning of the chain still hits.
  return a.kind === 'record' ? Number(b.id) - Number(a.id) : a.id < b.id ? -1 : 1;
}

interface Limit {
  readonly bytes: number;
  /** What the kinds asked for take now. */
  readonly total: number;
  readonly kinds?: readonly DiskKind[];
}

/** As BuildKit reckons: at most this much, less where the disk is short, but never below what is reserved. */
function limitOf(inventory: Inventory, wishes: Wishes): Limit | undefined {
  const { maxUsed, reserved, minFree, kinds } = wishes;
  if (maxUsed === undefined && reserved === undefined && minFree === undefined) return undefined;
  const total = kinds ? bytesOfKinds(inventory, kinds) : inventory.total;
  const short = minFree === undefined ? 0 : Math.max(0, minFree - inventory.free);
  // With a wish for free space alone, nothing goes while there is enough.
  const most = maxUsed ?? (minFree === undefined ? 0 : total);
  const bytes = Math.max(Math.min(most, short > 0 ? total - short : most), reserved ?? 0, 0);
  return { bytes, total, ...(kinds ? { kinds } : {}) };
}

/** What things of some kinds take. A blob counts as what needs it most: an image, the cache, a source. */
function bytesOfKinds(inventory: Inventory, kinds: readonly DiskKind[]): number {
  let sum = 0;
  for (const [kind, bytes] of bytesByKind(inventory)) if (kinds.includes(kind)) sum += bytes;
  return sum;
}

/** What each kind takes. */
export function bytesByKind({ items, blobs }: Inventory): ReadonlyMap<DiskKind, number> {
  const sums = new Map<DiskKind, number>();
  const add = (kind: DiskKind, bytes: number) => void sums.set(kind, (sums.get(kind) ?? 0) + bytes);
  const counted = new Set<Digest>();
  for (const kind of ['image', 'record', 'source', 'temporary', 'unpacked', 'mount', 'log'] as const) {
    for (const item of items) {
      if (item.kind !== kind) continue;
      add(kind, item.bytes);
      for (const digest of item.blobs) {
        if (counted.has(digest)) continue;
        counted.add(digest);
        add(kind, blobs.get(digest) ?? 0);
      }
    }
  }
  return sums;
}

/** Picks from the candidates in their order until the limit is kept. */
function choose(
  inventory: Inventory,
  candidates: readonly Item[],
  limit: Limit | undefined,
): { readonly chosen: Set<Item>; readonly freed: number } {
  const chosen = new Set<Item>();
  const world = new World(inventory);
  const counts = (item: Item) => limit?.kinds === undefined || limit.kinds.includes(item.kind);
  let freed = 0;
  for (const item of candidates) {
    if (limit && limit.total - freed <= limit.bytes) break;
    if (world.isGone(item)) continue;
    chosen.add(item);
    freed += world.remove(item, counts);
  }
  return { chosen, freed };
}

/** Those of the chosen whose blobs somebody else needs anyway: without them nothing less is freed. */
function needless(inventory: Inventory, chosen: ReadonlySet<Item>): Item[] {
  const needed = new Set<Digest>();
  for (const item of inventory.items) {
    if (!chosen.has(item)) for (const digest of item.blobs) needed.add(digest);
  }
  return [...chosen].filter(
    ({ bytes, blobs }) => bytes === 0 && blobs.length > 0 && blobs.every((digest) => needed.has(digest)),
  );
}

/** The chosen with what each frees, and the unpacked layers that go with them. */
function withWhatStandsOnThem(
  inventory: Inventory,
  chosen: ReadonlySet<Item>,
  reasons: Map<Item, StayReason>,
): { readonly item: Item; readonly frees: number }[] {
  const world = new World(inventory);
  const go = [...chosen].map((item) => ({ item, frees: world.remove(item, () => false) }));
  for (const item of inventory.items) {
    if (chosen.has(item) || item.inUse || !world.standsOnNothing(item)) continue;
    reasons.delete(item);
    go.push({ item, frees: world.remove(item) });
  }
  return go;
}

/** The things that are there, and what is left once some are gone. */
class World {
  readonly #inventory: Inventory;
  readonly #gone = new Set<Item>();
  /** How many need a blob, and a layer. */
  readonly #blobNeeds = new Map<Digest, number>();
  readonly #layerNeeds = new Map<Digest, number>();
  /** Unpacked layers by each layer that they stand on. */
  readonly #forms = new Map<Digest, Item[]>();

  constructor(inventory: Inventory) {
    this.#inventory = inventory;
    for (const item of inventory.items) {
      for (const digest of item.blobs) count(this.#blobNeeds, digest, 1);
      if (item.kind !== 'unpacked') for (const diffId of item.diffIds) count(this.#layerNeeds, diffId, 1);
      else
        for (const diffId of item.diffIds)
          this.#forms.set(diffId, [...(this.#forms.get(diffId) ?? []), item]);
    }
  }

  isGone(item: Item): boolean {
    return this.#gone.has(item);
  }

  /** Whether it is an unpacked layer without a layer. */
  standsOnNothing(item: Item): boolean {
    return (
      item.kind === 'unpacked' &&
      !this.#gone.has(item) &&
      item.diffIds.some((diffId) => (this.#layerNeeds.get(diffId) ?? 0) === 0)
    );
  }

  /**
   * Takes something away.
   * @param forms which of the unpacked layers that then stand on nothing go, and count, with it; all by default
   * @returns what that frees
   */
  remove(item: Item, forms: (form: Item) => boolean = () => true): number {
    if (this.#gone.has(item)) return 0;
    this.#gone.add(item);
    let freed = item.bytes;
    for (const digest of item.blobs)
      if (count(this.#blobNeeds, digest, -1) === 0) freed += this.#inventory.blobs.get(digest) ?? 0;
    if (item.kind === 'unpacked') return freed;
    for (const diffId of item.diffIds) {
      if (count(this.#layerNeeds, diffId, -1) > 0) continue;
      for (const form of this.#forms.get(diffId) ?? []) {
        if (!form.inUse && forms(form)) freed += this.remove(form);
      }
    }
    return freed;
  }
}

function count(counts: Map<Digest, number>, digest: Digest, change: 1 | -1): number {
  const value = (counts.get(digest) ?? 0) + change;
  counts.set(digest, value);
  return value;
}
