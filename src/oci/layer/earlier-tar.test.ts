import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { CWD, closeFd, O, openAt, sha256 } from '../../sys/index.ts';
import { anyLayer, entry, file, layerBytes } from '../../testkit/layers.ts';
import type { Entry } from '../image/index.ts';
import { EarlierTar } from './earlier-tar.ts';
import { encodeExactHeader } from './tar/encode.ts';
import { writePlainHeader } from './tar/plain-header.ts';
import type { LayerSourceEntry } from './types.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'earlier-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** A file whose digest is known, as that of a context that was built before. */
function known(path: string, content: string | Uint8Array, more: Partial<Entry> = {}): LayerSourceEntry {
  const plain = file(path, content, more);
  return { ...plain, entry: { ...plain.entry, digest: sha256(content) } };
}

/** Writes a layer with and without an earlier tar, which must come to the same; tells which files were opened. */
async function twice(earlier: Uint8Array, entries: readonly LayerSourceEntry[]): Promise<string[]> {
  const path = join(directory, 'earlier.tar');
  writeFileSync(path, earlier);
  const opened: string[] = [];
  const noting = (name: string, open: NonNullable<LayerSourceEntry['open']>) => () => {
    opened.push(name);
    return open();
  };
  const noted = entries.map(({ entry: own, open, ...rest }) => ({
    entry: own,
    ...rest,
    ...(open ? { open: noting(own.path, open) } : {}),
  }));
  const fd = openAt(CWD, path, { flags: O.RDONLY });
  try {
    const ours = await layerBytes(noted, { trustDigests: true, earlier: new EarlierTar(fd) });
    const plain = await layerBytes(entries, { trustDigests: true });
    expect(ours.tar.equals(plain.tar)).toBe(true);
    expect(ours.info).toEqual(plain.info);
    expect(ours.toc).toEqual(plain.toc);
  } finally {
    closeFd(fd);
  }
  return opened;
}

const BEFORE = [
  entry('app', 'dir'),
  known('app/a', 'content of a'),
  known('app/b', 'content of b'),
  known('app/c', 'x'.repeat(70_000)),
  entry('app/d', 'dir'),
  known('app/d/x', 'same'),
  known('app/d/y', 'same'),
  known('app/e', 'content of e', { xattrs: { 'user.a': 'MQ==' } }),
  entry('app/f', 'hardlink', { link: 'app/a' }),
  known('app/é', 'a name that ustar cannot say'),
];

/** The layer of before with some entries in place of others, or without. */
function changed(change: Record<string, readonly LayerSourceEntry[]>): LayerSourceEntry[] {
  const entries = BEFORE.flatMap((one) => change[one.entry.path] ?? [one]);
  return entries.sort((a, b) => (a.entry.path < b.entry.path ? -1 : 1));
}

describe('content of an earlier tar', () => {
  let before: Uint8Array;
  beforeAll(async () => {
    before = (await layerBytes(BEFORE)).tar;
  });

  const cases: Record<string, [change: Record<string, readonly LayerSourceEntry[]>, opened: string[]]> = {
    'nothing changed': [{}, []],
    'a file changed': [{ 'app/b': [known('app/b', 'CONTENT of b')] }, ['app/b']],
    'a file grew': [{ 'app/a': [known('app/a', 'content of a, and more')] }, ['app/a']],
    'a file shrank': [{ 'app/c': [known('app/c', 'x')] }, ['app/c']],
    'a file became empty': [{ 'app/c': [known('app/c', '')] }, ['app/c']],
    'the mode, owner and time of a file': [
      { 'app/b': [known('app/b', 'content of b', { mode: 0o755, uid: 7, mtime: 5 })] },
      [],
    ],
    'times of directories': [{ app: [entry('app', 'dir', { mtime: 77 })] }, []],
    'attributes, new and gone': [
      {
        'app/b': [known('app/b', 'content of b', { xattrs: { 'user.b': 'Mg==' } })],
        'app/e': [known('app/e', 'content of e')],
      },
      [],
    ],
    'a file was renamed': [{ 'app/b': [], 'app/d/y': [known('app/bb', 'same')] }, ['app/bb']],
    'a file and a directory were removed': [{ 'app/a': [], 'app/d': [], 'app/d/x': [], 'app/d/y': [] }, []],
    'files were added': [
      { app: [entry('app', 'dir'), known('aaa', '1'), known('app/d/xx', 'same'), known('zzz', '2')] },
      ['aaa', 'app/d/xx', 'zzz'],
    ],
    'two files of the same content changed places': [
      { 'app/d/x': [known('app/d/y', 'same')], 'app/d/y': [known('app/d/x', 'same')] },
      [],
    ],
    'a hard link became a file, and a file a link': [
      { 'app/b': [entry('app/b', 'hardlink', { link: 'app/a' })], 'app/f': [known('app/f', 'content of a')] },
      ['app/f'],
    ],
    'a directory became a file': [
      { 'app/d': [known('app/d', 'same')], 'app/d/x': [], 'app/d/y': [] },
      ['app/d'],
    ],
  };
  for (const [name, [change, opened]] of Object.entries(cases))
    test(name, async () => expect(await twice(before, changed(change))).toEqual(opened));

  test('a file that is looked at is read, and so is one whose digest is not known', async () => {
    const entries = changed({
      'app/a': [{ ...known('app/a', 'content of a'), watched: () => true }],
      'app/b': [file('app/b', 'content of b')],
    });
    expect(await twice(before, entries)).toEqual(['app/a', 'app/b']);
  });

  test('what does not have its digest is read from the file', async () => {
    const damaged = Buffer.from(before);
    damaged[damaged.indexOf('content of b')] = 0;
    const opened = await twice(damaged, BEFORE);
    expect(opened).toEqual(['app/b']);
  });

  test('nor is a header believed', async () => {
    const damaged = Buffer.from(before);
    const at = damaged.indexOf('app/b\0');
    damaged.write('77777777777', at + 124);
    expect(await twice(damaged, BEFORE)).toEqual(
      BEFORE.filter(({ open, entry: { path } }) => open && path !== 'app/a').map(
        ({ entry: { path } }) => path,
      ),
    );
  });

  test('one that ends early, one of nothing, and one that is something else', async () => {
    const all = BEFORE.filter(({ open }) => open).map(({ entry: { path } }) => path);
    expect(await twice(before.subarray(0, 2000), BEFORE)).toEqual(all.slice(1));
    expect(await twice(new Uint8Array(0), BEFORE)).toEqual(all);
    expect(await twice(Bun.gzipSync(new Uint8Array(before)), BEFORE)).toEqual(all);
    expect(await twice(new Uint8Array(100_000).fill(0xff), BEFORE)).toEqual(all);
  });

  test('one that is cut while it is read', async () => {
    const path = join(directory, 'cut.tar');
    const large = Array.from({ length: 40 }, (_, i) => known(`f${10 + i}`, `${i}`.repeat(50_000)));
    writeFileSync(path, (await layerBytes(large)).tar);
    const fd = openAt(CWD, path, { flags: O.RDONLY });
    try {
      const cutting = large.map((one, i) => ({
        ...one,
        watched: () => {
          if (i === 5) truncateSync(path, 1000);
          return false;
        },
      }));
      const ours = await layerBytes(cutting, { trustDigests: true, earlier: new EarlierTar(fd) });
      expect(ours.info).toEqual((await layerBytes(large)).info);
    } finally {
      closeFd(fd);
    }
  });

  test('of any two layers', async () => {
    const pick = fc.array(fc.constantFrom('keep', 'keep', 'touch', 'edit', 'drop'), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(anyLayer, pick, async (layer, what) => {
        const whole = await layerBytes(layer);
        const digests = new Map(whole.toc.entries.map(({ path, digest }) => [path, digest]));
        const next = layer.flatMap((one, i): LayerSourceEntry[] => {
          const does = what[i % Math.max(what.length, 1)] ?? 'keep';
          const { type, path } = one.entry;
          const digest = digests.get(path);
          const own = { ...one, entry: { ...one.entry, ...(digest ? { digest } : {}) } };
          if (does === 'touch') return [{ ...own, entry: { ...own.entry, mtime: 12345 } }];
          if (does === 'edit' && type === 'file') return [known(path, `other ${i}`)];
          return does === 'drop' && type !== 'dir' ? [] : [own];
        });
        await twice(whole.tar, next);
      }),
      { numRuns: 40 },
    );
  }, 120_000);
});

test('a plain header is the general one, where it can be written', async () => {
  await fc.assert(
    fc.property(anyLayer, (layer) => {
      const out = new Uint8Array(1024).fill(0xee);
      for (const { entry: one } of layer) {
        const general = encodeExactHeader(one, 0);
        const plain = writePlainHeader(one, out, 300);
        expect(plain).toBe(general.length === 512);
        if (plain) expect(Buffer.from(out.subarray(300, 812)).equals(Buffer.from(general))).toBe(true);
        expect(out[299]).toBe(0xee);
        expect(out[812]).toBe(0xee);
      }
    }),
    { numRuns: 150 },
  );
});
