import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { type BaseLock, checkLock, formatLock, parseLock } from './lock-file.ts';

const LOCK: BaseLock = {
  ...{ distribution: 'debian', suite: 'bookworm', architecture: 'amd64', profile: 'distroless' },
  include: ['python3'],
  sources: [{ uri: 'http://m.example/debian', suites: ['bookworm'], components: ['main'] }],
  packages: [
    {
      ...{ name: 'python3', version: '3.11.2-1+b1', architecture: 'amd64', source: 0 },
      ...{ file: 'pool/main/p/python3-defaults/python3_3.11.2-1+b1_amd64.deb' },
      ...{ size: 26300, installedSize: 82944, sha256: 'a'.repeat(64) },
      reason: { kind: 'asked', chain: ['python3'] },
    },
  ],
};

test('one package a line', () => {
  expect(formatLock(LOCK).split('\n').at(-4)).toStartWith('    {"name":"python3","version":"3.11.2-1+b1",');
});

test('what is printed is read back', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9+.-]{0,8}$/);
  const one = fc.record({
    ...{
      name: word,
      version: fc.stringMatching(/^[0-9][0-9a-z.+~:-]{0,8}$/),
      architecture: fc.constant('all'),
    },
    ...{ file: word.map((name) => `pool/${name}.deb`), source: fc.constant(0) },
    ...{ size: fc.nat(), installedSize: fc.nat(), sha256: fc.constant('0'.repeat(64)) },
    reason: fc.record(
      {
        kind: fc.constantFrom('asked', 'needed', 'profile', 'essential'),
        chain: fc.array(word),
        text: fc.string(),
      },
      { requiredKeys: ['kind', 'chain'] },
    ),
  });
  fc.assert(
    fc.property(fc.array(one, { maxLength: 4 }), (packages) => {
      const lock = { ...LOCK, variant: 'minbase', packages } as BaseLock;
      expect(parseLock(formatLock(lock), 'f')).toEqual(lock);
    }),
  );
});

describe('what is no lock', () => {
  const change = (from: string | RegExp, to: string) => formatLock(LOCK).replace(from, to);
  test.each([
    ['nothing', '', 'it is not JSON'],
    ['a list', '[]', 'it is no object'],
    ['another file', '{}', "it has no 'mille-base-lock'"],
    ['a later form', change('lock": 1', 'lock": 2'), 'its version 2 is not known'],
    ['a digest', change(/a{64}/, 'a'), "'sha256' is not as it should be"],
    ['a path that leads out', change('pool/main', 'pool/../..'), "'file' is not as it should be"],
    ['an address for a path', change('pool/main', 'http://x'), "'file' is not as it should be"],
    ['an absolute path', change('pool/main', '/pool/main'), "'file' is not as it should be"],
    ['a name', change('"name":"python3"', '"name":"../x"'), "'name' is not as it should be"],
    ['no source', change('"source":0', '"source":1'), "'source' is none of the sources"],
    ['a size', change('26300', '-1'), "'size' is no number"],
  ])('%s', (_, text, message) => expect(() => parseLock(text, 'f')).toThrow(message));

  test('any text', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(() => parseLock(text, 'f')).toThrow('f is no lock of a base image');
      }),
    );
  });
});

test.each([
  [{ suite: 'trixie' }, 'another suite: debian:bookworm, and now it is debian:trixie'],
  [{ architecture: 'arm64' }, 'another architecture: amd64'],
  [{ profile: 'standard' as const }, 'another profile: distroless'],
  [{ include: ['python3', 'git'] }, 'another list of packages: python3, and now it is git, python3'],
])('made for something else: %j', (change, message) => {
  expect(() => checkLock(LOCK, { ...LOCK, ...change }, 'f')).toThrow(message);
  expect(() => checkLock(LOCK, LOCK, 'f')).not.toThrow();
});
