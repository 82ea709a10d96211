import { expect, test } from 'bun:test';
import fc from 'fast-check';
import type { WhyDifference } from '../../../app/index.ts';
import { groupFiles } from './group-files.ts';

const file = (name: string, change: WhyDifference['change'] = 'changed'): WhyDifference => ({
  ...{ kind: 'file', name, change, text: '' },
});

test('files are summed up below what they have in common', () => {
  const files = [
    file('app/src', 'added'),
    ...['app/src/a', 'app/src/b', 'app/src/deep/c'].map((name) => file(name, 'added')),
    ...['app/old/a', 'app/old/b'].map((name) => file(name, 'removed')),
    ...['app/src/x', 'app/main.py'].map((name) => file(name)),
  ];
  expect(groupFiles(files)).toEqual([
    { change: 'added', path: 'app/src/', count: 4 },
    { change: 'removed', path: 'app/old/', count: 2 },
    { change: 'changed', path: 'app/src/x', count: 1 },
    { change: 'changed', path: 'app/main.py', count: 1 },
  ]);
  expect(groupFiles([file('a'), file('b/c')]).map(({ path }) => path)).toEqual(['a', 'b/c']);
  expect(groupFiles([])).toEqual([]);
});

test('every file is counted once, below the path of its group', () => {
  const name = fc
    .array(fc.constantFrom('a', 'b', 'c'), { minLength: 1, maxLength: 4 })
    .map((parts) => parts.join('/'));
  fc.assert(
    fc.property(fc.uniqueArray(name, { minLength: 1 }), (names) => {
      const groups = groupFiles(names.map((each) => file(each)));
      expect(groups.reduce((sum, { count }) => sum + count, 0)).toBe(names.length);
      for (const { path, count } of groups) {
        const inside = names.filter((each) => each === path || `${each}/`.startsWith(path));
        expect(inside.length).toBeGreaterThanOrEqual(count);
      }
    }),
  );
});
