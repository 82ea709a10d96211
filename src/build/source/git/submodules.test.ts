import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { readModules } from './submodules.ts';

const text = (...pairs: readonly (readonly [string, string])[]) =>
  pairs.map(([key, value]) => `${key}\n${value}\0`).join('');

test('names may hold dots and spaces; of a key that is repeated the last one counts', () => {
  const output = text(
    ['submodule.a.b c.path', 'vendor/x'],
    ['submodule.a.b c.url', '../old.git'],
    ['submodule.a.b c.url', '../new.git'],
    ['submodule.a.b c.branch', 'main'],
    ['core.bare', 'true'],
  );
  expect(readModules(output)).toEqual([{ name: 'a.b c', path: 'vendor/x', url: '../new.git' }]);
});

test.each([
  [
    'update = none',
    [
      ['submodule.a.path', 'p'],
      ['submodule.a.url', 'u'],
      ['submodule.a.update', 'none'],
    ],
  ],
  ['no URL', [['submodule.a.path', 'p']]],
  ['no path', [['submodule.a.url', 'u']]],
  [
    'a path that leads out',
    [
      ['submodule.a.path', '../p'],
      ['submodule.a.url', 'u'],
    ],
  ],
  [
    'an absolute path',
    [
      ['submodule.a.path', '/p'],
      ['submodule.a.url', 'u'],
    ],
  ],
  [
    'a name that leads out',
    [
      ['submodule.../../a.path', 'p'],
      ['submodule.../../a.url', 'u'],
    ],
  ],
] as const)('left out: %s', (_, pairs) => {
  expect(readModules(text(...pairs))).toEqual([]);
});

test('whatever is in the file, no path and no name leads out', () => {
  const part = fc.constantFrom('a', '..', '.', '', 'submodule', '/', 'path', 'url', '\n');
  const key = fc.array(part, { maxLength: 5 }).map((parts) => `submodule.${parts.join('/')}.path`);
  fc.assert(
    fc.property(fc.array(fc.tuple(key, fc.array(part, { maxLength: 5 }))), (pairs) => {
      const values = pairs.flatMap(([name, value]): [string, string][] => [
        [name, value.join('/')],
        [name.replace(/path$/, 'url'), 'u'],
      ]);
      for (const { name, path } of readModules(text(...values)))
        for (const one of [name, path])
          expect(one.split('/').some((each) => ['', '.', '..'].includes(each))).toBe(false);
    }),
  );
});
