// Each reader on what its manager writes, and all of them on anything.

import { describe, expect, test } from 'bun:test';
import { deflateRawSync, deflateSync } from 'node:zlib';
import fc from 'fast-check';
import type { Entry } from '../../oci/image/index.ts';
import { loadInflate } from '../../sys/index.ts';
import { readCargoList } from './cargo.ts';
import { scanForGo } from './go.ts';
import { readOsRelease } from './os-release.ts';
import { isPythonRecord, sizeOfRecord } from './python.ts';
import { readerFor } from './readers.ts';
import type { Reading } from './types.ts';

const tools = { text: (bytes: Uint8Array) => new TextDecoder().decode(bytes), inflate: await loadInflate() };

function read(path: string, content: string | Uint8Array): Reading {
  const bytes = Buffer.from(content);
  const entry: Entry = { path, type: 'file', mode: 0o644, uid: 0, gid: 0, mtime: 0, size: bytes.length };
  return readerFor(entry)?.read({ path, bytes }, tools) ?? { packages: [], notes: ['no reader'] };
}

const packagesOf = (path: string, content: string | Uint8Array) => read(path, content).packages;

test('dpkg: what is installed, with its source, and nothing that is gone', () => {
  const status = `Package: libssl3
Status: install ok installed
Installed-Size: 6021
Architecture: amd64
Multi-Arch: same
Source: openssl (3.0.15-1~deb12u1)
Version: 3.0.15-1~deb12u1
Description: Secure Sockets Layer
 Version: 9 is not a field
 .

Package: gone
Status: deinstall ok config-files
Version: 1

Package: bash
Status: install ok installed
Version: 5.2.15-2+b7
Source: bash (5.2.15-2)

Package: half
Status: install ok unpacked
Version: 1:2
`;
  expect(packagesOf('var/lib/dpkg/status', status)).toEqual([
    {
      ...{ type: 'deb', name: 'libssl3', version: '3.0.15-1~deb12u1', architecture: 'amd64' },
      ...{ source: { name: 'openssl', version: '3.0.15-1~deb12u1' }, size: 6021 * 1024 },
    },
    { type: 'deb', name: 'bash', version: '5.2.15-2+b7', source: { name: 'bash', version: '5.2.15-2' } },
    { type: 'deb', name: 'half', version: '1:2' },
  ]);
});

test('dpkg without a manager: a file a package, and no checksums', () => {
  const stanza = 'Package: tzdata\nVersion: 2024a-0+deb12u1\nArchitecture: all\n';
  expect(packagesOf('var/lib/dpkg/status.d/tzdata', stanza)).toEqual([
    { type: 'deb', name: 'tzdata', version: '2024a-0+deb12u1', architecture: 'all' },
  ]);
  expect(read('var/lib/dpkg/status.d/tzdata.md5sums', stanza).notes).toEqual(['no reader']);
});

test('apk: records with origins, licences, sizes and files', () => {
  const installed = `C:Q1abc=
P:musl
V:1.2.5-r0
A:x86_64
S:407278
I:667648
L:MIT
o:musl
F:lib
R:ld-musl-x86_64.so.1
a:0:0:755
R:libc.musl-x86_64.so.1

P:ssl_client
V:1.36.1-r29
A:x86_64
I:28672
L:GPL-2.0-only
o:busybox

`;
  expect(packagesOf('lib/apk/db/installed', installed)).toEqual([
    {
      ...{ type: 'apk', name: 'musl', version: '1.2.5-r0', architecture: 'x86_64', licenses: ['MIT'] },
      ...{ size: 667648, files: ['lib/ld-musl-x86_64.so.1', 'lib/libc.musl-x86_64.so.1'] },
    },
    {
      ...{ type: 'apk', name: 'ssl_client', version: '1.36.1-r29', architecture: 'x86_64', size: 28672 },
      ...{ source: { name: 'busybox', version: '1.36.1-r29' }, licenses: ['GPL-2.0-only'] },
    },
  ]);
});

test('pacman: a directory a package', () => {
  const desc =
    '%NAME%\nzlib\n\n%VERSION%\n1:1.3.1-2\n\n%BASE%\nzlib\n\n%ARCH%\nx86_64\n\n%SIZE%\n346414\n\n%LICENSE%\nZlib\n';
  expect(packagesOf('var/lib/pacman/local/zlib-1:1.3.1-2/desc', desc)).toEqual([
    {
      ...{ type: 'alpm', name: 'zlib', version: '1:1.3.1-2', architecture: 'x86_64' },
      ...{ licenses: ['Zlib'], size: 346414 },
    },
  ]);
});

describe('python', () => {
  const at = 'usr/lib/python3/dist-packages/PyYAML-6.0.egg-info/PKG-INFO';

  test('name, version, and the licence by its best words', () => {
    const head = 'Metadata-Version: 2.1\nName: PyYAML\nVersion: 6.0\n';
    const licence = (more: string) => packagesOf(at, `${head}${more}\n\nName: of the description\n`)[0];
    expect(licence('License: MIT')).toEqual({
      type: 'pypi',
      name: 'PyYAML',
      version: '6.0',
      licenses: ['MIT'],
    });
    expect(licence('License: x\nLicense-Expression: MIT OR Apache-2.0')?.licenses).toEqual([
      'MIT OR Apache-2.0',
    ]);
    const classified = 'License: UNKNOWN\nClassifier: License :: OSI Approved :: BSD License';
    expect(licence(classified)?.licenses).toEqual(['BSD License']);
  });

  test('all the places that metadata have', () => {
    const text = 'Name: x\nVersion: 1\n';
    for (const path of ['a/x-1.dist-info/METADATA', 'a/x.egg-info', 'a/x-1.egg/EGG-INFO/PKG-INFO'])
      expect(packagesOf(path, text)).toEqual([{ type: 'pypi', name: 'x', version: '1' }]);
  });

  test('a record says what a distribution takes', () => {
    expect(isPythonRecord('a/x-1.dist-info/RECORD')).toBe(true);
    expect(sizeOfRecord('x/a.py,sha256=abc,100\n"x/b,c.py",sha256=d,23\nx/RECORD,,\n')).toBe(123);
  });
});

test('node: packages with scope and without, and nothing from within one', () => {
  const manifest = JSON.stringify({ name: '@babel/core', version: '7.1.0', license: 'MIT' });
  expect(packagesOf('app/node_modules/@babel/core/package.json', manifest)).toEqual([
    { type: 'npm', name: '@babel/core', version: '7.1.0', licenses: ['MIT'] },
  ]);
  const old = JSON.stringify({ name: 'x', version: '1.0.0', licenses: [{ type: 'BSD' }] });
  expect(packagesOf('node_modules/a/node_modules/x/package.json', old)[0]?.licenses).toEqual(['BSD']);
  for (const path of ['package.json', 'node_modules/x/lib/package.json', 'node_modules/.bin/package.json'])
    expect(read(path, manifest).notes).toEqual(['no reader']);
  expect(read('node_modules/x/package.json', '{').notes).toEqual([
    '/node_modules/x/package.json: is no JSON',
  ]);
});

test('ruby: what a specification assigns, or its name', () => {
  const specification = `Gem::Specification.new do |s|
  s.name = "rake".freeze
  s.version = "13.0.6"
  s.licenses = ["MIT".freeze, "Ruby".freeze]
end`;
  expect(packagesOf('usr/lib/ruby/gems/specifications/rake-13.0.6.gemspec', specification)).toEqual([
    { type: 'gem', name: 'rake', version: '13.0.6', licenses: ['MIT', 'Ruby'] },
  ]);
  expect(packagesOf('gems/specifications/default/net-http-0.3.2.gemspec', 'x')).toEqual([
    { type: 'gem', name: 'net-http', version: '0.3.2' },
  ]);
});

test('composer: the list of today and that of old', () => {
  const one = { name: 'symfony/yaml', version: 'v6.4.0', license: ['MIT'] };
  const expected = [{ type: 'composer', name: 'symfony/yaml', version: '6.4.0', licenses: ['MIT'] }];
  const path = 'srv/vendor/composer/installed.json';
  expect(packagesOf(path, JSON.stringify({ packages: [one, 5, null, {}] }))).toEqual(expected as never);
  expect(packagesOf(path, JSON.stringify([one]))).toEqual(expected as never);
});

test('.NET: packages, and not the application itself', () => {
  const document = {
    libraries: { 'Worker/1.0.0': { type: 'project' }, 'Npgsql/4.1.9': { type: 'package' }, odd: null },
  };
  expect(packagesOf('app/Worker.deps.json', JSON.stringify(document))).toEqual([
    { type: 'nuget', name: 'Npgsql', version: '4.1.9' },
  ]);
});

test('conda: a file a package', () => {
  const document = {
    name: 'numpy',
    version: '1.26.0',
    license: 'BSD-3-Clause',
    subdir: 'linux-64',
    size: 10,
  };
  expect(packagesOf('opt/conda/conda-meta/numpy-1.26.0-py311_0.json', JSON.stringify(document))).toEqual([
    {
      ...{ type: 'conda', name: 'numpy', version: '1.26.0', architecture: 'linux-64' },
      ...{ licenses: ['BSD-3-Clause'] },
    },
  ]);
  expect(packagesOf('opt/conda/conda-meta/history.json', '[]')).toEqual([]);
});

/** An archive as `jar` makes it. */
function zip(files: Readonly<Record<string, string | Uint8Array>>, method: 0 | 8 = 8): Buffer {
  const parts: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(files)) {
    const plain = Buffer.from(content);
    const packed = method === 8 ? deflateRawSync(plain) : plain;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(name.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(method, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(plain.length, 24);
    entry.writeUInt16LE(name.length, 28);
    entry.writeUInt32LE(at, 42);
    parts.push(local, Buffer.from(name), packed);
    central.push(entry, Buffer.from(name));
    at += 30 + name.length + packed.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, directory, end]);
}

describe('java', () => {
  const pom = (name: string, version: string) =>
    `#made by Maven\ngroupId=org.example\nartifactId=${name}\nversion=${version}\n`;

  test("Maven's words come first", () => {
    const jar = zip({
      'META-INF/MANIFEST.MF': 'Implementation-Version: 9\n',
      'META-INF/maven/org.example/a/pom.properties': pom('a', '1.2'),
    });
    expect(packagesOf('opt/a-1.2.jar', jar)).toEqual([
      { type: 'maven', name: 'org.example:a', version: '1.2' },
    ]);
  });

  test('then the manifest, whose lines may be continued, and the name', () => {
    const manifest =
      'Manifest-Version: 1.0\r\nBundle-SymbolicName: org.slf4j.slf4j\r\n -api;singleton:=true\r\nBundle-Version: 2.0.9\r\n';
    const jar = zip({ 'META-INF/MANIFEST.MF': manifest });
    expect(packagesOf('opt/slf4j-api-2.0.9.jar', jar)).toEqual([
      { type: 'maven', name: 'org.slf4j:slf4j-api', version: '2.0.9' },
    ]);
    expect(packagesOf('opt/plain-3.1.jar', zip({ 'A.class': 'x' }))).toEqual([
      { type: 'maven', name: 'plain', version: '3.1' },
    ]);
  });

  test('a jar that took in another is not taken for that one alone', () => {
    const pomOf = { 'META-INF/maven/cglib/cglib/pom.properties': pom('cglib', '3.2') };
    const shaded = {
      ...pomOf,
      'META-INF/MANIFEST.MF': 'Bundle-Version: 4.2.3\nBundle-SymbolicName: com.google.inject\n',
    };
    expect(packagesOf('opt/guice.jar', zip(shaded)).map(({ name, version }) => `${name} ${version}`)).toEqual(
      ['org.example:cglib 3.2', 'com.google:guice 4.2.3'],
    );
    const renamed = { ...pomOf, 'META-INF/MANIFEST.MF': 'Implementation-Version: 3.2\n' };
    expect(packagesOf('opt/renamed.jar', zip(renamed))).toHaveLength(1);
  });

  test('jars within jars, to a depth; behind a script; damaged', () => {
    let jar: Uint8Array = zip({ 'META-INF/maven/g/a/pom.properties': pom('d5', '5') });
    for (let depth = 4; depth >= 0; depth--)
      jar = zip({ 'META-INF/maven/g/a/pom.properties': pom(`d${depth}`, '1'), 'lib/inner.jar': jar }, 0);
    const found = read('opt/app.jar', Buffer.concat([Buffer.from('#!/bin/sh\nexit 0\n'), jar]));
    expect(found.packages.map(({ name }) => name)).toEqual(
      ['d0', 'd1', 'd2', 'd3'].map((n) => `org.example:${n}`),
    );
    expect(found.notes).toEqual([
      '/opt/app.jar!lib/inner.jar!lib/inner.jar!lib/inner.jar!lib/inner.jar: lies too deep to be read',
    ]);
    expect(read('opt/app.jar', 'no archive').notes).toEqual(['/opt/app.jar: is no archive that can be read']);
  });

  test('a bomb is not unpacked', () => {
    const jar = zip({ 'META-INF/maven/g/a/pom.properties': Buffer.alloc(3 * 1024 * 1024, '#') });
    expect(packagesOf('opt/bomb.jar', jar)).toEqual([]);
  });
});

describe('go', () => {
  const list = (version: string, modules: string) => {
    const text = (value: string) => {
      const bytes = Buffer.from(value, 'latin1');
      const length: number[] = [];
      let left = bytes.length;
      for (; left >= 0x80; left >>= 7) length.push((left & 0x7f) | 0x80);
      return Buffer.concat([Buffer.from([...length, left]), bytes]);
    };
    const head = Buffer.alloc(32);
    head.write('\xff Go buildinf:', 'latin1');
    head[14] = 8;
    head[15] = 2;
    const frame = '0123456789abcdef';
    return Buffer.concat([head, text(version), text(`${frame}${modules}${frame}`)]);
  };
  const modules =
    'path\texample.org/cmd\nmod\texample.org\t(devel)\t\ndep\tgolang.org/x/net\tv0.17.0\th1:x=\ndep\told\tv1.0.0\n=>\tnew\tv2.0.0\th1:y=\nbuild\tCGO_ENABLED=0\n';
  const expected = [
    { type: 'golang', name: 'example.org', version: '(devel)' },
    { type: 'golang', name: 'golang.org/x/net', version: 'v0.17.0' },
    { type: 'golang', name: 'new', version: 'v2.0.0' },
    { type: 'golang', name: 'stdlib', version: '1.25.1' },
  ];
  const scan = (bytes: Uint8Array, piece: number) => {
    const scanner = scanForGo();
    for (let at = 0; at < bytes.length; at += piece) scanner.data(bytes.subarray(at, at + piece));
    return scanner.end().packages;
  };

  test('the list is found however the file comes in parts', () => {
    const program = Buffer.concat([
      Buffer.alloc(160, 1),
      list('go1.25.1 X:nodwarf5', modules),
      Buffer.alloc(99),
    ]);
    for (const piece of [1, 7, 16, 100, 1000]) expect(scan(program, piece)).toEqual(expected as never);
  });

  test('a mark in the text of a program is not taken for the list', () => {
    const decoy = Buffer.alloc(48, 7);
    decoy.write('\xff Go buildinf:', 0, 'latin1');
    const astray = Buffer.concat([
      Buffer.alloc(5),
      Buffer.from('\xff Go buildinf:', 'latin1'),
      Buffer.alloc(13),
    ]);
    const program = Buffer.concat([decoy, astray, list('go1.25.1', modules)]);
    for (const piece of [9, 64, 4096]) expect(scan(program, piece)).toEqual(expected as never);
    expect(scan(decoy, 10)).toEqual([]);
    // Cut off behind the mark.
    for (const length of [14, 15, 16, 31, 32, 40])
      expect(scan(list('go1.25.1', modules).subarray(0, length), 7)).toEqual([]);
  });

  test('a file of nothing but marks is given up soon', () => {
    const head = list('go1.25.1', '').subarray(0, 32);
    const marks = Buffer.alloc(4 * 1024 * 1024);
    for (let at = 0; at < marks.length; at += 32) head.copy(marks, at);
    const started = performance.now();
    expect(scan(marks, 65_536)).toEqual([]);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});

test('rust: the list that cargo-auditable leaves in a program', () => {
  const json = JSON.stringify({
    packages: [
      { name: 'app', version: '0.1.0', source: 'local', root: true },
      { name: 'cc', version: '1.0.0', source: 'crates.io', kind: 'build' },
      { name: 'serde', version: '1.0.200', source: 'crates.io' },
    ],
  });
  const packed = deflateSync(json);
  const names = Buffer.from('\0.shstrtab\0.dep-v0\0');
  const program = Buffer.alloc(64 + packed.length + names.length + 3 * 64);
  program.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  packed.copy(program, 64);
  names.copy(program, 64 + packed.length);
  const table = 64 + packed.length + names.length;
  program.writeBigUInt64LE(BigInt(table), 40);
  program.writeUInt16LE(64, 58);
  program.writeUInt16LE(3, 60);
  program.writeUInt16LE(1, 62);
  const section = (i: number, name: number, offset: number, size: number) => {
    program.writeUInt32LE(name, table + i * 64);
    program.writeBigUInt64LE(BigInt(offset), table + i * 64 + 24);
    program.writeBigUInt64LE(BigInt(size), table + i * 64 + 32);
  };
  section(1, 1, 64 + packed.length, names.length);
  section(2, 11, 64, packed.length);
  expect(readCargoList({ path: 'bin/app', bytes: program }, tools).packages).toEqual([
    { type: 'cargo', name: 'app', version: '0.1.0' },
    { type: 'cargo', name: 'serde', version: '1.0.200' },
  ]);
});

test('os-release, quoted or not', () => {
  expect(
    readOsRelease(
      `PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\nVERSION_ID='12'\nVERSION_CODENAME=bookworm\n`,
    ),
  ).toEqual({ id: 'debian', version: '12', codename: 'bookworm', name: 'Debian GNU/Linux 12 (bookworm)' });
  expect(readOsRelease('')).toEqual({ id: 'linux' });
});

describe('anything at all', () => {
  const paths = [
    'var/lib/dpkg/status',
    'lib/apk/db/installed',
    'var/lib/rpm/rpmdb.sqlite',
    'var/lib/rpm/Packages.db',
    'var/lib/rpm/Packages',
    'var/lib/pacman/local/a-1/desc',
    'a/x.dist-info/METADATA',
    'node_modules/x/package.json',
    'a.jar',
    'specifications/a-1.gemspec',
    'vendor/composer/installed.json',
    'a.deps.json',
    'conda-meta/a.json',
  ];

  test('is read without an exception', () => {
    fc.assert(
      fc.property(fc.constantFrom(...paths), fc.uint8Array({ maxLength: 600 }), (path, bytes) => {
        read(path, bytes);
        scanForGo().data(bytes);
        readCargoList({ path, bytes }, tools);
      }),
      { numRuns: 500 },
    );
  });

  test('a real archive with bytes changed is read without an exception', () => {
    const jar = zip({ 'META-INF/maven/g/a/pom.properties': 'groupId=g', 'lib/b.jar': zip({ a: 'b' }) });
    fc.assert(
      fc.property(fc.nat(jar.length - 1), fc.nat(255), (at, byte) => {
        const changed = Buffer.from(jar);
        changed[at] = byte;
        read('a.jar', changed);
      }),
      { numRuns: 500 },
    );
  });
});
