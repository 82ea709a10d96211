import { expect, test } from 'bun:test';
import type { TableOfContents } from '../../oci/image/index.ts';
import { directory, hardLink, opaque, sized, table, whiteout } from '../../testkit/index.ts';
import { DiveCount, type DiveFigures } from './dive.ts';

function diveFigures(tables: readonly TableOfContents[]): DiveFigures {
  const count = new DiveCount();
  for (const { entries } of tables) count.add([entries]);
  return count.figures();
}

test('an image of one layer is perfect', () => {
  const figures = diveFigures([table(directory('d'), sized('d/a', 10, 'a'), hardLink('b', 'd/a'))]);
  expect(figures).toEqual({ efficiency: 1, wastedBytes: 0, userBytes: 0, userWasted: 0 });
  expect(diveFigures([]).efficiency).toBe(1);
});

test('all copies of a path count as wasted, the one that is kept too', () => {
  const figures = diveFigures([
    table(sized('a', 900, 'a'), sized('b', 100, 'b')),
    table(sized('a', 900, 'a', { uid: 1 }), sized('c', 50, 'c')),
  ]);
  // a: 1800 in all, 900 the smallest; b 100; c 50.
  expect(figures.efficiency).toBeCloseTo((900 + 100 + 50) / (1800 + 100 + 50));
  expect(figures.wastedBytes).toBe(1800);
  expect(figures.userBytes).toBe(950);
  expect(figures.userWasted).toBeCloseTo(1800 / 950);
});

test('a deleted file is one of size 0', () => {
  const figures = diveFigures([table(sized('a', 40, 'a'), sized('b', 60, 'b')), table(whiteout('a'))]);
  expect(figures).toMatchObject({ efficiency: 60 / 100, wastedBytes: 40, userBytes: 0 });
});

test('a deleted directory is a file of the size of what is in it, and no waste', () => {
  const figures = diveFigures([
    table(directory('d'), sized('d/a', 40, 'a'), sized('d/b', 2, 'b')),
    table(directory('d'), sized('d/a', 50, 'a2')),
    table(whiteout('d')),
  ]);
  // d/a: 90, 40 the smallest; d/b: 2; d: 52, which is the stack's d/a and d/b.
  expect(figures.efficiency).toBeCloseTo((40 + 2 + 52) / (90 + 2 + 52));
  expect(figures.wastedBytes).toBe(90);
});

test('a directory without names below it is a leaf; opaque marks are nothing', () => {
  const figures = diveFigures([
    table(directory('d'), sized('d/a', 40, 'a')),
    table(directory('d'), opaque('d')),
    table(directory('d')),
  ]);
  expect(figures).toMatchObject({ efficiency: 1, wastedBytes: 0 });
});
