import { describe, expect, test } from 'bun:test';
import type { CacheMount } from '../../app/index.ts';
import { digestOfHex } from '../../core/index.ts';
import { trial } from './testdata/trial.ts';

const mount: CacheMount = {
  id: digestOfHex('c'.repeat(64)),
  name: 'npm\x1b[2J',
  directory: '/store/cache-mounts/c',
  begins: { mode: 0o700, uid: 5, gid: 6 },
  bytes: 1_500_000,
  files: 7,
  copies: 1,
  lastUsed: -3_600_000,
  inUse: false,
  users: [{ dockerfile: '/app/Dockerfile', context: '/app', step: `RUN ${'x'.repeat(80)}`, used: 0 }],
};
const busy: CacheMount = { ...mount, name: 'busy', inUse: true, users: [] };

describe('cache ls', () => {
  const app = { cacheMounts: async () => [mount, busy] };
  test('a table: who uses it is clipped, and no name reaches the terminal as it is', async () => {
    const { out } = await trial('cache ls', { app });
    expect(out.split('\n')).toEqual([
      'CACHE ID       NAME   SIZE    FILES   LAST USED           USED BY',
      `cccccccccccc   npm    1.5MB   7       About an hour ago   /app/Dockerfile: RUN ${'x'.repeat(38)}…`,
      'cccccccccccc   busy   1.5MB   7       in use now          unknown',
      '',
    ]);
  });
  test('whole, as JSON, ids only', async () => {
    expect((await trial('cache list --no-trunc', { app })).out).toContain(`RUN ${'x'.repeat(80)}\n`);
    const lines = (await trial('cache ls --format json', { app })).out.trimEnd().split('\n');
    expect(JSON.parse(lines[0]!)).toMatchObject({ Id: mount.id, Bytes: 1_500_000, Begins: { Mode: '0700' } });
    expect((await trial('cache ls -q', { app })).out).toBe('cccccccccccc\ncccccccccccc\n');
  });
});

test('cache inspect', async () => {
  const app = { inspectCacheMounts: async () => [mount] };
  expect(JSON.parse((await trial('cache inspect npm', { app })).out)).toMatchObject([{ Files: 7 }]);
  const { out } = await trial('cache inspect --format table npm', { app });
  expect(out).toContain('an empty directory, mode 0700, owner 5:6\n');
  expect(out).not.toContain('\x1b');
});

describe('cache clear', () => {
  const app = (inUse: CacheMount[]) => ({ clearCacheMounts: async () => ({ cleared: [mount], inUse }) });
  test('what was cleared, and what is in use', async () => {
    expect(await trial('cache clear npm', { app: app([]) })).toMatchObject({
      status: 0,
      out: 'Cleared: npm (1.5MB)\nTotal reclaimed space: 1.5MB\n',
    });
    const all = await trial('cache clear --all', { app: app([busy]) });
    expect(all).toMatchObject({ status: 0, err: 'note: a build is using busy: not cleared\n' });
    await expect(trial('cache rm npm busy', { app: app([busy]) })).rejects.toMatchObject({
      code: 'cache-in-use',
    });
  });
  test('says what it needs', async () => {
    await expect(trial('cache clear')).rejects.toThrow('no cache mount is named');
    await expect(trial('cache clear --all npm')).rejects.toThrow('--all leaves nothing to be named');
  });
});

test('cache export: all or some, never to a terminal, and only what was said', async () => {
  const asked: unknown[] = [];
  const app = { exportCacheMounts: async (...args: unknown[]) => void asked.push(args.slice(0, 2)) as never };
  await trial('cache export --mounts', { app });
  await trial('cache export --mounts -o f a b', { app });
  expect(asked).toEqual([
    ['all', '-'],
    [['a', 'b'], 'f'],
  ]);
  await expect(trial('cache export --mounts', { app, terminal: { stdout: true } })).rejects.toThrow(
    'not written to a terminal',
  );
  await expect(trial('cache export', { app })).rejects.toThrow('needs one directory');
  await expect(trial('cache export -o f dir', { app })).rejects.toThrow('-o is for cache mounts');
});

test('cache export and import of a directory: what went, what came', async () => {
  const app = {
    exportCache: async () => ({ records: 3, layers: 1, size: 2_000_000, sent: 1000 }),
    importCache: async () => ({ records: 1, layers: 2, bytes: 5000 }),
  };
  expect((await trial('cache export dir', { app })).out).toBe(
    'Exported: 3 steps, 1 layer, 2MB, 1kB of it new\n',
  );
  expect((await trial('cache export -q dir', { app })).out).toBe('');
  expect((await trial('cache import dir', { app })).out).toBe(
    'Imported: 1 step, 2 layers (5kB) that were not here\n',
  );
  const nothing = { importCache: async () => ({ records: 0, layers: 0, bytes: 0 }) };
  expect((await trial('cache import dir', { app: nothing })).out).toBe(
    'Imported: nothing that was not known\n',
  );
});

test('cache import: what came, what could not be made', async () => {
  const came = { id: mount.id, name: 'npm', files: 2, bytes: 3000, replaced: true };
  const app = { importCacheMounts: async () => ({ mounts: [came], skipped: ['data/dev\n'] }) };
  expect(await trial('cache import --mounts f', { app })).toMatchObject({
    out: 'Imported: npm (3kB in 2 files), in place of what was there\n',
    err: 'warning: 1 files could not be made as they were (first: data/dev\\n)\n',
  });
  await expect(trial('cache import -', { app })).rejects.toThrow('needs one directory');
  await expect(trial('cache import --mounts -', { app, terminal: { stdin: true } })).rejects.toThrow(
    'standard input is a terminal',
  );
});

test('the words of a group', async () => {
  await expect(trial('cache')).rejects.toMatchObject({
    hint: expect.stringContaining('ls, inspect, clear, export, import'),
  });
  await expect(trial('cache lst')).rejects.toMatchObject({ hint: "did you mean 'mille cache ls'?" });
});
