import { describe, expect, test } from 'bun:test';
import { MilleError } from '../../core/index.ts';
import type { Platform } from './documents.ts';
import {
  choosePlatform,
  compatiblePlatforms,
  formatPlatform,
  parsePlatform,
  platformDistance,
} from './platform.ts';

const HOST: Platform = { os: 'linux', architecture: 'amd64' };
const parse = (text: string) => parsePlatform(text, HOST);

describe('parsePlatform', () => {
  // What containerd's platforms package makes of the same texts, normalised.
  const cases: readonly (readonly [string, string])[] = [
    ['linux/amd64', 'linux/amd64'],
    ['linux/amd64/v1', 'linux/amd64'],
    ['linux/amd64/v3', 'linux/amd64/v3'],
    ['Linux/X86_64', 'linux/amd64'],
    ['linux/aarch64', 'linux/arm64'],
    ['linux/arm64/v8', 'linux/arm64'],
    ['linux/arm64/8', 'linux/arm64'],
    ['linux/arm64/v9.0', 'linux/arm64/v9'],
    ['linux/arm', 'linux/arm/v7'],
    ['linux/arm/7', 'linux/arm/v7'],
    ['linux/arm/v6', 'linux/arm/v6'],
    ['linux/armel', 'linux/arm/v6'],
    ['linux/armhf', 'linux/arm/v7'],
    ['linux/i386', 'linux/386'],
    ['linux/invented', 'linux/invented'],
    ['arm64', 'linux/arm64'],
    ['armhf', 'linux/arm/v7'],
    ['riscv64', 'linux/riscv64'],
    ['windows', 'windows/amd64'],
    ['linux', 'linux/amd64'],
    ['local', 'linux/amd64'],
  ];
  test.each(cases)('%s is %s', (text, platform) => expect(formatPlatform(parse(text))).toBe(platform));

  test.each(['', 'linux/', '/amd64', 'a/b/c/d', 'linux/am d64', 'linux(1)/amd64', 'linux/*'])(
    '%p is malformed',
    (text) => expect(() => parse(text)).toThrow(MilleError),
  );

  test('a word that is nothing alone: the nearest that is', () => {
    expect(() => parse('amd46')).toThrow(expect.objectContaining({ hint: "did you mean 'amd64'?" }));
    expect(() => parse('toaster')).toThrow(expect.objectContaining({ code: 'platform-unsupported' }));
  });
});

describe('what serves for what', () => {
  const vector = (text: string) => compatiblePlatforms(parse(text)).map(formatPlatform);

  test('earlier versions, then the architecture inside', () => {
    expect(vector('linux/amd64')).toEqual(['linux/amd64', 'linux/386']);
    expect(vector('linux/amd64/v3')).toEqual([
      'linux/amd64/v3',
      'linux/amd64/v2',
      'linux/amd64',
      'linux/386',
    ]);
    expect(vector('linux/arm/v7')).toEqual(['linux/arm/v7', 'linux/arm/v6', 'linux/arm/v5']);
    expect(vector('linux/arm64')).toEqual([
      'linux/arm64',
      'linux/arm/v8',
      'linux/arm/v7',
      'linux/arm/v6',
      'linux/arm/v5',
    ]);
    expect(vector('linux/arm64/v9.1').slice(0, 4)).toEqual([
      'linux/arm64/v9.1',
      'linux/arm64/v9',
      'linux/arm64/v8.6',
      'linux/arm64/v8.5',
    ]);
    expect(vector('linux/s390x')).toEqual(['linux/s390x']);
    expect(vector('linux/386')).toEqual(['linux/386']);
  });

  test('how well', () => {
    const distance = (found: string, wanted: string) => platformDistance(parse(found), parse(wanted));
    expect(distance('linux/amd64', 'linux/amd64')).toBe(0);
    expect(distance('linux/386', 'linux/amd64')).toBe(1);
    expect(distance('linux/amd64', 'linux/386')).toBeUndefined();
    expect(distance('linux/arm64', 'linux/amd64')).toBeUndefined();
    expect(distance('windows/amd64', 'linux/amd64')).toBeUndefined();
    expect(distance('linux/arm/v6', 'linux/arm/v7')).toBe(1);
    expect(distance('linux/arm/v7', 'linux/arm/v6')).toBeUndefined();
    // What a config of an old builder says: no variant at all.
    expect(platformDistance({ os: 'linux', architecture: 'arm' }, parse('linux/arm/v6'))).toBe(2);
  });

  test('the best of several', () => {
    const images = ['linux/386', 'linux/arm64', 'linux/amd64', 'linux/arm/v6', 'linux/arm/v5'];
    const choose = (wanted: string) => choosePlatform(images, parse, parse(wanted));
    expect(choose('linux/amd64')).toBe('linux/amd64');
    expect(choose('linux/arm/v7')).toBe('linux/arm/v6');
    expect(choose('linux/arm64')).toBe('linux/arm64');
    expect(choose('linux/s390x')).toBeUndefined();
  });
});
