// `mille df`: what holds every byte of the store.

import { openCache, type RecordInfo } from '../../build/cache/index.ts';
import type { Digest } from '../../core/index.ts';
import { formatReference, parseReference } from '../../oci/image/index.ts';
import type { DamagedImage, StoredImage } from '../../oci/store/index.ts';
import { environment, namesIn } from '../../sys/index.ts';
import { type Services, withServices } from '../services.ts';
import { readSettings } from '../settings.ts';
import { takeInventory } from './inventory.ts';
import type { Inventory, Item } from './items.ts';
import { bytesByKind, planPrune } from './plan.ts';
import type {
  DiskImage,
  DiskKind,
  DiskNamed,
  DiskRecord,
  DiskReport,
  DiskUnpacked,
  DiskUsageRow,
} from './types.ts';

/** Measures the store. See `DiskVerbs.df`. */
export function df(): Promise<DiskReport> {
  const measure = async (services: Services) => {
    const store = await services.store();
    const { maxStore } = await readSettings(store.root, environment());
    const inventory = takeInventory(store, openCache(store.db, { hasLayer: () => false }));
    return diskReport(store.root, inventory, maxStore);
  };
  return withServices('files', measure, { useReserve: true });
}

const KINDS: readonly DiskKind[] = ['image', 'record', 'unpacked', 'mount', 'source', 'log', 'temporary'];

/** Where `mille vuln update` keeps what it fetched, one database an ecosystem. */
const VULNERABILITIES = 'vulnerabilities';

/** Sums up what is there. */
function diskReport(root: string, inventory: Inventory, limit?: number): DiskReport {
  const { items, blobs, database, total, free } = inventory;
  const others = inventory.others.filter(({ name }) => name !== VULNERABILITIES);
  const bytes = bytesByKind(inventory);
  const plan = planPrune(inventory, { all: false });
  const gone = new Set(plan.go.map(({ item }) => item));
  const after = bytesByKind({ ...inventory, items: items.filter((item) => !gone.has(item)) });
  const rows = KINDS.map((kind): DiskUsageRow => {
    const own = items.filter((item) => item.kind === kind);
    const size = bytes.get(kind) ?? 0;
    return {
      kind,
      count: own.length,
      active: own.filter(({ inUse }) => inUse).length,
      bytes: size,
      // What an image no longer needs may still be the cache's: then that has more than before.
      reclaimable: Math.max(0, size - (after.get(kind) ?? 0)),
    };
  });
  const rest = others.reduce((sum, other) => sum + other.bytes, 0);
  const vulnerabilities = inventory.others.find(({ name }) => name === VULNERABILITIES)?.bytes ?? 0;
  const ecosystems = namesIn(`${root}/${VULNERABILITIES}`).filter((name) => name.endsWith('.db')).length;
  const single = { count: 1, active: 0, reclaimable: 0 };
  const byImage = needsOf(items.filter(({ kind }) => kind === 'image'));
  const byRecord = needsOf(items.filter(({ kind }) => kind === 'record'));
  const itemOf = new Map(items.flatMap((item) => (item.kind === 'image' ? [[item.id, item] as const] : [])));
  const images = inventory.images.map((image) =>
    imageDetail(image, itemOf.get(image.manifestDigest)!, { blobs, byImage, byRecord }),
  );
  const unpacked = unpackedDetails(inventory);
  return {
    root,
    rows: [
      ...rows,
      { kind: 'vulnerabilities', bytes: vulnerabilities, ...single, count: ecosystems },
      { kind: 'database', bytes: database, ...single },
      { kind: 'other', bytes: rest, ...single, count: others.length },
    ],
    ...{ total, free },
    reclaimable: plan.frees,
    reclaimableAll: planPrune(inventory, { all: true }).frees,
    ...(limit === undefined ? {} : { limit }),
    ...doubles(unpacked),
    images: [...images, ...inventory.damaged.map((image) => damagedDetail(image, itemOf, blobs))],
    records: recordDetails(inventory, byImage),
    unpacked,
    named: namedDetails(inventory),
  };
}

/** How many things need each blob. */
function needsOf(items: readonly Item[]): ReadonlyMap<Digest, number> {
  const needs = new Map<Digest, number>();
  for (const { blobs } of items) for (const digest of blobs) needs.set(digest, (needs.get(digest) ?? 0) + 1);
  return needs;
}

function imageDetail(
  image: StoredImage,
  item: Item,
  known: {
    readonly blobs: ReadonlyMap<Digest, number>;
    readonly byImage: ReadonlyMap<Digest, number>;
    readonly byRecord: ReadonlyMap<Digest, number>;
  },
): DiskImage {
  const { manifestDigest, imageId, names, config } = image;
  const sum = (which: (digest: Digest) => boolean) =>
    item.blobs.reduce((total, digest) => total + (which(digest) ? (known.blobs.get(digest) ?? 0) : 0), 0);
  const isShared = (digest: Digest) => (known.byImage.get(digest) ?? 0) > 1;
  return {
    imageId,
    manifest: manifestDigest,
    names: names.map((name) => formatReference(parseReference(name))),
    ...(config.created === undefined ? {} : { created: config.created }),
    lastUsed: item.lastUsed,
    bytes: sum(() => true),
    shared: sum(isShared),
    unique: sum((digest) => !isShared(digest)),
    cached: sum((digest) => !isShared(digest) && known.byRecord.has(digest)),
    inUse: item.inUse,
  };
}

function damagedDetail(
  { manifestDigest, imageId, names, added, damage }: DamagedImage,
  items: ReadonlyMap<string, Item>,
  blobs: ReadonlyMap<Digest, number>,
): DiskImage {
  const item = items.get(manifestDigest);
  const bytes = (item?.blobs ?? []).reduce((sum, digest) => sum + (blobs.get(digest) ?? 0), 0);
  return {
    ...{ imageId, manifest: manifestDigest, damage },
    names: names.map((name) => formatReference(parseReference(name))),
    lastUsed: added * 1000,
    ...{ bytes, shared: 0, unique: bytes, cached: 0, inUse: item?.inUse ?? false },
  };
}

function recordDetails(
  { items, records, blobs }: Inventory,
  byImage: ReadonlyMap<Digest, number>,
): DiskRecord[] {
  const byId = new Map(items.flatMap((item) => (item.kind === 'record' ? [[item.id, item] as const] : [])));
  const latestFirst = (a: RecordInfo, b: RecordInfo) => b.lastUsed - a.lastUsed || b.id - a.id;
  return [...records].sort(latestFirst).map(({ id, key, instruction, created, lastUsed, seconds }) => {
    const item = byId.get(String(id));
    const [blob] = item?.blobs ?? [];
    return {
      ...{ key, instruction, created, lastUsed, seconds },
      bytes: blob === undefined ? 0 : (blobs.get(blob) ?? 0),
      shared: blob !== undefined && byImage.has(blob),
      inUse: item?.inUse ?? false,
    };
  });
}

function unpackedDetails({ items, unpacked, blobs, images }: Inventory): DiskUnpacked[] {
  const forms = new Map<Digest, number>();
  const own = (diffIds: readonly Digest[]) => diffIds.at(-1)!;
  const known = unpacked.filter(({ diffIds }) => diffIds.length > 0);
  for (const { diffIds } of known) forms.set(own(diffIds), (forms.get(own(diffIds)) ?? 0) + 1);
  const users = new Map<Digest, string[]>();
  const blobOf = new Map<Digest, Digest>();
  for (const { config, manifest, names } of images) {
    const shown = names.map((name) => formatReference(parseReference(name)));
    for (const [i, diffId] of config.rootfs.diff_ids.entries()) {
      users.set(diffId, [...new Set([...(users.get(diffId) ?? []), ...shown])]);
      blobOf.set(diffId, manifest.layers[i]!.digest);
    }
  }
  for (const { kind, diffIds, blobs: held } of items) {
    if (kind === 'record' && diffIds[0] && held[0]) blobOf.set(diffIds[0], held[0]);
  }
  return known
    .map(({ diffIds, bytes, files, used, inUse }) => {
      const diffId = own(diffIds);
      const blob = blobOf.get(diffId);
      return {
        ...{ diffId, bytes, files, inUse, lastUsed: used },
        blobBytes: blob === undefined ? 0 : (blobs.get(blob) ?? 0),
        forms: forms.get(diffId) ?? 1,
        images: users.get(diffId) ?? [],
      };
    })
    .sort((a, b) => b.bytes - a.bytes || (a.diffId < b.diffId ? -1 : 1));
}

/** What is on disk more than once. */
function doubles(unpacked: readonly DiskUnpacked[]): Pick<DiskReport, 'twice' | 'repeated'> {
  const twice = unpacked.filter(({ blobBytes }) => blobBytes > 0);
  const largest = new Map<Digest, number>();
  for (const { diffId, bytes } of unpacked) largest.set(diffId, Math.max(largest.get(diffId) ?? 0, bytes));
  const repeated = unpacked.filter(({ forms }) => forms > 1);
  const sum = (all: readonly DiskUnpacked[]) => all.reduce((total, { bytes }) => total + bytes, 0);
  const layers = new Set(repeated.map(({ diffId }) => diffId));
  return {
    twice: { layers: new Set(twice.map(({ diffId }) => diffId)).size, bytes: sum(twice) },
    repeated: {
      layers: layers.size,
      bytes: sum(repeated) - [...layers].reduce((total, diffId) => total + largest.get(diffId)!, 0),
    },
  };
}

function namedDetails({ items, database, others, blobs }: Inventory): DiskNamed[] {
  const shown: readonly DiskKind[] = ['mount', 'source', 'log', 'temporary'];
  const things = items
    .filter(({ kind }) => shown.includes(kind))
    .map((item): DiskNamed => {
      const { kind, title, bytes, lastUsed, inUse } = item;
      const all = item.blobs.reduce((sum, digest) => sum + (blobs.get(digest) ?? 0), bytes);
      return { kind, name: title, bytes: all, ...(lastUsed > 0 ? { lastUsed } : {}), inUse };
    });
  return [
    ...things,
    { kind: 'database', name: 'mille.db', bytes: database, inUse: false },
    ...others.map(
      ({ name, bytes }): DiskNamed => ({
        kind: name === VULNERABILITIES ? name : 'other',
        ...{ name, bytes, inUse: false },
      }),
    ),
  ];
}
