import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { sha256 } from '../../../sys/index.ts';
import { directory, hardLink, sized, symbolicLink, table } from '../../../testkit/index.ts';
import { mergeTables } from '../merge.ts';
import { DigestTable } from './digests.ts';
import { EntryTable } from './entries.ts';
import { ColumnMerge } from './merge.ts';
import { NameTable, NONE } from './names.ts';

/** Of few units, for many that are nearly the same; half of a pair among them, as in a name that is no UTF-8. */
const text = fc
  .array(fc.constantFrom(0x61, 0x62, 0x7f, 0x100, 0xdc80, 0xffff), { maxLength: 5 })
  .map((units) => String.fromCharCode(...units));

test('names are found again, told apart, and ordered as texts are', () => {
  fc.assert(
    fc.property(fc.uniqueArray(text, { minLength: 600, maxLength: 900 }), (texts) => {
      const names = new NameTable();
      const numbers = texts.map((text) => names.find(`x${text}y`, 1, text.length + 1, true));
      expect(numbers).toEqual(texts.map((_, i) => i));
      expect(texts.map((text) => names.find(text, 0, text.length, false))).toEqual(numbers);
      expect(numbers.map((one) => names.text(one))).toEqual(texts);
      expect(names.find('longer', 0, 6, false)).toBe(NONE);
      numbers.sort((a, b) => names.compare(a, b));
      expect(numbers.map((one) => names.text(one))).toEqual([...texts].sort());
    }),
    { numRuns: 5 },
  );
});

test('digests are found again, and nothing else is taken for one', () => {
  const digests = new DigestTable();
  const all = Array.from({ length: 3000 }, (_, i) => sha256(`${i}`));
  expect(all.map((one) => digests.number(one))).toEqual(all.map((_, i) => i));
  expect(all.map((one) => digests.number(one))).toEqual(all.map((_, i) => i));
  expect(all.map((_, i) => digests.text(i))).toEqual(all);
  expect(() => digests.number(`sha256:${'g'.repeat(64)}` as never)).toThrow('not a digest');
});

test('a link that an archive replaces leads nowhere any more', () => {
  const tables = [
    table(directory('d/y'), directory('e'), symbolicLink('x', 'd')),
    table(sized('x/y/f', 1, 'f'), symbolicLink('x', 'e'), sized('x/y/g', 1, 'g')),
  ];
  const merge = new ColumnMerge(new EntryTable());
  merge.add([tables[0]!.entries]);
  expect(() => merge.add([tables[1]!.entries])).toThrow("below its own symbolic link 'x'");
  expect(() => mergeTables(tables)).toThrow("below its own symbolic link 'x'");
});

test('what is there at the end, with what it was made from', () => {
  const tables = [
    table(directory('d', { uid: 5 }), sized('d/a', 7, 'a', { xattrs: { 'user.x': 'eA==' } })),
    table(symbolicLink('l', 'd'), hardLink('b', 'd/a'), sized('e/f', 0, '')),
  ];
  const { tree, ...merge } = adding(tables);
  expect(merge.counts).toEqual([2, 3]);
  const found = [...tree.walk()].map((path) => tree.entries.entry(tree.entry(path), tree.paths.text(path)));
  expect(found).toEqual([...mergeTables(tables).walk()].map(({ entry }) => entry));
});

function adding(tables: readonly ReturnType<typeof table>[]) {
  const merge = new ColumnMerge(new EntryTable());
  return { tree: merge.tree, counts: tables.map(({ entries }) => merge.add([entries])) };
}
