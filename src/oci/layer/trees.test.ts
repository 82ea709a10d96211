import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { linkSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { MilleError } from '../../core/index.ts';
import { CWD, effectiveUid, setTimesAt, statAt } from '../../sys/index.ts';
import { anyLayer, chunksOf, describeTree, entry, file, layerBytes } from '../../testkit/layers.ts';
import { createTreePacker, type TreesExpected, unpackLayer, unpackTrees } from './index.ts';

let place = '';
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'mille-trees-'));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const documents: string[] = [];
const EXPECTED: TreesExpected = {
  treeOf: (path) => {
    if (!path.includes('/') && path !== 't') return undefined;
    if (/^[tu](\/|$)/.test(path)) return path.slice(0, 1);
    throw new MilleError('archive-broken', `unexpected: ${path}`);
  },
  document: (path, content) => void documents.push(`${path}=${content}`),
};

async function pack(directory: string) {
  const parts: Buffer[] = [];
  const packer = createTreePacker((bytes) => void parts.push(Buffer.from(bytes)));
  await packer.document('first', '{}');
  const summary = await packer.tree([{ directory, path: 't' }]);
  await packer.document('last', 'x'.repeat(600));
  await packer.finish();
  return { tar: Buffer.concat(parts), summary };
}

function fresh(name: string): string {
  const path = join(place, name);
  mkdirSync(path);
  return path;
}

const unpack = (tar: Uint8Array, name = 'out') => unpackTrees(chunksOf(tar), fresh(name), EXPECTED);

test('a tree comes back as it was: names that layers reserve, links, times to the nanosecond', async () => {
  const from = fresh('from');
  mkdirSync(join(from, 'deep/er'), { recursive: true });
  writeFileSync(join(from, 'deep/.wh.odd'), 'not a deletion');
  writeFileSync(join(from, 'deep/big'), Buffer.alloc(3_000_000, 'ab'));
  writeFileSync(join(from, 'deep/.wh..wh..opq'), '');
  linkSync(join(from, 'deep/big'), join(from, 'deep/er/same'));
  symlinkSync('/etc/passwd', join(from, 'link'));
  const times = { 'deep/big': [1_700_000_000, 123_456_789], link: [-5, 250_000_000], deep: [0, 1] };
  for (const [name, [seconds = 0, nanoseconds = 0]] of Object.entries(times))
    setTimesAt(CWD, join(from, name), { seconds, nanoseconds });
  documents.length = 0;
  const { tar, summary } = await pack(from);
  const { trees, skipped } = await unpack(tar);
  expect(trees.get('t')).toEqual(summary);
  expect(summary).toMatchObject({ files: 5, bytes: 3_000_014 });
  expect(skipped).toEqual([]);
  expect(documents).toEqual(['first={}', `last=${'x'.repeat(600)}`]);
  expect(describeTree(join(place, 'out/t'))).toEqual(describeTree(from));
  for (const [name, [mtime = 0, mtimeNsec = 0]] of Object.entries(times))
    expect(statAt(CWD, join(place, 'out/t', name))).toMatchObject({ mtime, mtimeNsec });
});

test.skipIf(effectiveUid() !== 0)(
  'whatever a layer can hold comes back as it was',
  async () => {
    let round = 0;
    await fc.assert(
      fc.asyncProperty(anyLayer, async (entries) => {
        const from = fresh(`from${++round}`);
        await unpackLayer(chunksOf((await layerBytes(entries)).tar), from, { overlayXattr: 'user' });
        const { tar, summary } = await pack(from);
        const { trees } = await unpack(tar, `out${round}`);
        expect(trees.get('t')).toEqual(summary);
        expect(describeTree(join(place, `out${round}/t`))).toEqual(describeTree(from));
      }),
      { numRuns: 30 },
    );
  },
  120_000,
);

describe('an archive that would do harm is refused', () => {
  const cases: [string, string, Parameters<typeof layerBytes>[0]][] = [
    ['a name outside of every tree', 'archive-broken', [file('etc/passwd', 'x')]],
    [
      'a hard link to another tree',
      'archive-escape',
      [file('u/secret', 'x'), entry('t/a', 'hardlink', { link: 'u/secret' })],
    ],
    [
      'a name below its own link',
      'archive-escape',
      [entry('t/out', 'symlink', { link: '/tmp' }), file('t/out/x', 'x')],
    ],
    ['a document that is a link', 'archive-broken', [entry('doc', 'symlink', { link: '/etc/passwd' })]],
    ['a hard link to nothing', 'archive-broken', [entry('t/a', 'hardlink', { link: 't/b' })]],
  ];
  test.each(cases)('%s', async (_, code, entries) => {
    const { tar } = await layerBytes(entries);
    await expect(unpack(tar)).rejects.toMatchObject({ code });
    expect(readdirSync(place)).toEqual(['out']);
  });

  test('cut short, and with one byte changed', async () => {
    const from = fresh('from');
    writeFileSync(join(from, 'file'), 'content');
    const { tar, summary } = await pack(from);
    await expect(unpack(tar.subarray(0, 2100), 'cut')).rejects.toMatchObject({ code: 'archive-broken' });
    tar[tar.indexOf('content')] = 0x43;
    expect((await unpack(tar, 'changed')).trees.get('t')?.digest).not.toBe(summary.digest);
  });
});
