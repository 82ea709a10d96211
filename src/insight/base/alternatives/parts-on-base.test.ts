// Packages of languages on a base that was looked into.

import { expect, test } from 'bun:test';
import type { Parts } from './parts.ts';
import { type PartsGround, partsOnBase } from './parts-on-base.ts';

const wheel = (name: string, tags: string, requiresPython?: string) => ({
  name: `${name}-1.0-${tags}.whl`,
  ...(requiresPython === undefined ? {} : { requiresPython }),
});
const part = (name: string, ...known: { name: string }[]) => ({
  ...{ name, specifier: '==1.0', place: 'r.txt' },
  ...(known.length > 0 ? { known } : {}),
});
const PARTS: Parts = {
  python: {
    parts: [
      part('pure', wheel('pure', 'py3-none-any')),
      part('glibc', wheel('glibc', 'cp312-cp312-manylinux_2_28_x86_64'), { name: 'glibc-1.0.tar.gz' }),
      part('text', { name: 'text-1.0.tar.gz' }),
      part('new', wheel('new', 'py3-none-any', '>=3.13')),
      part('unasked'),
    ],
    ...{ unread: ['line 4'], lines: [3], unanswered: 'nobody answers' },
  },
  node: {
    needs: [
      { name: 'bcrypt', version: '5.1.1', kind: 'script' },
      { name: 'cypress', version: '13.0.0', kind: 'glibc' },
    ],
    ...{ file: 'yarn.lock', lines: [5] },
  },
};
const on = (libc: PartsGround['libc'], python = '3.12') =>
  partsOnBase(PARTS, { ...(libc ? { libc } : {}), python, architecture: 'amd64', compiler: false })!;
const names = (parts: readonly { name: string }[] | undefined) => parts?.map(({ name }) => name);

test('a glibc that is new enough, one that is not, and musl', () => {
  const { python, node } = on({ name: 'glibc', version: '2.36' });
  expect([python?.count, python?.wheels, python?.unknown]).toEqual([5, 2, 2]);
  expect([names(python?.compiled), names(python?.source)]).toEqual([[], ['text']]);
  expect(python?.refused).toEqual([{ name: 'new', version: '1.0', place: 'r.txt', wants: '>=3.13' }]);
  expect([node?.fits, names(node?.scripts), node?.glibc]).toEqual([1, ['bcrypt'], []]);
  expect(names(on({ name: 'glibc', version: '2.27' }).python?.compiled)).toEqual(['glibc']);
  const musl = on({ name: 'musl', version: '1.2' }, '3.13');
  expect([names(musl.python?.compiled), names(musl.node?.glibc), musl.python?.refused]).toEqual([
    ['glibc'],
    ['cypress'],
    [],
  ]);
  expect(partsOnBase({}, { architecture: 'amd64', compiler: true })).toBeUndefined();
});
