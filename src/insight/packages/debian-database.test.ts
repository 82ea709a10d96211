import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { readDebianDatabase } from './debian-database.ts';
import { finderOf, unmetWithout, withDependencies } from './debian-needs.ts';

const STATUS = `Package: gcc
Status: install ok installed
Section: devel
Architecture: amd64
Version: 4:12.2.0-3
Depends: cpp (= 4:12.2.0-3), gcc-12 (>= 12.2.0-1~)
Recommends: libc6-dev | libc-dev
Description: GNU C compiler
 This is the GNU C compiler.
 .
 Depends: nothing

Package: gcc-12
Status: install ok installed
Architecture: amd64
Version: 12
Depends: cpp | other-cpp, libc6:any

Package: cpp
Status: install ok installed
Architecture: amd64
Version: 1

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1

Package: libc6
Status: install ok installed
Architecture: amd64
Version: 2
Section: contrib/libs
Multi-Arch: same

Package: libc6
Status: install ok installed
Architecture: i386
Version: 2
Multi-Arch: same

Package: libc6-dev
Status: install ok installed
Architecture: amd64
Version: 2
Provides: libc-dev
Depends: libc6 (= 2)
`;

const database = (more: Partial<Parameters<typeof readDebianDatabase>[0]> = {}) =>
  readDebianDatabase({ status: STATUS, lists: new Map(), real: (path) => path, ...more });

describe('a database', () => {
  test('tells what is installed, and what that wants', () => {
    const { packages } = database();
    expect([...packages.keys()]).toEqual(['gcc', 'gcc-12', 'cpp', 'libc6:amd64', 'libc6:i386', 'libc6-dev']);
    const { depends, recommends, section } = packages.get('gcc')!;
    expect({ depends, recommends, section }).toEqual({
      ...{ depends: [['cpp'], ['gcc-12']], recommends: [['libc6-dev', 'libc-dev']], section: 'devel' },
    });
    expect(packages.get('libc6:i386')!.section).toBe('');
    expect(packages.get('libc6:amd64')!.section).toBe('libs');
    expect(packages.get('gcc')!.stanza).toEndWith(' Depends: nothing');
  });

  test('tells whose each file is, where it really is', () => {
    const lists = new Map([
      ['libc6:amd64', '/.\n/lib\n/lib/libc.so.6\n/usr/share/doc\n'],
      ['cpp', '/.\n/usr/share/doc\n/usr/share/doc/cpp\n'],
      ['gone', '/etc/gone\n'],
    ]);
    const { owners } = database({ lists, real: (path) => path.replace(/^lib(?=\/|$)/, 'usr/lib') });
    expect([...owners]).toEqual([
      ['usr/lib', ['libc6:amd64']],
      ['usr/lib/libc.so.6', ['libc6:amd64']],
      ['usr/share/doc', ['libc6:amd64', 'cpp']],
      ['usr/share/doc/cpp', ['cpp']],
    ]);
  });

  test('tells who came in for others', () => {
    const extendedStates =
      'Package: cpp\nArchitecture: amd64\nAuto-Installed: 1\n\nPackage: gcc\nArchitecture: amd64\nAuto-Installed: 0\n\nPackage: libc6\nArchitecture: i386\nAuto-Installed: 1\n';
    expect([...database({ extendedStates }).automatic]).toEqual(['cpp', 'libc6:i386']);
  });

  test('that is broken is what can be read of it', () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(STATUS.length), (text, at) => {
        const status = STATUS.slice(0, at) + text + STATUS.slice(at);
        return database({ status }).packages.size <= 20;
      }),
      { numRuns: 30 },
    );
  });
});

describe('what packages need', () => {
  const all = database();
  const find = finderOf(all);

  test('is found through alternatives, by what is there', () => {
    expect(
      [...withDependencies(all, { ids: ['gcc'], there: new Set(['libc6:amd64']), find })].sort(),
    ).toEqual([...['cpp', 'gcc', 'gcc-12']]);
    expect([...withDependencies(all, { ids: ['gcc-12'], there: new Set(), find })].sort()).toEqual([
      ...['cpp', 'gcc-12', 'libc6:amd64'],
    ]);
  });

  test('is not met any more without it, unless another one stands for it', () => {
    expect(unmetWithout(all, new Set(['cpp']))).toEqual([
      { package: 'gcc', on: ['cpp'] },
      { package: 'gcc-12', on: ['cpp', 'other-cpp'] },
    ]);
    expect(unmetWithout(all, new Set(['libc6:i386', 'libc6-dev']))).toEqual([]);
  });
});
