import { expect, test } from 'bun:test';
import type { AptSource } from './apt-source.ts';
import { bringKeyrings } from './foreign-keyrings.ts';

const source = (signedBy?: string): AptSource => ({
  ...{ uri: 'http://example.org/debian', suites: ['x'], components: ['main'] },
  ...(signedBy === undefined ? {} : { signedBy }),
});
const bytes = (text: string) => new TextEncoder().encode(text);

test('a key ring is in the image where apt keeps them, and the sources name it there', () => {
  const rings = [
    ...[
      '/home/me/keys/corp.gpg',
      '/srv/corp.gpg',
      '/home/me/keys/corp.gpg',
      '/srv/armoured.asc',
      '/srv/bare',
    ],
    ...['/usr/share/keyrings/own.gpg', '/etc/apt/keyrings/mine.gpg', '/usr/share/keyrings/debian.gpg'],
  ];
  const { sources, files } = bringKeyrings(rings.map(source), {
    has: (path) => path === 'usr/share/keyrings/debian.gpg',
    read: bytes,
  });
  expect(sources.map(({ signedBy }) => signedBy)).toEqual([
    ...['/etc/apt/keyrings/corp.gpg', '/etc/apt/keyrings/corp-2.gpg', '/etc/apt/keyrings/corp.gpg'],
    ...['/etc/apt/keyrings/armoured.asc', '/etc/apt/keyrings/bare'],
    ...['/usr/share/keyrings/own.gpg', '/etc/apt/keyrings/mine.gpg', '/usr/share/keyrings/debian.gpg'],
  ]);
  expect(
    Object.fromEntries(
      files.map((file) => [file.path, new TextDecoder().decode(file.content as Uint8Array)]),
    ),
  ).toEqual({
    'etc/apt/keyrings/corp.gpg': '/home/me/keys/corp.gpg',
    'etc/apt/keyrings/corp-2.gpg': '/srv/corp.gpg',
    'etc/apt/keyrings/armoured.asc': '/srv/armoured.asc',
    'etc/apt/keyrings/bare': '/srv/bare',
    'usr/share/keyrings/own.gpg': '/usr/share/keyrings/own.gpg',
    'etc/apt/keyrings/mine.gpg': '/etc/apt/keyrings/mine.gpg',
  });
});

test('a key in the sources themselves stays there, and one that cannot be read is left as it is', () => {
  const given = [
    source(),
    source('0123ABCD'),
    source('\n -----BEGIN PGP PUBLIC KEY BLOCK-----'),
    source('/gone.gpg'),
  ];
  const { sources, files } = bringKeyrings(given, { has: () => false, read: () => undefined });
  expect([sources, files]).toEqual([given, []]);
});
