import { describe, expect, test } from 'bun:test';
import { cutTools } from '../distroless/tools.ts';
import { type ArchivePackage, readArchivePackages, readPrintedUris } from './package.ts';
import { reasonsFor } from './reasons.ts';

const SHA = 'a'.repeat(64);

test('addresses and stanzas are put together, other versions left alone', () => {
  const uris = readPrintedUris(`Reading package lists...
'http://m.example/pool/liba_1%3a2.0_amd64.deb' liba_1%3a2.0_amd64.deb 1234 SHA256:${SHA}
'copy:/x/b.deb' b_1_all.deb 5 SHA256:${SHA}
`);
  const stanza = (name: string, version: string, architecture: string) =>
    `Package: ${name}\nVersion: ${version}\nArchitecture: ${architecture}\nInstalled-Size: 3\nFilename: pool/${name}.deb\nSize: 9\nSHA256: ${SHA}\nDepends: b | c, d (>= 1)\n`;
  const found = readArchivePackages(
    [stanza('liba', '1:1.0', 'amd64'), stanza('liba', '1:2.0', 'amd64'), stanza('b', '1', 'all')].join('\n'),
    uris,
  );
  expect(
    found.map(({ name, version, uri, file, installedSize }) => [name, version, uri, file, installedSize]),
  ).toEqual([
    ['b', '1', 'copy:/x/b.deb', 'pool/b.deb', 3072],
    ['liba', '1:2.0', 'http://m.example/pool/liba_1%3a2.0_amd64.deb', 'pool/liba.deb', 3072],
  ]);
  expect(found[0]!.depends).toEqual([['b', 'c'], ['d']]);
});

describe('reasons', () => {
  const one = (name: string, depends: string, provides: readonly string[] = []): ArchivePackage => ({
    ...{
      id: name,
      name,
      version: '1',
      architecture: 'all',
      section: '',
      essential: false,
      recommends: [],
      provides,
    },
    depends: depends === '' ? [] : depends.split(', ').map((group) => group.split(' | ')),
    ...{ stanza: '', file: '', uri: '', size: 0, sha256: SHA, installedSize: 0 },
  });
  const all = [
    one('app', 'liba, mid, debconf | debconf-2.0'),
    one('mid', 'liba, virtual, dpkg | install-info, deep'),
    one('liba', 'libc6'),
    one('libc6', ''),
    one('real', '', ['virtual']),
    one('deep', 'app'),
    ...['debconf', 'dpkg'].map((name) => one(name, 'perl-base')),
    one('perl-base', ''),
  ];
  const chains = (asked: readonly string[]) =>
    Object.fromEntries(
      [
        ...reasonsFor(all, {
          roots: new Map(asked.map((name) => [name, { kind: 'asked' as const }])),
          cut: cutTools(new Set(asked)),
        }),
      ].map(([name, { chain }]) => [name, chain.join(' ')]),
    );

  test('the shortest chains, without what only installation needs', () => {
    expect(chains(['app'])).toEqual({
      app: 'app',
      liba: 'app liba',
      mid: 'app mid',
      libc6: 'app liba libc6',
      real: 'app mid real',
      deep: 'app mid deep',
    });
  });
  test('unless it is asked for', () => {
    expect(chains(['app', 'perl-base'])['perl-base']).toBe('perl-base');
  });
});
