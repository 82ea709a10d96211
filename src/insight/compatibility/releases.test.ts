// Which file of a package pip takes on a base.

import { describe, expect, test } from 'bun:test';
import { obtain, satisfies } from './releases.ts';

const GLIBC = { architecture: 'amd64', libc: { name: 'glibc', version: '2.36' }, python: '3.12' } as const;
const MUSL = { ...GLIBC, libc: { name: 'musl', version: '1.2.5' } } as const;
const files = (...names: readonly string[]) => names.map((name) => ({ name }));
const NATIVE = files(
  'n-1.0.tar.gz',
  'n-1.0-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
  'n-1.1-cp312-cp312-manylinux_2_17_x86_64.whl',
  'n-1.1-cp312-cp312-musllinux_1_2_x86_64.whl',
  'n-1.1-cp312-cp312-musllinux_1_2_aarch64.whl',
  'n-2.0-cp312-cp312-manylinux_2_28_x86_64.whl',
  'n-2.1rc1-cp312-cp312-musllinux_1_2_x86_64.whl',
);
const as = (specifier: string, ground: Parameters<typeof obtain>[2], of = NATIVE) => {
  const { as: how, version } = obtain({ specifier }, of, ground);
  return `${how} ${version}`;
};

describe('obtain', () => {
  test.each([
    ['==1.0', GLIBC, 'wheel 1.0'],
    ['==1.0', MUSL, 'built 1.0'],
    ['==1.1', MUSL, 'wheel 1.1'],
    ['==1.1', { ...MUSL, python: '3.14' }, 'nothing 1.1'],
    ['', GLIBC, 'wheel 2.0'],
    ['', MUSL, 'nothing 2.0'],
    ['<2', MUSL, 'wheel 1.1'],
    ['==2.1rc1', MUSL, 'wheel 2.1rc1'],
    ['==3', MUSL, 'nothing undefined'],
    ['==1.1', { ...MUSL, architecture: 'arm64' }, 'wheel 1.1'],
    ['==1.1.0', MUSL, 'wheel 1.1'],
  ] as const)('n%s: %p', (specifier, ground, expected) => {
    expect(as(specifier, ground)).toBe(expected);
  });
  test('a Python that a version is not for', () => {
    const some = [
      { name: 'p-1.0-py3-none-any.whl', requiresPython: '>=3.8,<3.12' },
      { name: 'p-2.0-py3-none-any.whl', requiresPython: '>=3.13' },
    ];
    expect(obtain({ specifier: '==1.0' }, some, GLIBC)).toMatchObject({
      as: 'refused',
      wants: '>=3.8,<3.12',
    });
    expect(as('', { ...GLIBC, python: '3.11' }, some)).toBe('wheel 1.0');
    expect(as('', { ...GLIBC, python: '3.13' }, some)).toBe('wheel 2.0');
  });
  test('what was taken back counts only where it is pinned', () => {
    const some = [{ name: 'y-2.0-py3-none-any.whl', yanked: true }, { name: 'y-1.0-py3-none-any.whl' }];
    expect(as('', GLIBC, some)).toBe('wheel 1.0');
    expect(as('==2.0', GLIBC, some)).toBe('wheel 2.0');
  });
});

test.each([
  ['1.26.4', '==1.26.4', true],
  ['1.26.4', '==1.26.*', true],
  ['1.26.4', '!=1.26.*', false],
  ['2.1', '~=2.0', true],
  ['3.0', '~=2.0', false],
  ['2.2.5', '~=2.2.1', true],
  ['2.3', '~=2.2.1', false],
  ['3.12', '>=3.9,<3.13', true],
  ['3.13', '>=3.9,<3.13', false],
  ['1.0+local', '==1.0', true],
  ['1.0', 'nonsense', true],
])('%s %s: %p', (version, specifier, expected) => {
  expect(satisfies(version, specifier)).toBe(expected);
});
