// Layers and archives that try to reach what is outside.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chunksOf, describeTree, entry, file, layerBytes } from '../../testkit/layers.ts';
import { type LayerSourceEntry, mergeTables, openTarTree, unpackLayer } from './index.ts';

const ROOT = process.getuid?.() === 0;
let directory: string;
let outside: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'hostile-'));
  outside = join(directory, 'outside');
  mkdirSync(outside);
  writeFileSync(join(outside, 'kept'), 'kept');
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function unpack(entries: LayerSourceEntry[]): Promise<string> {
  const target = mkdtempSync(join(directory, 'target-'));
  const { tar } = await layerBytes(entries);
  await unpackLayer(chunksOf(tar), target, { overlayXattr: 'trusted', lower: mergeTables([]) });
  return target;
}

const out = (link: string) => entry(link, 'symlink', { link: outside, mode: 0o777 });

describe.if(ROOT)('entries below a link of their own layer', () => {
  const attacks: Record<string, () => LayerSourceEntry[]> = {
    file: () => [out('l'), file('l/new', 'x')],
    'file below a directory below': () => [out('l'), file('l/a/b/new', 'x')],
    directory: () => [out('l'), entry('l/new', 'dir')],
    'attributes of a directory': () => [out('l'), entry('l/.', 'dir', { path: 'l/x/..' })],
    'hard link into': () => [out('l'), file('f', 'x'), entry('l/new', 'hardlink', { link: 'f' })],
    'hard link from': () => [out('l'), entry('stolen', 'hardlink', { link: 'l/kept' })],
    device: () => [out('l'), entry('l/new', 'char', { major: 1, minor: 3 })],
    whiteout: () => [out('l'), entry('l/kept', 'whiteout')],
    'opaque directory': () => [out('l'), entry('l/sub', 'opaque')],
    'link instead of a directory': () => [entry('d', 'dir'), file('d/f', 'x'), out('d'), file('d/new', 'x')],
    'link by way of a link': () => [out('l'), entry('m', 'symlink', { link: 'l' }), file('m/new', 'x')],
    'relative link': () => [entry('l', 'symlink', { link: '../outside' }), file('l/new', 'x')],
  };
  for (const [name, entries] of Object.entries(attacks)) {
    test(name, async () => {
      await expect(unpack(entries())).rejects.toMatchObject({ code: 'archive-escape' });
      expect(readdirSync(outside)).toEqual(['kept']);
    });
  }

  test('times of a directory that became a link are forgotten', async () => {
    const before = describeTree(directory).find((line) => line.startsWith('"outside"'));
    const target = await unpack([
      entry('d', 'dir', { mtime: 1 }),
      entry('d/e', 'dir', { mtime: 1 }),
      out('d'),
    ]);
    expect(describeTree(target)[0]).toContain('symlink');
    expect(describeTree(directory).find((line) => line.startsWith('"outside"'))).toBe(before!);
  });

  test('links themselves may point anywhere', async () => {
    const target = await unpack([out('l'), entry('m', 'hardlink', { link: 'l' })]);
    expect(describeTree(target).length).toBe(2);
  });

  test('a layer may replace what it brought', async () => {
    const target = await unpack([
      file('a', '1'),
      entry('a', 'dir'),
      file('a/b', '2'),
      file('a/b', '3'),
      entry('c', 'dir'),
      file('c/d/e', 'x'),
      file('c', '4'),
      entry('s', 'symlink', { link: outside }),
      entry('s', 'dir'),
      file('s/in', 'x'),
    ]);
    const paths = describeTree(target).map((line) => line.split(' ').slice(0, 2).join(' '));
    expect(paths).toEqual(['"a" dir', '"a/b" file', '"c" file', '"s" dir', '"s/in" file']);
    expect(readdirSync(outside)).toEqual(['kept']);
  });

  test('a device 0:0 is not taken for a deletion', async () => {
    const { tar } = await layerBytes([entry('kept', 'char', { major: 0, minor: 0 })]);
    const target = mkdtempSync(join(directory, 'target-'));
    const { skipped } = await unpackLayer(chunksOf(tar), target, { overlayXattr: 'trusted' });
    expect(skipped).toEqual(['kept']);
    expect(readdirSync(target)).toEqual([]);
  });

  test('broken links and parents', async () => {
    const broken = { code: 'archive-broken' };
    await expect(unpack([entry('a', 'hardlink', { link: 'none' })])).rejects.toMatchObject(broken);
    await expect(unpack([entry('d', 'dir'), entry('a', 'hardlink', { link: 'd' })])).rejects.toMatchObject(
      broken,
    );
    await expect(unpack([file('f', 'x'), file('f/g', 'x')])).rejects.toMatchObject(broken);
    await expect(unpack([entry('a', 'hardlink', { link: 'a' })])).rejects.toMatchObject(broken);
  });
});

describe('archives as trees', () => {
  const temporary = () => mkdtempSync(join(directory, 'tmp-'));
  const save = async (entries: LayerSourceEntry[], pack = (bytes: Uint8Array) => bytes) => {
    const path = join(temporary(), 'a.tar');
    writeFileSync(path, pack((await layerBytes(entries)).tar));
    return path;
  };
  const text = (tree: Awaited<ReturnType<typeof openTarTree>>, path: string) => {
    const reader = tree.open(path);
    const parts: Buffer[] = [];
    for (;;) {
      const buffer = Buffer.alloc(7);
      const count = reader.read(buffer);
      if (count === 0) break;
      parts.push(buffer.subarray(0, count));
    }
    reader.close();
    return Buffer.concat(parts).toString();
  };

  const entries = [
    file('d/f', 'the content'),
    entry('d/l', 'symlink', { link: '/etc' }),
    entry('d/h', 'hardlink', { link: 'd/f' }),
    file('big', 'x'.repeat(600_000)),
    file('d/f2', 'first'),
    file('d/f2', 'second'),
  ];

  test('plain, compressed and from a descriptor', async () => {
    for (const pack of [
      (b: Uint8Array) => b,
      (b: Uint8Array) => Bun.gzipSync(Uint8Array.from(b)),
      (b: Uint8Array) => Bun.zstdCompressSync(b),
    ]) {
      const path = await save(entries, pack);
      const spool = temporary();
      const tree = await openTarTree(path, spool);
      expect(tree.children('')).toEqual(['big', 'd']);
      expect(tree.children('d')).toEqual(['f', 'f2', 'h', 'l']);
      expect(tree.get('d')).toMatchObject({ type: 'dir', mode: 0o755 });
      expect(tree.get('d/h')).toMatchObject({ type: 'file', size: 11, inode: tree.get('d/f')!.inode! });
      expect(text(tree, 'd/h')).toBe('the content');
      expect(text(tree, 'd/f2')).toBe('second');
      expect(text(tree, 'big').length).toBe(600_000);
      expect(tree.digest('d/h')).toBe(tree.digest('d/f'));
      expect(readdirSync(spool)).toEqual([]);
      tree.close();
    }
  });

  test('sparse files have their holes', async () => {
    const where = temporary();
    Bun.spawnSync(['sh', '-c', 'truncate -s 300K s; echo end >> s; tar -cS --format=pax -f a.tar s'], {
      cwd: where,
    });
    const tree = await openTarTree(join(where, 'a.tar'), where);
    expect(text(tree, 's')).toBe(`${'\0'.repeat(300 * 1024)}end\n`);
    expect(tree.get('s')!.size).toBe(300 * 1024 + 4);
    tree.close();
  });

  test('refuse what leads out, and damage', async () => {
    const open = async (list: LayerSourceEntry[]) => openTarTree(await save(list), temporary());
    await expect(open([out('l'), file('l/x', 'x')])).rejects.toMatchObject({ code: 'archive-escape' });
    await expect(open([file('f', 'x'), file('f/x', 'x')])).rejects.toMatchObject({ code: 'archive-broken' });
    const cut = await save(entries, (bytes) => Bun.gzipSync(Uint8Array.from(bytes)).subarray(0, 200));
    const spool = temporary();
    await expect(openTarTree(cut, spool)).rejects.toMatchObject({ code: 'archive-broken' });
    expect(readdirSync(spool)).toEqual([]);
    expect(existsSync(outside)).toBe(true);
  });
});
