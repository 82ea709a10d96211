import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import type { Digest } from '../../core/index.ts';
import { sha256 } from '../../sys/index.ts';
import type { Inventory, Item } from './items.ts';
import { bytesByKind, planPrune } from './plan.ts';
import type { DiskKind } from './types.ts';

const DAY = 86_400_000;
const NOW = 100 * DAY;
const blob = (name: string): Digest => sha256(name);

function item(kind: DiskKind, id: string, more: Partial<Item> = {}): Item {
  return {
    kind,
    id,
    title: id,
    lastUsed: NOW - DAY,
    inUse: false,
    bytes: 0,
    blobs: [],
    diffIds: [],
    ...more,
  };
}

/** Something that holds layers, each with a blob of its name. */
function holder(
  kind: 'image' | 'record',
  id: string,
  layers: readonly string[],
  more: Partial<Item> = {},
): Item {
  return item(kind, id, { blobs: layers.map(blob), diffIds: layers.map(blob), ...more });
}

function inventory(items: readonly Item[], sizes: Readonly<Record<string, number>> = {}): Inventory {
  const blobs = new Map(items.flatMap((one) => one.blobs).map((digest) => [digest, 100]));
  for (const [name, bytes] of Object.entries(sizes)) blobs.set(blob(name), bytes);
  const own = items.reduce((sum, { bytes }) => sum + bytes, 0);
  const total = own + [...blobs.values()].reduce((sum, bytes) => sum + bytes, 0) + 50;
  const nothing = { images: [], damaged: [], records: [], unpacked: [] };
  return { items, now: NOW, blobs, database: 50, others: [], total, free: 1000, ...nothing };
}

const plan = (items: readonly Item[], wishes: Partial<Parameters<typeof planPrune>[1]> = {}, sizes = {}) => {
  const { go, stay, ...rest } = planPrune(inventory(items, sizes), { all: false, ...wishes });
  return {
    go: go.map((one) => one.item.id),
    stay: Object.fromEntries(stay.map((one) => [one.item.id, one.reason])),
    ...rest,
  };
};

describe('without a limit', () => {
  const app = holder('image', 'app', ['base', 'a'], { named: true });
  const old = holder('image', 'old', ['base', 'b']);
  const items = [
    app,
    old,
    holder('record', '1', ['a']),
    holder('record', '2', ['b']),
    holder('record', '3', ['c']),
    item('unpacked', 'u-a', { bytes: 7, diffIds: [blob('a')] }),
    item('mount', 'npm', { bytes: 5 }),
    item('log', 'young', { bytes: 1 }),
    item('log', 'old-log', { bytes: 1, lastUsed: NOW - 8 * DAY }),
    item('temporary', 'left', { bytes: 3, lastUsed: 0 }),
  ];

  test('what can be made again goes; names and what they hold stay', () => {
    expect(plan(items)).toEqual({
      go: ['left', 'old-log', 'u-a', '3', '2', 'npm', 'old'],
      stay: { app: 'named', '1': 'shared', young: 'recent' },
      frees: 3 + 1 + 7 + 100 + 5 + 100,
    });
  });
  test('all of it', () => {
    const all = plan(items, { all: true });
    expect(all.stay).toEqual({});
    expect(all.frees).toBe(17 + 400);
  });
  test('what is in use stays', () => {
    const busy = [
      holder('record', '3', ['c'], { inUse: true }),
      item('mount', 'npm', { bytes: 5, inUse: true }),
    ];
    expect(plan(busy, { all: true })).toEqual({ go: [], stay: { '3': 'in-use', npm: 'in-use' }, frees: 0 });
  });
  test('only some kinds, only old things, only images with labels', () => {
    expect(plan(items, { kinds: ['mount'] }).go).toEqual(['npm']);
    expect(plan(items, { unusedSince: NOW - 2 * DAY }).go).toEqual(['left', 'old-log']);
    const labelled = [
      holder('image', 'x', ['x'], { labels: { env: 'ci', keep: '' } }),
      holder('image', 'y', ['y'], { labels: { env: 'prod' } }),
      ...items,
    ];
    expect(plan(labelled, { labels: ['env'] }).go).toEqual(['left', 'x', 'y']);
    expect(plan(labelled, { labels: ['env=ci'] }).go).toEqual(['left', 'x']);
    expect(plan(labelled, { labels: ['env'], withoutLabels: ['keep'] }).go).toEqual(['left', 'y']);
  });
  test('an unpacked layer goes with the layer that it stands on, whether asked for or not', () => {
    const things = [
      holder('record', '1', ['low']),
      holder('record', '2', ['top']),
      item('unpacked', 'stack', { bytes: 9, diffIds: [blob('low'), blob('top')] }),
    ];
    expect(plan(things, { kinds: ['record'] })).toMatchObject({ go: ['2', '1', 'stack'], frees: 209 });
  });
});

describe('with a limit', () => {
  const at = (days: number) => ({ lastUsed: NOW - days * DAY });
  const items = [
    holder('record', '1', ['a'], at(9)),
    holder('record', '2', ['b'], at(8)),
    item('mount', 'npm', { bytes: 500, ...at(7) }),
    holder('record', '3', ['c'], at(6)),
  ];
  // 3 layers, the mount, the database: 850.
  test('what was used longest ago goes, and no more than needed', () => {
    expect(plan(items, { maxUsed: 850 }).go).toEqual([]);
    expect(plan(items, { maxUsed: 849 })).toEqual({
      go: ['1'],
      stay: { '2': 'within-limit', npm: 'within-limit', '3': 'within-limit' },
      frees: 100,
      limit: { bytes: 849, left: 750 },
    });
    expect(plan(items, { maxUsed: 300 }).go).toEqual(['1', '2', 'npm']);
  });
  test('that cannot be kept is told', () => {
    expect(plan(items, { maxUsed: 10 }).limit).toEqual({ bytes: 10, left: 50 });
  });
  test('what is reserved is not gone below; free space counts', () => {
    expect(plan(items, { reserved: 700 }).go).toEqual(['1', '2']);
    expect(plan(items, { maxUsed: 10, reserved: 800 }).go).toEqual(['1']);
    expect(plan(items, { minFree: 1000 }).go).toEqual([]);
    expect(plan(items, { minFree: 1150 }).go).toEqual(['1', '2']);
    expect(plan(items, { minFree: 1150, reserved: 850 }).go).toEqual([]);
  });
  test('of one kind alone', () => {
    expect(plan(items, { maxUsed: 200, kinds: ['record'] }).go).toEqual(['1']);
  });
  test('a record that frees nothing is not wasted', () => {
    const shared = [holder('record', '9', ['app'], at(20)), holder('image', 'app', ['app'], { named: true })];
    expect(plan([...shared, ...items], { maxUsed: 900 })).toMatchObject({
      go: ['1'],
      stay: { '9': 'shared', app: 'named' },
    });
  });
});

const digests = ['a', 'b', 'c', 'd', 'e', 'f'].map(blob);
const anyItem = fc
  .record({
    kind: fc.constantFrom<DiskKind>('image', 'record', 'unpacked', 'mount', 'source', 'temporary'),
    lastUsed: fc.integer({ min: 0, max: 20 }).map((days) => NOW - days * DAY),
    inUse: fc.boolean(),
    named: fc.boolean(),
    bytes: fc.integer({ min: 0, max: 100 }),
    layers: fc.uniqueArray(fc.constantFrom(...digests), { maxLength: 3 }),
  })
  .map(({ kind, layers, named, bytes, ...rest }): Omit<Item, 'id' | 'title'> => {
    const holds = kind === 'image' || kind === 'record';
    return {
      ...{ kind, ...rest },
      bytes: holds ? 0 : bytes,
      blobs: holds ? layers : [],
      diffIds: holds || kind === 'unpacked' ? layers : [],
      named: kind === 'image' && named,
    };
  });

test('no plan removes what is in use or has a name, and each frees what it says', () => {
  fc.assert(
    fc.property(
      fc.array(anyItem, { maxLength: 12 }),
      fc.boolean(),
      fc.option(fc.integer({ min: 0, max: 900 }), { nil: undefined }),
      (found, all, maxUsed) => {
        const items = found.map((one, i) => ({ ...one, id: String(i), title: String(i) }));
        const before = inventory(items);
        const made = planPrune(before, { all, ...(maxUsed === undefined ? {} : { maxUsed }) });
        const gone = new Set(made.go.map((one) => one.item));
        expect(new Set([...gone, ...made.stay.map((one) => one.item)]).size).toBe(items.length);
        expect(made.go.length + made.stay.length).toBe(items.length);
        for (const one of gone) expect(one.inUse || (one.named && !all)).toBe(false);
        const after = items.filter((one) => !gone.has(one));
        const sum = (kept: readonly Item[]) =>
          [...bytesByKind({ ...before, items: kept }).values()].reduce((total, bytes) => total + bytes, 0);
        expect(sum(items) - sum(after)).toBe(made.frees);
        // Nothing unpacked stays on a layer that is gone, unless it is in use.
        const held = new Set(after.flatMap((one) => (one.kind === 'unpacked' ? [] : one.diffIds)));
        for (const one of after)
          if (one.kind === 'unpacked' && !one.inUse)
            expect(one.diffIds.every((id) => held.has(id))).toBe(true);
        if (made.limit && made.limit.left > made.limit.bytes) {
          const free = after.filter((one) => !one.inUse && !one.named && one.bytes > 0);
          expect(free).toEqual([]);
        }
      },
    ),
    { numRuns: 500 },
  );
});
