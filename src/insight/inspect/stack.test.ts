import { describe, expect, test } from 'bun:test';
import type { Digest } from '../../core/index.ts';
import type { TableOfContents } from '../../oci/image/index.ts';
import { directory, hardLink, opaque, sized, symbolicLink, table, whiteout } from '../../testkit/index.ts';
import { findBase } from './base.ts';
import { contentsOf } from './contents.ts';
import { figuresOf } from './figures.ts';
import { instructionText } from './instruction.ts';
import { placesOf } from './places.ts';
import { replayLayers } from './replay.ts';
import { imageSizes, layerSizes, type SizeNode } from './sizes.ts';
import { layerStack } from './stack.ts';
import { pathVersions } from './versions.ts';

const id = (char: string) => `sha256:${char.repeat(64)}` as Digest;

test('the instruction of a layer, as somebody would write it', () => {
  for (const [written, text] of [
    ['RUN /bin/sh -c apt-get update # buildkit', 'RUN apt-get update'],
    ['RUN |2 A=1 TOKEN=s3cret /bin/sh -c make # buildkit', 'RUN make'],
    ['COPY . /app # buildkit', 'COPY . /app'],
    ['/bin/sh -c apt-get update', 'RUN apt-get update'],
    ['|1 TOKEN=s3cret with spaces /bin/sh -c make', 'RUN make'],
    ['|1 TOKEN=s3cret /app/tool now', 'RUN /app/tool now'],
    ['/bin/sh -c #(nop)  CMD ["sh"]', 'CMD ["sh"]'],
    [`/bin/sh -c #(nop) ADD file:${'0123456789abcdef'.repeat(4)} in / `, 'ADD 0123456789ab… /'],
    ['RUN ["/app/tool"]', 'RUN ["/app/tool"]'],
    ['mille bootstrap debian:bookworm', 'mille bootstrap debian:bookworm'],
    ['', ''],
  ] as const)
    expect(instructionText(written)).toBe(text);
});

test('the base is the image with the most layers at the bottom', () => {
  const chain = [id('a'), id('b'), id('c')];
  const known = (title: string, ...diffIds: Digest[]) => ({ title, imageId: id('0'), diffIds });
  const small = known('small', id('a'));
  const large = known('large', id('a'), id('b'));
  expect(findBase(chain, [small, large, known('other', id('b'))])).toEqual({ title: 'large', layers: 2 });
  expect(findBase(chain, [known('empty'), known('longer', ...chain, id('d'))])).toBeUndefined();
  expect(findBase(chain, [small, known('same', ...chain)])).toEqual({ title: 'small', layers: 1 });
  expect(findBase(chain, [known('same', ...chain)], { whole: true })).toEqual({ title: 'same', layers: 3 });
});

test('many files in few words', () => {
  const files = (count: number, path: string, bytes = 10) =>
    Array.from({ length: count }, (_, i) => ({ path: `${path}/${i}`, bytes }));
  expect(placesOf(files(2, 'a/b'))).toEqual([
    { path: 'a/b/0', bytes: 10, files: 1 },
    { path: 'a/b/1', bytes: 10, files: 1 },
  ]);
  expect(placesOf(files(100, 'a/b'))).toEqual([{ path: 'a/b', bytes: 1000, files: 100 }]);
  expect(placesOf([...files(100, 'a/b'), ...files(50, 'a/c')])).toEqual([
    { path: 'a/b', bytes: 1000, files: 100 },
    { path: 'a/c', bytes: 500, files: 50 },
  ]);
  // One large file among many small ones has a place of its own.
  expect(placesOf([...files(100, 'a'), { path: 'a/large', bytes: 9000 }])).toEqual([
    { path: 'a/large', bytes: 9000, files: 1 },
    { path: 'a', bytes: 1000, files: 100 },
  ]);
});

describe('an image of three layers', () => {
  const tables: TableOfContents[] = [
    table(directory('d'), sized('d/a', 100, 'a'), sized('d/b', 20, 'b'), symbolicLink('l', 'd')),
    table(directory('d'), sized('d/a', 100, 'a', { uid: 1 }), hardLink('d/c', 'd/a'), sized('e', 0, '')),
    table(directory('d'), opaque('d'), sized('d/x', 7, 'x')),
  ];
  const replay = replayLayers(tables);

  test('as a stack', () => {
    const layers = ['a', 'b', 'c'].map((char, i) => ({
      diffId: id(char),
      blob: { mediaType: 'm', digest: id('f'), size: 50 + i },
      bytes: 1000 + i,
    }));
    const history = [
      { created_by: 'COPY d /d # buildkit', created: '2026-01-01T00:00:00Z' },
      { created_by: 'ENV A=1', empty_layer: true },
      { created_by: 'RUN /bin/sh -c chown' },
    ];
    const stack = layerStack({
      config: { os: 'linux', architecture: 'amd64', rootfs: { type: 'layers', diff_ids: [] }, history },
      ...{
        layers,
        figures: figuresOf(replay),
        contents: contentsOf(replay),
        base: { title: 'base', layers: 1 },
      },
      others: [{ title: 'other', imageId: id('0'), diffIds: [id('a'), id('a')] }],
      lines: new Map([[id('b'), { file: 'Dockerfile', line: 3 }]]),
    });
    expect(stack).toMatchObject({ bytes: 3003, sent: 153, base: { title: 'base', layers: 1 } });
    expect(stack.layers).toMatchObject([
      { instruction: 'COPY d /d', origin: 'base', sharedWith: ['other'], contentBytes: 120, visibleBytes: 0 },
      { instruction: 'RUN chown', origin: 'own', sharedWith: [], source: { line: 3 }, contentBytes: 100 },
      { instruction: '', createdBy: '', contentBytes: 7, visibleBytes: 7 },
    ]);
    expect(stack.layers.map(({ files }) => files)).toEqual([
      { added: 3, changed: 0, removed: 0 },
      { added: 2, changed: 1, removed: 0 },
      { added: 1, changed: 0, removed: 3 },
    ]);
  });

  const figures = ({ path, bytes, hiddenBytes, hidesBytes, files, change }: SizeNode) => [
    path,
    bytes,
    hiddenBytes,
    hidesBytes,
    files,
    change,
  ];

  test('as trees of sizes', () => {
    const image = imageSizes(replay);
    expect(figures(image)).toEqual(['', 7, 0, 0, 3, undefined]);
    expect(image.children.map(({ name }) => name)).toEqual(['d', 'e', 'l']);
    const second = layerSizes(replay, 1);
    expect(figures(second)).toEqual(['', 100, 100, 100, 3, undefined]);
    expect(second.children[0]!.children.map(figures)).toEqual([
      ['d/a', 100, 100, 100, 1, 'changed'],
      ['d/c', 0, 0, 0, 1, 'added'],
    ]);
    const third = layerSizes(replay, 2);
    expect(third.children[0]!.children.map(figures)).toEqual([
      ['d/x', 7, 0, 0, 1, 'added'],
      ['d/c', 0, 0, 100, 0, 'removed'],
      ['d/b', 0, 0, 20, 0, 'removed'],
      ['d/a', 0, 0, 0, 0, 'removed'],
    ]);
  });

  test('by the versions of its paths', () => {
    expect(pathVersions(replay, 'd/a')).toMatchObject([
      { layer: 0, kind: 'added', content: { layer: 0 } },
      { layer: 1, kind: 'changed', aspects: ['owner'], content: { layer: 1 } },
      { layer: 2, kind: 'removed', deleted: 'd' },
    ]);
    // The content of a hard link is that of its file.
    expect(pathVersions(replay, 'd/c')[0]).toMatchObject({ content: { layer: 1, entry: { path: 'd/a' } } });
    expect(pathVersions(replay, 'e')[0]).toMatchObject({ entry: { size: 0 }, content: { layer: 1 } });
    expect(pathVersions(replay, 'none')).toEqual([]);
    expect(pathVersions(replayLayers([...tables, table(whiteout('e'))]), 'e')[1]).toEqual({
      layer: 3,
      kind: 'removed',
    });
  });
});
