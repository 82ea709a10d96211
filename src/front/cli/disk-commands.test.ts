import { describe, expect, test } from 'bun:test';
import type {
  DiskReport,
  PruneOptions,
  PruneReport,
  StoreVerifyOptions,
  StoreVerifyReport,
} from '../../app/index.ts';
import { digestOfHex, parseAge } from '../../core/index.ts';
import { parseSince } from './since.ts';
import { trial } from './testdata/trial.ts';

const digest = digestOfHex('d'.repeat(64));
const HOUR = 3_600_000;

describe('df', () => {
  const report: DiskReport = {
    root: '/store',
    rows: [
      { kind: 'image', count: 2, active: 1, bytes: 4_000_000, reclaimable: 1_000_000 },
      { kind: 'database', count: 1, active: 0, bytes: 0, reclaimable: 0 },
    ],
    total: 4_000_000,
    reclaimable: 1_000_000,
    reclaimableAll: 4_000_000,
    free: 5e9,
    limit: 8_000_000,
    twice: { layers: 1, bytes: 3 },
    repeated: { layers: 2, bytes: 4 },
    images: [
      {
        imageId: digest,
        manifest: digest,
        names: ['app:latest', 'app:1'],
        lastUsed: -HOUR,
        bytes: 30,
        shared: 20,
        unique: 10,
        cached: 5,
        inUse: false,
      },
    ],
    records: [
      {
        key: digest,
        instruction: 'RUN a \\\n  b',
        created: -HOUR,
        lastUsed: -HOUR,
        seconds: 2,
        bytes: 7,
        shared: true,
        inUse: true,
      },
    ],
    unpacked: [],
    named: [{ kind: 'mount', name: 'npm\x1b[1m', bytes: 9, lastUsed: -HOUR, inUse: false }],
  };
  const app = { df: async () => report };
  test('a table and what it means', async () => {
    expect((await trial('system df', { app })).out.split('\n')).toEqual([
      'TYPE       TOTAL   ACTIVE   SIZE   RECLAIMABLE',
      'Images     2       1        4MB    1MB (25%)',
      'Database   1       0        0B     0B',
      'Total                       4MB    1MB (25%)',
      '',
      'In /store, on a file system with 5GB free.',
      'It may take 8MB (maxStore): 50% of that.',
      'On disk twice, as blob and unpacked for RUN: 1 layer, 3B. They are unpacked again when needed.',
      'Unpacked more than once, on different layers: 2 layers, 4B more.',
      "'mille prune' frees 1MB, 'mille prune --all' 4MB.",
      '',
    ]);
  });
  test("JSON in Docker's words, one object a line", async () => {
    const [line] = (await trial('df --format json', { app })).out.split('\n');
    expect(JSON.parse(line!)).toEqual({
      Type: 'Images',
      TotalCount: '2',
      Active: '1',
      Size: '4MB',
      Reclaimable: '1MB (25%)',
      Bytes: 4_000_000,
      ReclaimableBytes: 1_000_000,
    });
  });
  test('details', async () => {
    const { out } = await trial('df -v', { app });
    expect(out).toContain('app:latest, app:1   dddddddddddd   N/A       About an hour ago   30B    20B');
    expect(out).toContain('RUN a \\ b');
    expect(out).toContain('in use now');
    expect(out).toContain('npm    About an hour ago');
    expect(out).not.toContain('\x1b');
    expect(out).not.toContain('Unpacked');
    const document = JSON.parse((await trial('df -v --format json', { app })).out);
    expect(document).toMatchObject({
      Images: [{ ID: digest, Bytes: 30, UniqueSize: '10B', UniqueBytes: 10 }],
      BuildCache: [{ Shared: true, Seconds: 2 }],
      TotalBytes: 4_000_000,
      MaxStoreBytes: 8_000_000,
    });
  });
});

describe('prune', () => {
  const removed = [
    { kind: 'record', id: '1', title: 'RUN a', lastUsed: -HOUR, bytes: 2000 },
    { kind: 'record', id: '2', title: 'RUN b', lastUsed: -HOUR, bytes: 0 },
    { kind: 'mount', id: 'x', title: 'npm', lastUsed: 0, bytes: 500 },
  ] as const;
  const stays = [
    { kind: 'image', id: 'i', title: 'app:latest', lastUsed: 0, bytes: 0, reason: 'named' },
    { kind: 'mount', id: 'y', title: 'pip', lastUsed: 0, bytes: 7000, reason: 'in-use' },
    { kind: 'log', id: 'l', title: 'l.log', lastUsed: 0, bytes: 7000, reason: 'not-asked' },
  ] as const;
  const calls: PruneOptions[] = [];
  const app = (more: Partial<PruneReport> = {}) => ({
    prune: async (options: PruneOptions): Promise<PruneReport> => {
      calls.push(options);
      return { dryRun: options.dryRun, removed, stays, reclaimed: 2500, total: 100_000, ...more };
    },
  });
  const ask = async (line: string, given: Parameters<typeof trial>[1] = {}) => {
    calls.length = 0;
    return { ...(await trial(line, { app: app(), ...given })), asked: [...calls] };
  };

  test('what went, and why what stays stays', async () => {
    expect((await ask('prune -f')).out.split('\n')).toEqual([
      'Removed:',
      '  2 cache records, 2kB',
      '  1 cache mount, 500B',
      'Stays:',
      '  1 cache mount, 7kB, used by a build or a container just now',
      '  1 image, with a name (--all removes them as well)',
      'Total reclaimed space: 2.5kB',
      '',
    ]);
    const { out } = await ask('prune --dry-run -v', { app: app({ limit: { bytes: 1000, left: 5000 } }) });
    expect(out).toContain(
      'Would be removed:\n  2 cache records, 2kB\n    RUN a, 2kB, used about an hour ago\n',
    );
    expect(out).toContain(
      '5kB stay, more than the 1kB that were to be kept.\nTotal reclaimable space: 2.5kB',
    );
    expect(JSON.parse((await ask('prune -f --format json')).out)).toMatchObject({
      SpaceReclaimed: 2500,
      Removed: [{ Type: 'record', Bytes: 2000 }, {}, {}],
      Stays: [{ Reason: 'named' }, {}, {}],
    });
  });

  test('asks first, and only where there is something', async () => {
    const yes = await ask('prune', { lines: ['y'] });
    expect(yes.asked.map(({ dryRun }) => dryRun)).toEqual([true, false]);
    expect(yes.err).toStartWith('Would be removed:\n');
    expect(yes.err).toEndWith('Remove this? [y/N] ');
    expect(yes.out).toStartWith('Removed:\n');
    const no = await ask('prune', { lines: [''] });
    expect(no).toMatchObject({ status: 1, out: '', asked: [{ dryRun: true }] });
    expect(no.err).toEndWith('nothing was removed\n');
    await expect(ask('prune')).rejects.toThrow('there is nobody to answer');
    const nothing = await ask('prune', { app: app({ removed: [], reclaimed: 0 }) });
    expect(nothing).toMatchObject({ status: 0, err: '' });
  });

  test('flags', async () => {
    const options = async (line: string) => (await ask(`${line} --dry-run`)).asked[0];
    expect(await options('prune')).toEqual({ all: false, dryRun: true });
    expect(await options('prune -a --keep 10GB --reserved-space 1g --min-free-space 5GiB')).toEqual({
      ...{ all: true, dryRun: true, maxUsed: 10e9, reserved: 1e9, minFree: 5 * 2 ** 30 },
    });
    expect(await options('builder prune --keep-storage 2GB')).toEqual({
      ...{ all: false, dryRun: true, reserved: 2e9 },
      kinds: ['record', 'unpacked', 'mount', 'source', 'temporary'],
    });
    expect(await options('image prune -a')).toEqual({ all: true, dryRun: true, kinds: ['image'] });
    expect(await options('system prune --older-than 7d')).toMatchObject({ unusedSince: -7 * 24 * HOUR });
    expect(await options('prune --filter until=24h --older-than 1h')).toMatchObject({
      unusedSince: -24 * HOUR,
    });
    expect(
      await options(
        'prune --filter type=exec.cachemount --filter type=log --filter label=a=b --filter label!=c',
      ),
    ).toEqual({ all: false, dryRun: true, kinds: ['mount', 'log'], labels: ['a=b'], withoutLabels: ['c'] });
    expect(await options('buildx prune --filter type=log')).toMatchObject({ kinds: [] });
  });

  test.each([
    ['prune --keep much', "--keep can't be 'much'"],
    ['prune --keep 1g --max-used-space 1g', '--keep and --max-used-space are the same flag'],
    ['prune --older-than yesterday', "--older-than can't be 'yesterday'"],
    ['prune --filter until=', "does not support the filter 'until='"],
    ['prune --filter type=volume', "--filter type= can't be 'volume'"],
    ['prune --filter inuse=true', "does not support the filter 'inuse=true'"],
    ['system prune --volumes', '--volumes is a flag of docker'],
    ['image prune x', "'x' is too many"],
  ])('%s', async (line, message) => {
    await expect(ask(line)).rejects.toThrow(message);
  });
});

describe('ages', () => {
  test.each([
    ['90s', 90_000],
    ['1h30m', 1.5 * HOUR],
    ['1.5h', 1.5 * HOUR],
    ['7d', 168 * HOUR],
    ['2w1d', 15 * 24 * HOUR],
    ['250ms', 250],
  ])('%s', (text, age) => expect(parseAge(text)).toBe(age));
  test.each(['', '7', 'd', '-1h', '1h-', '1y', '1 h'])('%p is none', (text) =>
    expect(parseAge(text)).toBeUndefined(),
  );
  test('or points of time', () => {
    const at = (text: string) => parseSince('--x', text, 1_000_000_000_000);
    expect(at('1h')).toBe(1_000_000_000_000 - HOUR);
    expect(at('2026-01-31')).toBe(Date.UTC(2026, 0, 31));
    expect(at('2026-01-31T10:00:00+02:00')).toBe(Date.UTC(2026, 0, 31, 8));
    expect(at('1700000000')).toBe(1_700_000_000_000);
    for (const bad of ['2026-13-01', 'noon', '2026']) expect(() => at(bad)).toThrow("--x can't be");
  });
});

describe('store verify', () => {
  const checked = { images: 1, layers: 2, records: 0, unpacked: 0, mounts: 1 };
  const problem = {
    kind: 'blob',
    subject: digest,
    message: 'the blob is\x1b[1m damaged',
    remedy: 'pull app again',
    repairable: true,
  } as const;
  const left = { ...problem, kind: 'leftover', message: 'tmp/1 was left', harmless: true } as const;
  const verifying = (report: Partial<StoreVerifyReport>) => {
    const asked: StoreVerifyOptions[] = [];
    const sound = { root: '/store', deep: false, sound: true, problems: [], repaired: [], checked };
    const verifyStore = async (options: StoreVerifyOptions) => {
      asked.push(options);
      return { ...sound, deep: options.deep, ...report };
    };
    return { app: { verifyStore }, asked };
  };

  test('says what was looked at', async () => {
    const { app, asked } = verifying({});
    expect(await trial('store verify', { app })).toMatchObject({
      status: 0,
      out: 'The store in /store is sound: 1 image, 2 layers, 0 cache records, 0 unpacked layers, 1 cache mount (--deep reads every byte).\n',
    });
    expect(asked).toEqual([{ deep: false, repair: false }]);
  });

  test('says what is wrong, a line each, and ends with a status of its own', async () => {
    const { app, asked } = verifying({ sound: false, problems: [problem, left], repaired: [problem] });
    const { status, out } = await trial('store verify --deep --repair', { app });
    expect(status).toBe(54);
    expect(out.split('\n').slice(0, 3)).toEqual([
      'repaired: the blob is damaged',
      'problem: the blob is damaged; pull app again',
      'note: tmp/1 was left; pull app again',
    ]);
    expect(out).toContain('has 1 problem: 1 image, ');
    expect(out).toContain('(every byte was read). 1 problem repaired.\n');
    expect(asked).toEqual([{ deep: true, repair: true }]);
  });

  test('for programs', async () => {
    const { app } = verifying({ sound: false, problems: [problem] });
    const { status, out } = await trial('store verify --format json', { app });
    expect(status).toBe(54);
    expect(JSON.parse(out)).toMatchObject({
      Sound: false,
      Layers: 2,
      Problems: [{ Kind: 'blob', Subject: digest, Remedy: 'pull app again', Harmless: false }],
      Repaired: [],
    });
  });
});
