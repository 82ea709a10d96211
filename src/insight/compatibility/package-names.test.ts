// What packages are called elsewhere.

import { expect, test } from 'bun:test';
import { packageElsewhere } from './index.ts';

const DEBIAN = (release: string) => ({ name: 'debian', release });
const ALPINE = { name: 'alpine', release: '3.22' };

test('of Debian in Alpine, and back', () => {
  const there = (name: string) => packageElsewhere(name, DEBIAN('12'), ALPINE)?.names;
  expect(there('build-essential')).toEqual(['build-base']);
  expect(there('libpq-dev')).toEqual(['libpq-dev', 'postgresql-dev']);
  expect(there('zlib1g-dev')).toEqual(['zlib-dev']);
  // Called the same, and not known.
  expect([there('git'), there('openssh-client'), there('nosuch')]).toEqual([undefined, undefined, undefined]);
  expect(packageElsewhere('apt-transport-https', DEBIAN('12'), ALPINE)).toEqual({
    names: [],
    note: 'apk speaks TLS by itself',
  });
  expect(packageElsewhere('build-base', ALPINE, DEBIAN('13'))?.names).toEqual(['build-essential']);
  expect(packageElsewhere('build-base', ALPINE, ALPINE)).toBeUndefined();
});

test('from one release of Debian to another', () => {
  const there = (name: string, release: string) =>
    packageElsewhere(name, DEBIAN('0'), DEBIAN(release))?.names;
  expect(there('libssl1.1', '12')).toEqual(['libssl3']);
  expect(there('libicu72', '13.6')).toEqual(['libicu76']);
  expect(there('libicu72', '12')).toBeUndefined();
  expect(there('libicu76', '11')).toEqual(['libicu67']);
  // Another package provides it.
  expect(there('libssl3', '13')).toBeUndefined();
  expect(there('dnsutils', '13')).toBeUndefined();
  expect(there('libgl1-mesa-glx', '12')).toBeUndefined();
  expect(there('libgl1-mesa-glx', '13')).toEqual(['libgl1']);
  expect(there('libicu72', '14')).toBeUndefined();
  expect(packageElsewhere('python3-distutils', DEBIAN('12'), DEBIAN('13'))).toEqual({
    names: [],
    note: 'there is nothing of the kind',
  });
  expect(packageElsewhere('libicu72', undefined, { name: 'ubuntu', release: '24.04' })).toBeUndefined();
});
