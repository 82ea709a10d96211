import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { sha256 } from '../../sys/index.ts';
import { anyLayer, chunksOf, entry, file, layerBytes, readerOf } from '../../testkit/layers.ts';
import type { Entry } from '../image/index.ts';
import {
  contentId,
  copyAndScan,
  decodeToc,
  encodeToc,
  isSelfContained,
  mergeTables,
  snapshotTree,
  writeLayer,
} from './index.ts';

const toc = (...sources: { entry: Entry }[]) => ({ entries: sources.map((source) => source.entry) });

describe('writing', () => {
  test('hashes what it writes', async () => {
    const { tar, info, toc: listed } = await layerBytes([entry('d', 'dir'), file('d/f', 'hello')]);
    expect(info.diffId).toBe(sha256(tar));
    expect(info.size).toBe(tar.length);
    expect(info.files).toBe(2);
    expect(tar.length).toBe(512 * 5);
    expect(listed.entries[1]!.digest).toBe(sha256('hello'));
  });

  test('an empty layer is the well-known one', async () => {
    const { info } = await layerBytes([]);
    expect(info.diffId).toBe(
      'sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef' as never,
    );
  });

  test('times can be clamped; deletions have none of their own', async () => {
    const sources = [
      file('new', 'x', { mtime: 5000 }),
      file('old', 'x', { mtime: 7.9 }),
      entry('gone', 'whiteout'),
    ];
    const { toc: listed } = await layerBytes(sources, { clampTime: 1000 });
    expect(listed.entries.map(({ mtime }) => mtime)).toEqual([1000, 7, 1000]);
    const free = await layerBytes(sources);
    expect(free.toc.entries.map(({ mtime }) => mtime)).toEqual([5000, 7, 0]);
  });

  test('deletions are whiteout files', async () => {
    const { tar } = await layerBytes([
      entry('a/b', 'whiteout'),
      entry('c', 'opaque'),
      entry('top', 'whiteout'),
    ]);
    const names = [0, 1, 2].map((i) =>
      tar
        .subarray(i * 512, i * 512 + 100)
        .toString()
        .replace(/\0+$/, ''),
    );
    expect(names).toEqual(['a/.wh.b', 'c/.wh..wh..opq', '.wh.top']);
    expect(tar.subarray(100, 108).toString()).toBe('0000000\0');
  });

  test('names that mean deletions, or that no file system holds, are refused', async () => {
    for (const path of ['a/.wh.x', `d/${'é'.repeat(128)}`, 'x'.repeat(256)]) {
      for (const type of ['file', 'dir'] as const)
        await expect(layerBytes([entry(path, type)])).rejects.toMatchObject({ code: 'image-invalid' });
    }
    for (const path of ['a.wh.x', `d/${'é'.repeat(127)}`, `${'x'.repeat(255)}/y`])
      expect((await layerBytes([entry(path, 'dir')])).toc.entries).toHaveLength(1);
  });

  for (const size of [3, 100_000, 3_000_000]) {
    test(`a file of ${size} bytes that changes its size is an error`, async () => {
      for (const actual of [size - 1, size + 1]) {
        const source = { ...file('f', ''), open: () => readerOf(new Uint8Array(actual)) };
        const grown = { ...source, entry: { ...source.entry, size } };
        await expect(layerBytes([grown])).rejects.toMatchObject({
          code: 'io',
          message: expect.stringContaining("'f' changed"),
        });
      }
    });
  }

  test('known digests can be trusted', async () => {
    const known = sha256('something else');
    const source = file('f', 'content', { digest: known });
    expect((await layerBytes([source], { trustDigests: true })).toc.entries[0]!.digest).toBe(known);
    expect((await layerBytes([source])).toc.entries[0]!.digest).toBe(sha256('content'));
  });

  test('a slow sink is waited for, and its error passed on', async () => {
    let busy = false;
    const slow = async () => {
      expect(busy).toBe(false);
      busy = true;
      await Bun.sleep(1);
      busy = false;
    };
    await writeLayer([file('f', new Uint8Array(5 << 20))], slow);
    const full = () => {
      throw new Error('no space');
    };
    await expect(writeLayer([file('f', 'x')], full)).rejects.toThrow('no space');
  });

  test('scanning passes the bytes on', async () => {
    const { tar, info } = await layerBytes([file('f', 'x'.repeat(20_000))]);
    const copy: Buffer[] = [];
    const scanned = await copyAndScan(chunksOf(tar), (bytes) => void copy.push(Buffer.from(bytes)));
    expect(Buffer.concat(copy).equals(tar)).toBe(true);
    expect(scanned.info).toEqual(info);
  });
});

describe('content id', () => {
  const digest = sha256('x');
  const shared = { size: 1, digest };
  const a = toc(entry('d', 'dir'), file('a', 'x', shared), entry('b', 'hardlink', { link: 'a' }));

  test('leaves out order, times and which name is the link', () => {
    const b = toc(
      file('b', 'x', { ...shared, mtime: 9 }),
      entry('a', 'hardlink', { link: 'b', mtime: 4 }),
      entry('d', 'dir', { mtime: 99 }),
    );
    expect(contentId(b)).toBe(contentId(a));
    const three = toc(
      file('c', 'x', shared),
      entry('b', 'hardlink', { link: 'c' }),
      entry('a', 'hardlink', { link: 'b' }),
    );
    const other = toc(
      file('a', 'x', shared),
      entry('b', 'hardlink', { link: 'a' }),
      entry('c', 'hardlink', { link: 'a' }),
    );
    expect(contentId(three)).toBe(contentId(other));
  });

  test('sees everything else', () => {
    const base = file('f', 'x', shared).entry;
    const others: Partial<Entry>[] = [
      {},
      { path: 'g' },
      { mode: 0o600 },
      { uid: 1 },
      { gid: 1 },
      { digest: sha256('y') },
      { xattrs: { 'user.a': '' } },
      { xattrs: { 'user.a': 'AA==' } },
      { type: 'symlink', link: 'x', size: 0 },
      { type: 'symlink', link: 'y', size: 0 },
      { type: 'char', major: 1, minor: 2 },
      { type: 'char', major: 2, minor: 1 },
      { type: 'whiteout' },
      { type: 'opaque' },
    ];
    const ids = others.map((more) => contentId({ entries: [{ ...base, ...more }] }));
    expect(new Set(ids).size).toBe(ids.length);
    expect(contentId(toc(file('f', 'x', shared), file('g', 'x', shared)))).not.toBe(
      contentId(toc(file('f', 'x', shared), entry('g', 'hardlink', { link: 'f' }))),
    );
  });

  test('does not depend on order for any layer', async () => {
    await fc.assert(
      fc.asyncProperty(anyLayer, fc.infiniteStream(fc.nat()), async (sources, numbers) => {
        const { toc: listed, info } = await layerBytes(sources);
        const shuffled = listed.entries
          .map((value) => ({ value, at: numbers.next().value as number }))
          .sort((x, y) => x.at - y.at)
          .map(({ value }) => ({ ...value, mtime: value.mtime + 1 }));
        expect(contentId({ entries: shuffled })).toBe(info.contentId);
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});

test('tables of contents survive the database', async () => {
  await fc.assert(
    fc.asyncProperty(anyLayer, async (sources) => {
      const { toc: listed } = await layerBytes([...sources, entry('gone', 'whiteout'), entry('x', 'opaque')]);
      expect(decodeToc(encodeToc(listed))).toEqual(listed);
    }),
    { numRuns: 60 },
  );
  expect(() => decodeToc(encodeToc({ entries: [] }).subarray(0, 5))).toThrow();
}, 120_000);

test('self-contained: all parents and links within, nothing deleted', () => {
  expect(isSelfContained(toc(entry('a', 'dir'), entry('a/b', 'dir'), file('a/b/c', 'x')))).toBe(true);
  expect(isSelfContained(toc(file('a/b', 'x'), entry('a', 'dir')))).toBe(true);
  expect(isSelfContained(toc(entry('a/b', 'dir')))).toBe(false);
  expect(isSelfContained(toc(entry('a', 'symlink', { link: 'b' }), file('a/c', 'x')))).toBe(false);
  expect(isSelfContained(toc(entry('a', 'hardlink', { link: 'b' })))).toBe(false);
  expect(isSelfContained(toc(file('b', ''), entry('a', 'hardlink', { link: 'b' })))).toBe(true);
  expect(isSelfContained(toc(entry('a', 'whiteout')))).toBe(false);
  expect(isSelfContained(toc())).toBe(true);
});

describe('merged trees', () => {
  const tree = mergeTables([
    toc(
      entry('lib', 'symlink', { link: 'usr/lib' }),
      entry('usr', 'dir', { mode: 0o711 }),
      entry('usr/lib', 'dir'),
      file('usr/lib/x', 'x'),
      entry('loop', 'symlink', { link: 'loop' }),
      entry('up', 'symlink', { link: '../../../usr/./lib/' }),
      entry('abs', 'symlink', { link: '/usr/lib/x' }),
      entry('chain', 'symlink', { link: 'abs' }),
      entry('dangling', 'symlink', { link: 'nowhere/at/all' }),
      file('usr/lib/old', 'o'),
    ),
    toc(file('lib/y', 'y'), entry('usr/lib/old', 'whiteout'), entry('usr', 'dir', { mode: 0o755 })),
  ]);

  test('resolve links within the root', () => {
    const resolved = (path: string, followFinal = true) => tree.resolve(path, { followFinal });
    expect(resolved('lib/x')).toBe('usr/lib/x');
    expect(resolved('lib')).toBe('usr/lib');
    expect(resolved('lib', false)).toBe('lib');
    expect(resolved('up/x')).toBe('usr/lib/x');
    expect(resolved('chain')).toBe('usr/lib/x');
    expect(resolved('dangling/more')).toBe('nowhere/at/all/more');
    expect(resolved('lib/../x')).toBe('usr/x');
    expect(resolved('../../etc')).toBe('etc');
    expect(resolved('new/dir')).toBe('new/dir');
    expect(resolved('loop')).toBeUndefined();
    expect(resolved('')).toBe('');
  });

  test('say where things come from', () => {
    expect(tree.get('usr/lib/y')).toMatchObject({
      layer: 1,
      content: { layer: 1, entry: { path: 'lib/y' } },
    });
    expect(tree.get('usr/lib/old')).toBeUndefined();
    expect(tree.get('lib/y')).toBeUndefined();
    expect(tree.get('usr')!.entry.mode).toBe(0o755);
    expect(tree.children('usr/lib')).toEqual(['x', 'y']);
    expect(tree.children('lib')).toEqual([]);
    expect(tree.get('')).toBeUndefined();
    expect(tree.children('')).toEqual(['abs', 'chain', 'dangling', 'lib', 'loop', 'up', 'usr']);
  });

  test('many layers and many entries are no trouble', () => {
    const entries: Entry[] = [];
    for (let d = 0; d < 100; d++) {
      entries.push(entry(`d${d}`, 'dir').entry);
      for (let f = 0; f < 500; f++) entries.push(entry(`d${d}/f${f}`, 'file').entry);
    }
    const deep = toc(file(Array(1500).fill('d').join('/'), 'x'));
    const merged = mergeTables([
      { entries },
      deep,
      ...Array.from({ length: 120 }, () => toc(file('f', 'x'))),
    ]);
    expect(merged.children('d7').length).toBe(500);
    expect(merged.get('f')!.layer).toBe(121);
  });

  test('as trees to copy from', async () => {
    const { toc: listed } = await layerBytes([file('f', 'text'), entry('g', 'hardlink', { link: 'f' })]);
    const merged = mergeTables([listed]);
    const copy = snapshotTree(merged, { open: () => readerOf(Buffer.from('text')) });
    expect(copy.get('g')).toMatchObject({ type: 'file', size: 4, inode: copy.get('f')!.inode! });
    expect(copy.digest('g')).toBe(sha256('text'));
    expect(copy.get('')!.type).toBe('dir');
    expect(copy.get('none')).toBeUndefined();
    expect(() => copy.open('none')).toThrow();
    expect(copy.localPath).toBeUndefined();
  });
});
