// The decoder against real names of tags: `testdata/tags.tsv` says what each of them means, `testdata/images.tsv` which
// names the makers of the images gave to one image (docker-library/official-images, August 2026 and some earlier years).

import { describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import {
  compareTags,
  compareVersions,
  decodeTag,
  familyOf,
  isFixed,
  LIFE_CYCLES,
  matchesTag,
  parseVersion,
  serverHint,
  supportOf,
  type TagFilter,
} from './index.ts';

const lines = (name: string) =>
  readFileSync(join(import.meta.dir, 'testdata', name), 'utf8')
    .trimEnd()
    .split('\n');
const python = familyOf('library/python');
const decoded = (repository: string, tag: string) => decodeTag(tag, familyOf(repository));

describe('decodeTag', () => {
  const rows = lines('tags.tsv').slice(1);
  test(`${rows.length} tags of official images`, () => {
    const wrong = rows.filter((row) => {
      const [repository = '', tag = ''] = row.split('\t');
      const { version, channel, date, distribution, size, flavors, others } = decoded(repository, tag);
      const { name = '', release = '', codename = '' } = distribution ?? {};
      const below = `${name} ${release} ${codename}`.trimEnd();
      const cells = [version?.text, channel, date, below, size, [...flavors, ...others].join(' ')];
      return row !== [repository, tag, ...cells.map((cell) => cell || '-')].join('\t');
    });
    expect(wrong).toEqual([]);
    expect(rows.length).toBeGreaterThan(1500);
  });
  test.each([
    ['bitnami/python', '3.12.4-debian-12-r3', { revision: 'r3', others: [] }],
    ['x/app', '1.2.3-9f8e7d6', { revision: '9f8e7d6' }],
    ['dotnet/sdk', '8.0-jammy-chiseled-amd64', { flavors: ['chiseled'], architecture: 'amd64' }],
    [
      'x/app',
      'v1.2.3-rc.1',
      { version: { text: '1.2.3-rc.1', parts: [1, 2, 3], pre: { kind: 'rc', number: 1 } } },
    ],
    ['wordpress', '6.5-php8.2-fpm-alpine', { flavors: ['fpm'], others: ['php8.2'] }],
    ['x/app', 'feature-login', { others: ['feature', 'login'], variant: 'feature login' }],
    ['x/app', `sha256-${'a'.repeat(64)}.sig`, { attachment: true }],
    ['node', 'lts-krypton', { channel: 'lts-krypton' }],
    ['x/app', '20260803', { date: '2026-08-03' }],
    ['x/app', '20261399', { version: { text: '20261399', parts: [20261399] } }],
  ])('%s:%s', (repository, tag, expected) => {
    expect(decoded(repository, tag)).toMatchObject(expected as object);
  });
  test('any tag, in time, with its words kept', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[\w][\w.-]{0,127}$/), (tag) => {
        const { tag: kept, others, flavors } = decodeTag(tag, python);
        expect(kept).toBe(tag);
        for (const word of [...others, ...flavors]) expect(tag).toContain(word);
      }),
    );
  });
});

describe('versions', () => {
  test.each([
    ['3.9', '3.12'],
    ['3.12.4', '3.12'],
    ['3.12', '3'],
    ['3.15.0a1', '3.15.0b1'],
    ['3.15.0b2', '3.15.0rc1'],
    ['3.15.0rc1', '3.15-rc'],
    ['3.15-rc', '3.15.0'],
    ['3.14.7', '3.15-rc'],
    ['19beta3', '19'],
    ['25_36', '25.0.1_8'],
    ['8u502-b06', '8u502-b07'],
    ['28-ea-9', '28-ea-11'],
    ['28-ea-11', '28-ea'],
  ])('%s is older than %s', (older, newer) => {
    const [a, b] = [parseVersion(older)!, parseVersion(newer)!];
    expect(Math.sign(compareVersions(a, b))).toBe(-1);
    expect(Math.sign(compareVersions(b, a))).toBe(1);
  });
  test('the order of tags is total', () => {
    const pool = lines('tags.tsv')
      .slice(1)
      .map((row) => decoded(row.split('\t')[0]!, row.split('\t')[1]!));
    const one = fc.constantFrom(...pool);
    fc.assert(
      fc.property(one, one, one, (a, b, c) => {
        expect(Math.sign(compareTags(a, b))).toBe(0 - Math.sign(compareTags(b, a)));
        if (compareTags(a, b) <= 0 && compareTags(b, c) <= 0)
          expect(compareTags(a, c)).toBeLessThanOrEqual(0);
      }),
    );
  });
  test('as a list', () => {
    const tags = ['slim', '3.9', '3.12.1', '3.12', '3.13-rc', '3.13.0rc1', 'latest', '3.12-slim', '3'];
    expect(
      tags
        .map((tag) => decodeTag(tag, python))
        .toSorted(compareTags)
        .map(({ tag }) => tag),
    ).toEqual(['3', '3.13-rc', '3.13.0rc1', '3.12', '3.12-slim', '3.12.1', '3.9', 'latest', 'slim']);
  });
});

describe('isFixed', () => {
  const rows = lines('images.tsv').map((line) => line.split('\t') as [string, string]);
  test.each([...new Set(rows.map(([repository]) => repository))])(
    '%s: most images have a name that stays, and not all names do',
    (repository) => {
      const family = familyOf(repository);
      const images = rows.filter(([one]) => one === repository).map(([, names]) => names.split(' '));
      const fixed = images.map((names) => names.filter((name) => isFixed(decoded(repository, name), family)));
      expect(fixed.filter((names) => names.length > 0).length).toBeGreaterThan(images.length / 2);
      expect(fixed.flat().length).toBeLessThan(images.flat().length);
    },
  );
  test.each([
    ['python', '3.12.4-slim', true],
    ['python', '3.12-slim', false],
    ['debian', 'trixie-20260803-slim', true],
    ['node', 'lts', false],
  ])('%s:%s: %p', (repository, tag, expected) =>
    expect(isFixed(decoded(repository, tag), familyOf(repository))).toBe(expected),
  );
});

describe('matchesTag', () => {
  const tag = decodeTag('3.12.4-slim-bookworm', python);
  test.each<[TagFilter, boolean]>([
    [{}, true],
    [{ distribution: 'bookworm' }, true],
    [{ distribution: 'Debian' }, true],
    [{ distribution: 'debian:12' }, true],
    [{ distribution: 'debian12' }, true],
    [{ distribution: 'trixie' }, false],
    [{ distribution: 'alpine' }, false],
    [{ version: '3.12' }, true],
    [{ version: '3.1' }, false],
    [{ version: '3.12.*' }, true],
    [{ version: '3.1?.4' }, true],
    [{ version: '*.*.*.*' }, false],
    [{ slim: true }, true],
    [{ slim: false }, false],
    [{ variants: ['slim'] }, true],
    [{ variants: ['fpm'] }, false],
  ])('%j: %p', (filter, expected) => expect(matchesTag(tag, filter)).toBe(expected));
  test('what a server can look for', () => {
    expect(serverHint({ version: '3.12.*', distribution: 'bookworm' })).toBe('3.12');
    expect(serverHint({ distribution: 'bookworm' })).toBe('bookworm');
    expect(serverHint({ distribution: 'debian' })).toBeUndefined();
    expect(serverHint({ version: '*' })).toBeUndefined();
  });
});

describe('supportOf', () => {
  test.each([
    ['python', '3.12-slim-bookworm', 'Python 3.12', '2028-10-31', 'Debian 12 bookworm', '2026-07-11'],
    ['node', 'jod-alpine3.20', 'Node.js 22', '2027-04-30', 'Alpine Linux 3.20', '2026-04-01'],
    ['postgres', '9.6.24-stretch', 'PostgreSQL 9.6', '2021-11-11', 'Debian 9 stretch', '2020-07-18'],
    ['ubuntu', '24.04', undefined, undefined, 'Ubuntu 24.04 noble', '2029-05-31'],
    ['debian', '11.11-slim', undefined, undefined, 'Debian 11 bullseye', '2024-08-14'],
    ['alpine', '3.21.7', undefined, undefined, 'Alpine Linux 3.21', '2026-11-01'],
    ['python', '3', undefined, undefined, undefined, undefined],
  ])('%s:%s', (repository, tag, product, until, distribution, ends) => {
    const support = supportOf(decoded(repository, tag), familyOf(repository), LIFE_CYCLES);
    expect([support.product?.title, support.product?.cycle.ends]).toEqual([product, until]);
    expect([support.distribution?.title, support.distribution?.cycle.ends]).toEqual([distribution, ends]);
  });
  test('the data is whole', () => {
    expect(LIFE_CYCLES.asOf).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    const wanted = ['debian', 'ubuntu', 'alpine-linux', 'python', 'nodejs', 'go', 'eclipse-temurin'];
    for (const product of [...wanted, 'php', 'ruby', 'postgresql', 'nginx'])
      expect(LIFE_CYCLES.products[product]!.cycles.length).toBeGreaterThan(5);
    for (const { cycles } of Object.values(LIFE_CYCLES.products)) {
      const days = cycles.flatMap((one) => [one.released, one.active, one.ends, one.extended]);
      expect(days.filter((day) => day !== undefined && !/^\d{4}-\d{2}-\d{2}$/.test(day))).toEqual([]);
    }
  });
});
