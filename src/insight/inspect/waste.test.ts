import { expect, test } from 'bun:test';
import type { TableOfContents } from '../../oci/image/index.ts';
import { directory, hardLink, opaque, sized, symbolicLink, table, whiteout } from '../../testkit/index.ts';
import { contentsOf } from './contents.ts';
import { replayLayers } from './replay.ts';
import { findWaste, type WastePiece } from './waste.ts';

const wasteOf = (tables: readonly TableOfContents[], base = 0) =>
  findWaste(contentsOf(replayLayers(tables)), base);
const short = ({ kind, bytes, path, writer, hider }: WastePiece) => [kind, bytes, path, writer, hider];

test('a file that is overwritten, deleted, and kept', () => {
  const waste = wasteOf([
    table(sized('a', 100, 'a1'), sized('b', 20, 'b'), sized('c', 3, 'c')),
    table(sized('a', 200, 'a2'), whiteout('b')),
  ]);
  // 100 + 20 + 3 + 200, of which a container sees 3 + 200.
  expect(waste).toMatchObject({ contentBytes: 323, bytes: 120, hiddenBytes: 120, duplicateBytes: 0 });
  expect(waste.efficiency).toBeCloseTo(203 / 323);
  expect(waste.pieces.map(short)).toEqual([
    ['overwritten', 100, 'a', 0, 1],
    ['deleted', 20, 'b', 0, 1],
  ]);
});

test('a deleted directory is all that was in it, whoever wrote that', () => {
  const waste = wasteOf([
    table(directory('d'), sized('d/x', 10, 'x'), directory('d/e'), sized('d/e/y', 20, 'y')),
    table(directory('d'), sized('d/x', 11, 'x2'), sized('d/z', 5, 'z')),
    table(whiteout('d')),
  ]);
  expect(waste.bytes).toBe(10 + 20 + 11 + 5);
  expect(waste.pieces.map(short)).toEqual([
    ['deleted', 20, 'd/e/y', 0, 2],
    ['deleted', 11, 'd/x', 1, 2],
    ['overwritten', 10, 'd/x', 0, 1],
    ['deleted', 5, 'd/z', 1, 2],
  ]);
  expect(waste.pieces[0]!.deleted).toBe('d');
  expect(
    waste.groups.map(({ kind, writer, hider, bytes, files }) => [kind, writer, hider, bytes, files]),
  ).toEqual([
    ['deleted', 0, 2, 20, 1],
    ['deleted', 1, 2, 16, 2],
    ['overwritten', 0, 1, 10, 1],
  ]);
});

test('an opaque directory hides what is below it, and not what its own layer brings', () => {
  const waste = wasteOf([
    table(directory('d'), sized('d/x', 10, 'x'), sized('d/y', 20, 'y'), sized('e', 1, 'e')),
    table(directory('d'), opaque('d'), sized('d/y', 30, 'y2')),
  ]);
  expect(waste.bytes).toBe(30);
  expect(waste.pieces.map(short)).toEqual([
    ['overwritten', 20, 'd/y', 0, 1],
    ['deleted', 10, 'd/x', 0, 1],
  ]);
});

test('a directory that becomes a file, or a link, hides what was in it', () => {
  const waste = wasteOf([
    table(directory('d'), sized('d/x', 10, 'x'), directory('f'), sized('f/x', 7, 'fx')),
    table(sized('d', 1, 'd'), symbolicLink('f', 'd')),
  ]);
  expect(waste.pieces.map(short)).toEqual([
    ['deleted', 10, 'd/x', 0, 1],
    ['deleted', 7, 'f/x', 0, 1],
  ]);
  expect(waste.pieces.map(({ deleted }) => deleted)).toEqual(['d', 'f']);
});

test('a file that only changes its owner, mode or time is there twice, and says what for', () => {
  const waste = wasteOf([
    table(sized('a', 100, 'a'), sized('b', 10, 'b'), sized('c', 1, 'c')),
    table(
      sized('a', 100, 'a', { uid: 7, mtime: 2000 }),
      sized('b', 10, 'b', { mode: 0o755 }),
      sized('c', 1, 'c'),
    ),
  ]);
  expect(waste.bytes).toBe(111);
  expect(waste.pieces.map(({ kind, path, aspects }) => [kind, path, aspects])).toEqual([
    ['rewritten', 'a', ['owner', 'time']],
    ['rewritten', 'b', ['mode']],
    ['rewritten', 'c', []],
  ]);
  // One line of the table for each reason.
  expect(waste.groups).toHaveLength(3);
});

test('hard links are one file: counted once, and gone with the last name', () => {
  const first = table(sized('a', 100, 'a'), hardLink('b', 'a'), hardLink('c', 'a'));
  expect(wasteOf([first])).toMatchObject({ contentBytes: 100, bytes: 0 });
  const fewer = wasteOf([first, table(whiteout('a'), whiteout('b'))]);
  expect(fewer.bytes).toBe(0);
  const none = wasteOf([first, table(whiteout('a'), whiteout('b')), table(sized('c', 1, 'c2'))]);
  expect(none.pieces.map(short)).toEqual([['overwritten', 100, 'c', 0, 2]]);
});

test('a hard link of a later layer keeps a file of an earlier one', () => {
  const waste = wasteOf([table(sized('a', 100, 'a')), table(hardLink('b', 'a')), table(whiteout('a'))]);
  expect(waste).toMatchObject({ contentBytes: 100, bytes: 0 });
});

test('the same content at several paths is needed once', () => {
  const waste = wasteOf([
    table(sized('a', 100, 'same'), sized('b', 100, 'same'), sized('empty', 0, ''), sized('void', 0, '')),
    table(sized('d/c', 100, 'same'), sized('a2', 30, 'other')),
  ]);
  expect(waste).toMatchObject({ contentBytes: 330, bytes: 200, hiddenBytes: 0, duplicateBytes: 200 });
  expect(waste.pieces.map(short)).toEqual([
    ['duplicate', 100, 'b', 0, undefined],
    ['duplicate', 100, 'd/c', 1, undefined],
  ]);
  expect(waste.pieces[1]!.twin).toEqual({ layer: 0, path: 'a' });
});

test('no byte is counted twice: a copy that is hidden is no duplicate', () => {
  const waste = wasteOf([
    table(sized('a', 100, 'same'), sized('b', 100, 'same')),
    table(sized('b', 100, 'same', { uid: 1 })),
  ]);
  // b of the first layer is hidden, b of the second the duplicate of a.
  expect(waste).toMatchObject({ contentBytes: 300, bytes: 200, hiddenBytes: 100, duplicateBytes: 100 });
});

test('a twin is told by a name that it still has', () => {
  const waste = wasteOf([
    table(sized('a', 100, 'same'), hardLink('b', 'a')),
    table(whiteout('a'), sized('c', 100, 'same')),
  ]);
  expect(waste.pieces).toMatchObject([{ kind: 'duplicate', path: 'c', twin: { layer: 0, path: 'b' } }]);
});

test('mv of a later layer is told from rm', () => {
  const waste = wasteOf([
    table(sized('a', 100, 'x'), sized('b', 10, 'y')),
    table(whiteout('a'), whiteout('b'), directory('new'), sized('new/a', 100, 'x')),
  ]);
  expect(waste.pieces.map(short)).toEqual([
    ['moved', 100, 'a', 0, 1],
    ['deleted', 10, 'b', 0, 1],
  ]);
  expect(waste.pieces[0]!.twin).toEqual({ layer: 1, path: 'new/a' });
});

test('links of the layers below are followed, as unpacking does', () => {
  const waste = wasteOf([
    table(directory('usr/lib'), symbolicLink('lib', 'usr/lib'), sized('usr/lib/x', 100, 'x')),
    table(sized('lib/x', 50, 'x2')),
    table(whiteout('lib/x')),
  ]);
  expect(waste.pieces.map(short)).toEqual([
    ['overwritten', 100, 'usr/lib/x', 0, 1],
    ['deleted', 50, 'usr/lib/x', 1, 2],
  ]);
});

test('base and own layers are kept apart', () => {
  const tables = [
    table(sized('a', 1, 'a'), sized('b', 20, 'b'), sized('c', 300, 'c')),
    table(sized('a', 2, 'a2')),
    table(sized('b', 21, 'b2'), sized('d', 4000, 'd'), sized('e', 300, 'c')),
    table(whiteout('d')),
  ];
  const { byScope, pieces } = wasteOf(tables, 2);
  expect(byScope).toEqual({ own: 4000 + 300, mixed: 20, base: 1 });
  expect(pieces.map(({ scope }) => scope)).toEqual(['own', 'own', 'mixed', 'base']);
});

test('a path that a tar has twice is there twice', () => {
  const { contentBytes, pieces } = wasteOf([table(sized('a', 5, 'a'), sized('a', 6, 'b'))]);
  expect(contentBytes).toBe(11);
  expect(pieces.map(short)).toEqual([['overwritten', 5, 'a', 0, 0]]);
});

test('an image of nothing wastes nothing', () => {
  expect(wasteOf([])).toMatchObject({ bytes: 0, efficiency: 1, pieces: [], groups: [] });
  expect(wasteOf([table(directory('a'))])).toMatchObject({ contentBytes: 0, efficiency: 1 });
});
