import { expect, test } from 'bun:test';
import { purlOf } from './purl.ts';

const debian = { id: 'debian', version: '12' };

test('package URLs as the specification has them', () => {
  const purls = [
    purlOf(
      {
        type: 'deb',
        name: 'libssl3',
        version: '3.0.15-1~deb12u1',
        architecture: 'amd64',
        source: { name: 'openssl', version: '3.0.15-1~deb12u1' },
      },
      debian,
    ),
    purlOf(
      { type: 'apk', name: 'musl', version: '1.2.5-r0', architecture: 'x86_64' },
      { id: 'alpine', version: '3.20.1' },
    ),
    purlOf(
      { type: 'rpm', name: 'perl', version: '4:5.32-1.el9', architecture: 'x86_64' },
      { id: 'rhel', version: '9.4' },
    ),
    purlOf({ type: 'pypi', name: 'Foo_Bar', version: '1.0' }, debian),
    purlOf({ type: 'npm', name: '@babel/core', version: '7.1.0' }, debian),
    purlOf({ type: 'golang', name: 'golang.org/x/net', version: 'v0.17.0' }, debian),
    purlOf({ type: 'golang', name: 'stdlib', version: '1.25.1' }, debian),
    purlOf({ type: 'maven', name: 'org.slf4j:slf4j-api', version: '2.0.9' }, debian),
    purlOf({ type: 'gem', name: 'rake', version: '13.0.6' }, debian),
    purlOf({ type: 'composer', name: 'symfony/yaml', version: '6.4.0' }, debian),
    purlOf({ type: 'cargo', name: 'serde', version: '1.0.200' }, debian),
    purlOf({ type: 'generic', name: 'node', version: '20.1.0', claimed: true }, debian),
  ];
  expect(purls).toEqual([
    'pkg:deb/debian/libssl3@3.0.15-1~deb12u1?arch=amd64&distro=debian-12&upstream=openssl',
    'pkg:apk/alpine/musl@1.2.5-r0?arch=x86_64&distro=alpine-3.20.1',
    'pkg:rpm/rhel/perl@5.32-1.el9?arch=x86_64&distro=rhel-9.4&epoch=4',
    'pkg:pypi/foo-bar@1.0',
    'pkg:npm/%40babel/core@7.1.0',
    'pkg:golang/golang.org/x/net@v0.17.0',
    'pkg:golang/stdlib@1.25.1',
    'pkg:maven/org.slf4j/slf4j-api@2.0.9',
    'pkg:gem/rake@13.0.6',
    'pkg:composer/symfony/yaml@6.4.0',
    'pkg:cargo/serde@1.0.200',
    'pkg:generic/node@20.1.0',
  ]);
});

test('what cannot be a package URL is none', () => {
  expect(purlOf({ type: 'maven', name: 'no-group', version: '1' }, undefined)).toBeUndefined();
});
