// Bases without shell and package manager, made of tiny packages from an archive in a directory: what is in them, what
// is not, and what is refused. With MILLE_LONG_TESTS also one of Debian's Python, which runs the tutorial's application.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canMakeArchives, makeArchive, type TinyPackage } from '../support/apt-repository.ts';
import { command } from '../support/docker.ts';

const MILLE = join(import.meta.dir, '../../mille');
const possible = process.getuid?.() === 0 && canMakeArchives && Bun.which('apt-get') !== null;
if (!possible) console.warn('skipped: bases of tiny packages need root, apt, dpkg-deb and dpkg-scanpackages');

let directory: string;
let sources: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'mille-distroless-'));
  if (possible) sources = makeArchive(join(directory, 'archive'), { suite: 'noble', packages: PACKAGES });
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const SCRIPT = '#!/bin/sh\necho hi\n';
const PACKAGES: readonly TinyPackage[] = [
  {
    name: 'base-files',
    version: '13',
    fields: { 'Pre-Depends': 'awk', Essential: 'yes' },
    files: {
      'etc/os-release': '-> ../usr/lib/os-release',
      'usr/lib/os-release': 'ID=ubuntu\nVERSION_ID="24.04"\nPRETTY_NAME="Ubuntu 24.04 LTS"\n',
      'etc/update-motd.d/00-header*': SCRIPT,
      'tmp/.keep': '',
    },
    postinst: '#!/bin/sh\nset -e\nmkdir -p /mnt\n',
  },
  { name: 'mawk', fields: { Provides: 'awk' }, files: { 'usr/bin/mawk*': SCRIPT } },
  {
    name: 'app',
    fields: { Depends: 'libapp (>= 1), debconf | debconf-2.0' },
    files: {
      'usr/bin/app*': '#!/usr/bin/apprun\n',
      'usr/bin/app-helper*': SCRIPT,
      'usr/share/doc/app/copyright': 'Copyright',
      'usr/share/doc/app/README': 'long',
      'usr/share/man/man1/app.1.gz': 'manual',
    },
    postinst: `#!/bin/sh
set -e
if [ "$1" = "configure" ]; then
    update-alternatives --install /usr/bin/application application /usr/bin/app 20 \\
      --slave /usr/share/man/man1/application.1.gz application.1.gz /usr/share/man/man1/app.1.gz
fi
# Automatically added by dh_installdeb/13
rm_conffile
# End automatically added section
exit 0
`,
  },
  { name: 'libapp', version: '1:1.2', files: { 'lib/libapp.so.1': 'library', 'usr/bin/apprun*': 'run' } },
  { name: 'debconf', fields: { Provides: 'debconf-2.0' }, files: { 'usr/bin/debconf*': SCRIPT } },
  {
    name: 'daemon',
    files: { 'usr/sbin/daemon*': 'x' },
    postinst: '#!/bin/sh\nset -e\nadduser --system daemon\n',
  },
];

function mille(args: readonly string[], env: Record<string, string> = {}) {
  const result = command([MILLE, ...args], { env: { MILLE_ROOT: join(directory, 'store'), ...env } });
  return { ...result, text: result.stdout.toString() };
}

const explain = (...flags: string[]) => [
  ...['bootstrap', 'ubuntu:noble', '--profile', 'distroless', '--mirror', sources],
  ...flags,
];

const bootstrapIn = (store: string, include: string, ...flags: string[]) =>
  mille([...explain('--include', include), '--progress', 'plain', '-t', 'tiny', ...flags], {
    MILLE_ROOT: join(directory, store),
  });

const bootstrap = (include: string, ...flags: string[]) => bootstrapIn('store', include, ...flags);

/** Paths of the image, and their types and links. */
function listing(): Map<string, string> {
  const tar = join(directory, 'tiny.tar');
  expect(mille(['save', 'tiny', '-o', tar]).status).toBe(0);
  const layer = command([
    'sh',
    '-c',
    `tar -xOf ${tar} "$(tar -xOf ${tar} manifest.json | sed 's/.*Layers":\\["//; s/".*//')"`,
  ]);
  const lines = command(['tar', '-tv'], { stdin: layer.stdout }).stdout.toString().trim().split('\n');
  return new Map(
    lines.map((line) => {
      const [, what = '', path = '', link = ''] =
        /^(\S+ \S+)\s+\S+ \S+ \S+ (\S+?)\/?(?: -> (.*))?$/.exec(line) ?? [];
      return [path, link === '' ? what : `-> ${link}`];
    }),
  );
}

describe.skipIf(!possible)('a base without shell', () => {
  test('holds its packages, what they need, and what scanners read', () => {
    const made = bootstrap('app', '--user', 'nonroot');
    expect(made.stderr).toContain('built tiny:latest');
    expect(made.status).toBe(0);
    const files = listing();
    expect([...files.keys()]).not.toContain('usr/bin/sh');
    // Scripts for a shell, manuals, what is only for installing: left out, each with its reason in the documentation.
    for (const path of [
      'usr/bin/app-helper',
      'usr/bin/mawk',
      'usr/bin/debconf',
      'usr/share/man',
      'etc/update-motd.d',
    ])
      expect(files.has(path)).toBe(false);
    expect(files.has('usr/share/doc/app/README')).toBe(false);
    expect(files.get('usr/share/doc/app/copyright')).toBe('-rw-r--r-- 0/0');
    expect(files.get('usr/bin/app')).toBe('-rwxr-xr-x 0/0');
    expect(files.get('lib')).toBe('-> usr/lib');
    expect(files.get('usr/lib/libapp.so.1')).toBe('-rw-r--r-- 0/0');
    expect(files.get('usr/bin/application')).toBe('-> /etc/alternatives/application');
    expect(files.get('etc/alternatives/application')).toBe('-> /usr/bin/app');
    expect(files.get('home/nonroot')).toBe('drwx------ 65532/65532');
    const packages = JSON.parse(mille(['packages', '--format', 'json', 'tiny']).text);
    const found = packages.packages.map((one: { name: string; version: string }) => [one.name, one.version]);
    expect(found).toEqual([
      ['app', '1.0'],
      ['base-files', '13'],
      ['libapp', '1:1.2'],
    ]);
    const [{ Config, Os }] = JSON.parse(mille(['inspect', 'tiny']).text);
    expect([Config.User, Config.WorkingDir, Os]).toEqual(['65532', '/home/nonroot', 'linux']);
  });

  test('what is in it is explained, before and after', () => {
    const { text } = mille([...explain('--dry-run'), '--include', 'app']);
    expect(text).toMatch(/^libapp +1:1.2 +7.17kB +20.7kB +app$/m);
    expect(text).toMatch(/^app +1.0 +7.17kB +20.7kB +asked for$/m);
    expect(text).toContain('ubuntu:noble for amd64, distroless: 3 packages');
    expect(text).toContain('  debconf: asks questions at installation\n  mawk: commands for shells');
  });

  test('a lock gives the same image, also elsewhere and later', () => {
    const lock = join(directory, 'base.lock');
    const first = bootstrap('app', '--lock', lock, '--format', 'json');
    const image = JSON.parse(first.text);
    expect(image.packages.map(({ imageBytes }: { imageBytes: number }) => imageBytes)).toEqual([27, 60, 10]);
    const written = readFileSync(lock, 'utf8');
    expect(written).toContain('"name":"libapp","version":"1:1.2"');

    // The archive moves on, and keeps what it had.
    const newer = PACKAGES.map((one) => (one.name === 'libapp' ? { ...one, version: '1:1.3' } : one));
    makeArchive(join(directory, 'archive'), { suite: 'noble', packages: newer, keep: PACKAGES });
    const again = bootstrapIn('other', 'app', '--lock', lock, '--format', 'json');
    expect(JSON.parse(again.text).image.manifest).toBe(image.image.manifest);
    expect(readFileSync(lock, 'utf8')).toBe(written);

    // It does not keep them: what is missing is named.
    makeArchive(join(directory, 'archive'), { suite: 'noble', packages: newer });
    const gone = bootstrap('app', '--lock', lock);
    expect(gone.stderr).toContain('error: not to be had any more: libapp 1:1.2');
    expect(gone.stderr).toContain('--update-lock');
    expect(gone.status).toBe(33);
    const differs = bootstrap('app,debconf', '--lock', lock);
    expect(differs.stderr).toContain(
      'was made with another list of packages: app, and now it is app, debconf',
    );
    expect(bootstrap('app', '--lock', lock, '--update-lock').status).toBe(0);
    expect(readFileSync(lock, 'utf8')).toContain('"version":"1:1.3"');
  });

  test('says why it does not take a package, or a shell', () => {
    const daemon = bootstrap('daemon');
    expect(daemon.stderr).toContain('the installation scripts of daemon do what is not known here');
    expect(daemon.stderr).toContain('daemon: adduser --system daemon');
    expect(daemon.status).toBe(33);
    const shell = bootstrap('bash');
    expect(shell.stderr).toContain("'bash' is a shell: a distroless base has none");
    expect(shell.status).toBe(2);
    const unknown = bootstrap('nothing-of-the-kind');
    expect(unknown.stderr).toContain("ubuntu:noble has no package 'nothing-of-the-kind'");
  });
});
