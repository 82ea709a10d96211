// Alternatives to bases, from names and life cycles alone.

import { describe, expect, test } from 'bun:test';
import { decodeTag, familyOf, LIFE_CYCLES, lineOf, supportOf } from '../../tags/index.ts';
import { libcOf } from './libc.ts';
import { proposeBases } from './propose.ts';
import type { BaseUse, KnownImage } from './types.ts';

const NOTHING: BaseUse = { commands: new Map(), packages: [], bash: [], foreign: [] };

/** An image of tags: the first says most. */
function image(repository: string, names: string, platforms = 'linux/amd64 linux/arm64'): KnownImage {
  const family = familyOf(repository);
  const [tag = '', ...also] = names.split(' ');
  const decoded = decodeTag(tag, family);
  const { version, distribution, size, flavors } = decoded;
  const suite = family.distribution === undefined ? undefined : distribution?.release;
  const line = suite ?? (version && lineOf(family, version));
  return {
    ...{ tag, also, flavors, unreleased: version?.pre !== undefined },
    ...(line === undefined ? {} : { line }),
    ...(version ? { version: version.text } : {}),
    ...(distribution ? { distribution } : {}),
    ...(size === undefined ? {} : { size }),
    images: platforms.split(' ').map((platform) => ({ platform })),
    support: supportOf(decoded, family, LIFE_CYCLES),
  };
}

function propose(repository: string, written: string, names: readonly string[], use: Partial<BaseUse> = {}) {
  const all = names.map((one) => image(repository, one));
  const own = all.find(({ tag, also }) => tag === written || also.includes(written))!;
  return proposeBases({
    ...{ written, own, all, family: familyOf(repository), today: '2026-09-01' },
    use: { ...NOTHING, ...use },
  });
}

const PYTHON = [
  '3.15.0rc1-trixie 3.15-rc-trixie',
  '3.14.7-trixie 3.14-trixie 3.14 3 latest',
  '3.14.7-slim-trixie 3.14-slim-trixie',
  '3.12.14-trixie 3.12-trixie 3.12',
  '3.12.14-slim-trixie 3.12-slim-trixie 3.12-slim',
  '3.12.14-bookworm 3.12-bookworm',
  '3.12.14-slim-bookworm 3.12-slim-bookworm',
  '3.12.9-slim-bookworm',
  '3.12.14-alpine3.24 3.12-alpine3.24 3.12-alpine',
  '3.9.25-slim-trixie 3.9-slim-trixie 3.9-slim',
];

describe('proposeBases', () => {
  test.each([
    [
      'python',
      '3.12-slim-bookworm',
      PYTHON,
      ['3.12-slim-trixie', '3.14-slim-trixie', '3.12-alpine3.24', '3.12-slim'],
    ],
    [
      'python',
      '3.12.9-slim-bookworm',
      PYTHON,
      ['3.12.14-slim-bookworm', '3.12.14-slim-trixie', '3.14.7-slim-trixie', '3.12.14-alpine3.24'],
    ],
    ['python', '3.12', PYTHON, ['3.12-trixie', '3.12-slim-trixie', '3.14-trixie', '3.12-alpine3.24']],
    ['python', '3.12-alpine', PYTHON, ['3.12-alpine3.24', '3.12-slim-trixie']],
    ['python', '3.9-slim', PYTHON, ['3.12-slim-trixie', '3.14-slim-trixie']],
    ['python', '3.15-rc-trixie', PYTHON, ['3.14-trixie']],
    [
      'debian',
      'bullseye-slim',
      [
        'forky-20260803-slim forky-slim',
        '13.6-slim trixie-slim',
        '12.15-slim bookworm-slim',
        '11.11-slim bullseye-slim',
      ],
      ['bookworm-slim', 'trixie-slim'],
    ],
    [
      'node',
      '22-bookworm',
      ['25.9.0-bookworm 25-bookworm', '24.19.0-bookworm 24-bookworm', '22.23.2-bookworm 22-bookworm'],
      ['24-bookworm'],
    ],
    [
      'php',
      '8.3-fpm',
      ['8.5.9-fpm-trixie 8.5-fpm-trixie', '8.5.9-cli-trixie 8.5-cli-trixie', '8.3.33-fpm-trixie 8.3-fpm'],
      ['8.5-fpm-trixie'],
    ],
  ])('%s:%s', (repository, written, names, expected) => {
    expect(propose(repository, written, names).map(({ tag }) => tag)).toEqual(expected);
  });
  test('the same image under a name that stays; a line that ends soon', () => {
    const [same] = propose('python', '3.12', PYTHON);
    expect([same?.kind, same?.gains]).toEqual([
      'name',
      ['the same image now; it stays on Debian 13 trixie, 3.12 moves on by itself'],
    ]);
    const soon = ['8.5-apache-trixie', '8.4-apache-trixie', '8.3-apache-trixie', '8.2-apache-trixie'];
    expect(propose('php', '8.2-apache-trixie', soon).map(({ tag }) => tag)).toEqual([
      '8.3-apache-trixie',
      '8.5-apache-trixie',
    ]);
    const [, debian] = propose('postgres', '16-alpine', [
      '16.15-alpine3.24 16-alpine3.24 16-alpine',
      '16.15-trixie 16-trixie 16',
    ]);
    expect([debian?.kind, debian?.tag, debian?.risks[0]?.text]).toEqual([
      'glibc',
      '16-trixie',
      'texts sort otherwise: a data directory must be reindexed',
    ]);
  });
  test('a name that goes on to newer releases of the distribution, with what it takes on', () => {
    const moving = (written: string, use: Partial<BaseUse> = {}) =>
      propose('python', written, PYTHON, use).find(({ kind }) => kind === 'moving');
    const risk = 'the release of Debian changes from one build to the next';
    const held = 'a digest or mille lock holds it until you want it';
    const old = moving('3.12-slim-bookworm', { packages: [{ name: 'libpq5', line: 3 }] });
    expect(old?.gains[0]).toBe('now it is Debian 13 trixie; newer releases come without an edit');
    expect(old?.risks).toEqual([
      { level: 'check', text: 'libpq5 may be called otherwise there', lines: [3] },
      { level: 'check', text: `${risk}, its packages with it; ${held}`, lines: [3] },
    ]);
    const same = moving('3.12-slim-trixie');
    expect([same?.tag, same?.gains, same?.risks.map(({ text }) => text)]).toEqual([
      '3.12-slim',
      ['the same image now; newer releases come without an edit'],
      [`${risk}; ${held}`],
    ]);
    expect(moving('3.12-alpine3.24')?.tag).toBe('3.12-alpine');
    for (const none of ['3.12', '3.12-slim', '3.12.9-slim-bookworm', '3.12-alpine'])
      expect(moving(none)).toBeUndefined();
    expect(
      propose('debian', 'trixie', ['13.6 trixie latest', '12.15 bookworm']).map(({ kind }) => kind),
    ).not.toContain('moving');
  });
  test('an old tag that names no distribution, or no version', () => {
    const frozen = (written: string, repository = 'python', names: readonly string[] = PYTHON) =>
      propose(repository, written, [...names, written]).map(({ tag }) => tag);
    expect(frozen('3.7')).toEqual(['3.12-trixie', '3.14-trixie']);
    expect(frozen('3.7-slim')).toEqual(['3.12-slim-trixie', '3.14-slim-trixie']);
    expect(
      frozen('lts-buster', 'node', ['26.7.0-trixie 26-trixie', '24.19.0-bookworm 24-bookworm latest lts']),
    ).toEqual(['24-bookworm', 'lts']);
  });
  test('what is gained', () => {
    const [first] = propose('python', '3.12.9-slim-bookworm', PYTHON);
    expect(first?.gains).toEqual(['3.12.14 instead of 3.12.9']);
    const [newer] = propose('python', '3.12-slim-bookworm', PYTHON);
    expect(newer?.gains).toEqual(['Debian 13 trixie is supported until 2030-06-30']);
    // Not until the end of what only subscribers get.
    const [ubuntu] = propose('ubuntu', '20.04', ['24.04 noble', '20.04 focal']);
    expect(ubuntu?.gains).toEqual(['Ubuntu 24.04 noble is supported until 2029-05-31']);
  });
});

describe('what stands against it', () => {
  const risks = (written: string, to: string, use: Partial<BaseUse>) =>
    propose('python', written, PYTHON, use)
      .find(({ tag }) => tag === to)
      ?.risks.map(({ level, text, lines }) => [level, text, lines]);
  test('Alpine: package manager, shell, accounts, wheels, other programs', () => {
    const commands = new Map([
      ['apt-get', [3, 4]],
      ['useradd', [5]],
      ['pip', [6]],
      ['git', [7]],
    ]);
    const packages = [{ name: 'build-essential', line: 3 }];
    expect(risks('3.12', '3.12-alpine3.24', { commands, packages, bash: [2], foreign: [9] })).toEqual([
      [
        'breaks',
        'apt-get is not there, and packages have other names: build-essential is build-base',
        [3, 4],
      ],
      ['breaks', 'bash is not there', [2]],
      ['breaks', 'useradd is not there: adduser and addgroup are', [5]],
      ['breaks', 'git is not there unless it is installed', [7]],
      ['check', 'programs built for glibc do not run with musl', [9]],
      ['check', 'Python packages without wheels for musl (musllinux) are compiled', [6]],
    ]);
  });
  test('slim: what it leaves out, unless the Dockerfile installs it', () => {
    const commands = new Map([
      ['gcc', [3]],
      ['curl', [4]],
    ]);
    expect(risks('3.12', '3.12-slim-trixie', { commands })).toEqual([
      ['breaks', 'gcc is not there unless it is installed', [3]],
      ['breaks', 'curl is not there unless it is installed', [4]],
    ]);
    const packages = [
      { name: 'build-essential', line: 2 },
      { name: 'curl', line: 2 },
    ];
    expect(risks('3.12', '3.12-slim-trixie', { commands, packages })).toEqual([]);
  });
  test('a newer distribution: packages with a number in their name', () => {
    const packages = ['libssl1.1', 'python3-dev', 'curl', 'libicu72', 'libxyz12'].map((name) => ({
      name,
      line: 2,
    }));
    expect(risks('3.12-slim-bookworm', '3.12-slim-trixie', { packages })).toEqual([
      ['check', 'libssl1.1 is libssl3t64', [2]],
      ['check', 'libicu72 is libicu76', [2]],
      ['check', 'libxyz12 may be called otherwise there', [2]],
    ]);
  });
  test('another major version of a database; platforms that are gone', () => {
    const all = [
      image('postgres', '18.6-trixie 18-trixie', 'linux/amd64'),
      image('postgres', '14.24-trixie 14'),
    ];
    const only = proposeBases({
      ...{
        written: '14',
        own: all[1]!,
        all,
        use: NOTHING,
        family: familyOf('postgres'),
        today: '2026-09-01',
      },
    }).at(-1);
    expect(only?.risks.map(({ level, text }) => `${level}: ${text}`)).toEqual([
      'breaks: data of 14 must be migrated to 18',
      'check: it is not there for arm64',
    ]);
  });
});

test('C libraries', () => {
  expect(libcOf({ name: 'debian', release: '12', codename: 'bookworm' })).toEqual({
    name: 'glibc',
    version: '2.36',
  });
  expect(libcOf({ name: 'alpine', release: '3.17.2' })).toEqual({ name: 'musl', version: '1.2.3' });
  expect(libcOf({ name: 'alpine' })).toEqual({ name: 'musl' });
  expect(libcOf({ name: 'ubi', release: '9' })).toEqual({ name: 'glibc' });
  expect(libcOf({ name: 'nanoserver' })).toBeUndefined();
});
