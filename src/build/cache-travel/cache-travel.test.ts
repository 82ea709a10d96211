import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { type Digest, digestOfHex } from '../../core/index.ts';
import type { Entry, TableOfContents } from '../../oci/image/index.ts';
import { contentId } from '../../oci/layer/index.ts';
import { packBytes } from '../../sys/index.ts';
import type { NamedInput } from '../graph/index.ts';
import { composeDocument, distinctSteps, type StepDone } from './compose.ts';
import { documentText, parseDocument, parseDocumentText } from './document.ts';
import { packInputLists, unpackInputLists } from './inputs.ts';
import { packTable, unpackTable } from './table.ts';

const hex = (char: string) => digestOfHex(char.repeat(64));
const layer = { diffId: hex('1'), size: 10, contentId: hex('2'), files: 3 };
const step: StepDone = {
  key: hex('a'),
  stage: '0',
  position: 2,
  instruction: 'RUN curl https://me:geheim@host/x',
  inputs: [],
  layer,
  created: '2026-01-02T03:04:05.000Z',
  seconds: 1.23456,
  made: 1,
};

describe('the document', () => {
  test('is what was composed, less passwords, and the same for the same steps', () => {
    const blobs = { blob: hex('3'), table: hex('4') };
    const document = composeDocument({ steps: [step], bases: [{ ...layer, diffId: hex('5') }] }, (diffId) =>
      diffId === layer.diffId ? blobs : {},
    );
    expect(document.records).toEqual([
      expect.objectContaining({ instruction: 'RUN curl https://***@host/x', seconds: 1.235, layer: 0 }),
    ]);
    expect(document.layers).toEqual([
      { ...layer, ...blobs },
      { ...layer, diffId: hex('5') },
    ]);
    expect(parseDocumentText(documentText(document))).toEqual(document);
  });

  test('has each key once, in the order of the Dockerfile', () => {
    const later = { ...step, key: hex('b'), position: 3 };
    const other = { ...step, key: hex('c'), stage: '10' };
    const twice = { ...step, stage: '2' };
    expect(distinctSteps([other, twice, later, step]).map(({ key, stage }) => [key, stage])).toEqual([
      [hex('a'), '0'],
      [hex('b'), '0'],
      [hex('c'), '10'],
    ]);
  });

  const record = { key: hex('a'), stage: '0', position: 1, instruction: 'RUN x', seconds: 1, made: 1 };
  const good = { ...record, created: '2026-01-02T03:04:05Z' };
  test.each([
    ['no version', { layers: [], records: [] }],
    ['a later version', { version: 2, layers: [], records: [] }],
    ['no list', { version: 1, layers: {}, records: [] }],
    ['a layer without digest', { version: 1, layers: [{ ...layer, diffId: '../../etc' }], records: [] }],
    ['a negative size', { version: 1, layers: [{ ...layer, size: -1 }], records: [] }],
    ['a layer that is none', { version: 1, layers: [layer], records: [{ ...good, layer: 1 }] }],
    ['no time', { version: 1, layers: [], records: [record] }],
    [
      'a time that is none',
      { version: 1, layers: [], records: [{ ...good, created: '2026-13-02T03:04:05Z' }] },
    ],
    [
      'endless seconds',
      { version: 1, layers: [], records: [{ ...good, seconds: Number.POSITIVE_INFINITY }] },
    ],
    ['a text too long', { version: 1, layers: [], records: [{ ...good, stage: 'x'.repeat(300) }] }],
    ['too many records', { version: 1, layers: [], records: Array.from({ length: 30_000 }, () => good) }],
  ])('is refused with %s', (_, value) => {
    expect(() => parseDocument(value)).toThrow(
      expect.objectContaining({ code: 'image-invalid', message: expect.stringContaining('damaged') }),
    );
  });

  test('whatever comes is read or refused', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        try {
          expect(parseDocument(value).version).toBe(1);
        } catch (error) {
          expect(error).toMatchObject({ code: 'image-invalid' });
        }
      }),
    );
  });
});

describe('a table of contents', () => {
  const file: Entry = {
    path: 'a/b',
    type: 'file',
    mode: 0o644,
    uid: 1,
    gid: 2,
    size: 3,
    mtime: 4,
    digest: hex('d'),
  };
  const toc: TableOfContents = {
    entries: [
      { path: 'a', type: 'dir', mode: 0o755, uid: 0, gid: 0, size: 0, mtime: -1 },
      { ...file, xattrs: { 'user.x': 'eA==' } },
      {
        path: 'a/\udc80',
        type: 'symlink',
        mode: 0o777,
        uid: 0,
        gid: 0,
        size: 0,
        mtime: 0,
        link: '../../../etc',
      },
      { path: 'a/gone', type: 'whiteout', mode: 0, uid: 0, gid: 0, size: 0, mtime: 0 },
    ],
  };
  test('comes back as it was, and the same from whatever it was read', async () => {
    const packed = (await packTable(toc))!;
    expect(await unpackTable(packed, contentId(toc))).toEqual(toc);
    const shuffled = {
      entries: toc.entries.map(
        (entry) => Object.fromEntries(Object.entries(entry).reverse()) as unknown as Entry,
      ),
    };
    expect(await packTable(shuffled)).toEqual(packed);
  });
  test('is believed only with its content', async () => {
    await expect(unpackTable((await packTable(toc))!, hex('0'))).rejects.toMatchObject({
      code: 'image-invalid',
    });
  });
  test.each([
    ['leads out', { ...file, path: '../b' }],
    ['is absolute', { ...file, path: '/b' }],
    ['has a type of its own', { ...file, type: 'socket' }],
    ['links out', { ...file, type: 'hardlink', link: '../../x' }],
    ['has no owner', { ...file, uid: '0' }],
    ['has a wild mode', { ...file, mode: 0o100644 }],
    ['is none', null],
  ])('is refused where an entry %s', async (_, entry) => {
    const odd = { entries: [entry as unknown as Entry] };
    const packed = packBytes(JSON.stringify(odd.entries));
    // Even one that claims to have the content that it has.
    let id: Digest = hex('0');
    try {
      id = contentId(odd);
    } catch {
      // It has none.
    }
    await expect(unpackTable(packed, id)).rejects.toMatchObject({ code: 'image-invalid' });
  });
  test('that expands without end is refused', async () => {
    const bomb = packBytes(`"${'x'.repeat(40_000_000)}`);
    await expect(unpackTable(bomb, hex('0'))).rejects.toMatchObject({ code: 'image-invalid' });
    const plain = Buffer.from('[]');
    await expect(unpackTable(plain, hex('0'))).rejects.toThrow('not compressed with zstd');
  });
});

describe('inputs', () => {
  test('travel without what the store keeps as a digest', async () => {
    const inputs: NamedInput[] = [
      { kind: 'argument', name: 'API_TOKEN', value: '#0123456789abcdef' },
      { kind: 'environment', name: 'PATH', value: '/bin' },
      { kind: 'file', name: 'a', value: 'file 644 0:0 0123456789abcdef' },
    ];
    const [back, none] = await unpackInputLists(await packInputLists([inputs, []]));
    expect(back).toEqual([{ ...inputs[0]!, value: '#' }, inputs[1]!, inputs[2]!]);
    expect(none).toEqual([]);
  });
  test('that are no texts are refused', async () => {
    for (const value of [{}, [[1, 2, 3]], [['a', 'b']]])
      await expect(unpackInputLists(packBytes(JSON.stringify(value)))).rejects.toMatchObject({
        code: 'image-invalid',
      });
  });
});
