// Packages of languages held against another base.

import { expect, test } from 'bun:test';
import { familyOf } from '../../tags/index.ts';
import { type Parts, partsOn } from './parts.ts';
import { withoutShell } from './shellless.ts';
import type { KnownImage } from './types.ts';

const image = (line: string, name: string, release: string, size?: string): KnownImage => ({
  ...{ tag: line, also: [], line, unreleased: false, flavors: [], images: [], support: {} },
  distribution: { name, release, ...(name === 'debian' ? { codename: 'trixie' } : {}) },
  ...(size === undefined ? {} : { size }),
});
const FULL = image('3.12', 'debian', '13');
const SLIM = image('3.12', 'debian', '13', 'slim');
const ALPINE = image('3.12', 'alpine', '3.24');
const wheel = (name: string, tags: string) => ({ name: `${name}-1.0-cp312-cp312-${tags}.whl` });
const PARTS: Parts = {
  python: {
    parts: [
      {
        ...{ name: 'a', specifier: '==1.0', place: 'r.txt:1' },
        known: [wheel('a', 'manylinux_2_17_x86_64'), { name: 'a-1.0.tar.gz' }],
      },
      { name: 'b', specifier: '==1.0', place: 'r.txt:2', known: [{ name: 'b-1.0.tar.gz' }] },
    ],
    ...{ unread: [], lines: [3] },
  },
  node: {
    needs: [{ name: 'bcrypt', version: '5.1.1', kind: 'script' }],
    ...{ file: 'package-lock.json', lines: [4] },
  },
};
const texts = (from: KnownImage, to: KnownImage, packages: readonly string[] = []) => {
  const use = {
    ...{ commands: new Map(), bash: [], foreign: [] },
    packages: packages.map((name) => ({ name, line: 2 })),
  };
  const on = { from, to, use, family: familyOf('python'), parts: PARTS, architecture: 'amd64' };
  const { risks, gains } = partsOn(on);
  return [...risks.map(({ level, text }) => `${level}: ${text}`), ...gains];
};

test('full to slim: what compiles is gone', () => {
  expect(texts(FULL, SLIM)).toEqual([
    'check: there is only source of b 1.0 (r.txt:2): compiled code in it needs a compiler, which is not there',
    'check: bcrypt 5.1.1: where its install script finds no build it compiles: python3, make and g++ are not there',
  ]);
  expect(texts(FULL, SLIM, ['build-essential'])).toEqual([]);
});

test('glibc to musl and back', () => {
  expect(texts(SLIM, ALPINE)[0]).toBe(
    'breaks: no wheels for musl of a 1.0 (r.txt:1): compiled, and there is no compiler (apk add build-base) unless it is installed',
  );
  expect(texts(SLIM, ALPINE, ['gcc'])[0]).toBe(
    'check: no wheels for musl of a 1.0 (r.txt:1): compiled, which takes its time',
  );
  expect(texts(ALPINE, SLIM)).toEqual(['wheels of a 1.0 (r.txt:1), which are compiled now']);
});

test('another Python', () => {
  expect(texts(FULL, image('3.14', 'debian', '13'))).toEqual([
    'check: no wheels for Python 3.14 of a 1.0 (r.txt:1): compiled, which takes its time',
  ]);
});

test('where no shell is needed', () => {
  const without = { runs: false, starts: false, ownCommand: true };
  const debian = { ...image('13', 'debian', '13'), tag: 'trixie' };
  expect(withoutShell(debian, without, familyOf('debian'))).toContain(
    'mille bootstrap debian:trixie --profile distroless --include ca-certificates',
  );
  expect(withoutShell(ALPINE, without, familyOf('alpine'))).toContain('FROM scratch');
  const python = image('3.13', 'debian', '13');
  expect(withoutShell(python, without, familyOf('python'))).toContain('--include python3,ca-certificates');
  expect(withoutShell(FULL, without, familyOf('python'))).toBeUndefined();
  for (const one of [{ runs: true }, { starts: true }, { ownCommand: false }])
    expect(withoutShell(debian, { ...without, ...one }, familyOf('debian'))).toBeUndefined();
});
