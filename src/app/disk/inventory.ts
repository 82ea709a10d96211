// What is in a store, measured.

import type { Cache, RecordInfo } from '../../build/cache/index.ts';
import type { MountInfo } from '../../build/cache-mounts/index.ts';
import { listMounts } from '../../build/cache-mounts/index.ts';
import { keptDownloads, keptRepositories } from '../../build/source/index.ts';
import { type Digest, shortDigest } from '../../core/index.ts';
import {
  type DamagedImage,
  imageTitle,
  type Store,
  type StoredImage,
  type StoreUsage,
} from '../../oci/store/index.ts';
import { bytesOnDisk, CWD, diskUsage, freeBytes, namesIn, statAt } from '../../sys/index.ts';
import type { Inventory, Item } from './items.ts';
import { listLogs } from './logs.ts';

/** Measures everything in a store. What changes meanwhile is seen before or after. */
export function takeInventory(store: Store, cache: Pick<Cache, 'records'>): Inventory {
  const elsewhere = ['cache-mounts', 'git', 'logs'];
  const usage = store.usage(elsewhere);
  const blobs = new Map(usage.blobs.map(({ digest, bytes }) => [digest, bytes]));
  const { sound: images, damaged } = store.surveyImages();
  const records = cache.records();
  const mounts = listMounts(store);
  const imageItems = [
    ...images.map((image) => imageItem(store, image)),
    ...damaged.map((image) => damagedItem(store, image)),
  ];
  const held = new Set(imageItems.flatMap((item) => item.blobs));
  const recordItems = records.map((record) => recordItem(store, record, { usage, held }));
  for (const item of recordItems) for (const digest of item.blobs) held.add(digest);
  const sourceItems = [...downloadItems(store, usage), ...repositoryItems(store)];
  for (const item of sourceItems) for (const digest of item.blobs) held.add(digest);
  const items = [
    ...imageItems,
    ...recordItems,
    ...usage.unpacked.map((form) => unpackedItem(form)),
    ...mounts.map(mountItem),
    ...sourceItems,
    ...listLogs(store.root),
    ...temporaryItems(store, usage, held),
  ];
  const others = [...usage.others, ...elsewhere.map((name) => restOf(store.root, name, items))];
  const sum = (all: Iterable<number>) => [...all].reduce((total, bytes) => total + bytes, 0);
  return {
    items,
    now: Date.now(),
    blobs,
    database: usage.database,
    others: others.filter(({ bytes }) => bytes > 0),
    total:
      sum(items.map(({ bytes }) => bytes)) +
      sum(blobs.values()) +
      usage.database +
      sum(others.map(({ bytes }) => bytes)),
    free: freeBytes(store.root),
    ...{ images, damaged, records, unpacked: usage.unpacked },
  };
}

function imageItem(store: Store, image: StoredImage): Item {
  const { manifestDigest, imageId, manifest, config, names, indexes, added, tagged = 0 } = image;
  return {
    kind: 'image',
    id: manifestDigest,
    title: imageTitle(image),
    lastUsed: Math.max(store.lastUse(manifestDigest) ?? 0, added * 1000, tagged * 1000),
    inUse: store.claims.isClaimed(manifestDigest),
    bytes: 0,
    blobs: [
      ...new Set([
        ...[manifestDigest, imageId, ...indexes],
        ...manifest.layers.map(({ digest }) => digest),
        ...indexes.flatMap((index) => store.peekAttestedBlobs(index)),
      ]),
    ],
    diffIds: [...new Set(config.rootfs.diff_ids)],
    named: names.length > 0,
    labels: config.config?.Labels ?? {},
  };
}

/** An image that cannot be read. It is of no use: its names keep it no more than its layers. */
function damagedItem(store: Store, image: DamagedImage): Item {
  const { manifestDigest, imageId, layers, damage } = image;
  return {
    kind: 'image',
    id: manifestDigest,
    title: imageTitle(image),
    lastUsed: 0,
    inUse: store.claims.isClaimed(manifestDigest),
    bytes: 0,
    blobs: [...new Set([manifestDigest, imageId, ...layers])],
    diffIds: [],
    damage,
    named: false,
  };
}

/** A record keeps one blob of its layer: one that an image has anyway, if there is one. */
function recordItem(
  store: Store,
  record: RecordInfo,
  { usage, held }: { readonly usage: StoreUsage; readonly held: ReadonlySet<Digest> },
): Item {
  const { id, diffId, instruction, lastUsed } = record;
  const carriers = (diffId && usage.carriers.get(diffId)) ?? [];
  const blob = carriers.find((digest) => held.has(digest)) ?? carriers[0];
  return {
    kind: 'record',
    id: String(id),
    title: instruction.replace(/\s+/g, ' '),
    lastUsed,
    inUse: diffId !== undefined && store.claims.isClaimed(diffId),
    bytes: 0,
    blobs: blob === undefined ? [] : [blob],
    diffIds: diffId === undefined ? [] : [diffId],
  };
}

function unpackedItem({ key, diffIds, bytes, used, inUse }: StoreUsage['unpacked'][number]): Item {
  const title = shortDigest(diffIds.at(-1) ?? key);
  return { kind: 'unpacked', id: key, title, lastUsed: used, inUse, bytes, blobs: [], diffIds };
}

function mountItem({ hash, identity, size, lastUsed, inUse }: MountInfo): Item {
  const title = identity?.id ?? shortDigest(hash);
  return { kind: 'mount', id: hash, title, lastUsed, inUse, bytes: size.bytes, blobs: [], diffIds: [] };
}

function downloadItems(store: Store, { blobs }: StoreUsage): Item[] {
  const made = new Map(blobs.map((blob) => [blob.digest, blob.made]));
  return [...keptDownloads(store).keys()].map((digest) => ({
    kind: 'source',
    id: digest,
    title: `file ${shortDigest(digest)}`,
    lastUsed: made.get(digest) ?? 0,
    inUse: store.claims.isClaimed(digest),
    bytes: 0,
    blobs: [digest],
    diffIds: [],
  }));
}

function repositoryItems(store: Store): Item[] {
  return keptRepositories(store).map(({ name, size, lastUsed, inUse }) => ({
    kind: 'source',
    id: name,
    title: `git ${name.slice(0, 12)}`,
    ...{ lastUsed, inUse, bytes: size.bytes, blobs: [], diffIds: [] },
  }));
}

/** What killed processes left, and blobs that nothing leads to. */
function temporaryItems(store: Store, usage: StoreUsage, held: ReadonlySet<Digest>): Item[] {
  const nothing = { kind: 'temporary', lastUsed: 0, diffIds: [] } as const;
  const lost = usage.blobs.filter(({ digest }) => !held.has(digest));
  return [
    ...usage.temporary.map(({ name, bytes, inUse }) => ({
      ...nothing,
      ...{ id: name, title: `tmp/${name}`, inUse, bytes, blobs: [] },
    })),
    ...lost.map(({ digest }) => ({
      ...nothing,
      ...{ id: digest, title: `blob ${shortDigest(digest)}`, bytes: 0, blobs: [digest] },
      inUse: store.claims.isClaimed(digest),
    })),
  ];
}

/** A directory of the store but for what was counted as items. */
function restOf(root: string, directory: string, items: readonly Item[]): { name: string; bytes: number } {
  const path = `${root}/${directory}`;
  const stat = statAt(CWD, path);
  if (!stat) return { name: directory, bytes: 0 };
  const kind = { 'cache-mounts': 'mount', git: 'source', logs: 'log' }[directory];
  const known = new Set(items.flatMap((item) => (item.kind === kind ? item.id.replace(/^sha256:/, '') : [])));
  const strangers = namesIn(path).filter((name) => !known.has(name));
  const rest = strangers.map((name) => diskUsage(`${path}/${name}`).bytes);
  return { name: directory, bytes: rest.reduce((sum, bytes) => sum + bytes, bytesOnDisk(stat)) };
}
