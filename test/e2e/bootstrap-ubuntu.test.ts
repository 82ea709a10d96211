// Ubuntu's form of an archive: a suite, its updates and its security fixes, components main and universe, the ports beside the
// archive, all of it signed. Tiny packages on a loopback port; no package of Ubuntu is fetched.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { canMakeArchives, type TinyPackage } from '../support/apt-repository.ts';
import { DIRECTLY } from '../support/mille.ts';
import {
  type ArchiveKey,
  forgetKey,
  makeKey,
  makeSuites,
  type Suites,
  serveDirectory,
} from '../support/ubuntu-archive.ts';

const possible =
  process.getuid?.() === 0 && canMakeArchives && Bun.which('apt-get') !== null && Bun.which('gpg') !== null;
if (!possible) console.warn('skipped: an archive as Ubuntu has it needs root, apt, gpg and dpkg-dev');

const BASE: TinyPackage = {
  name: 'base-files',
  files: { 'usr/lib/os-release': 'ID=ubuntu\nVERSION_ID="24.04"\nPRETTY_NAME="Ubuntu 24.04 LTS"\n' },
};
const app = (version: string, architecture: string, fields: Record<string, string> = {}): TinyPackage => ({
  ...{ name: 'app', version, architecture, fields: { Depends: 'tool', ...fields } },
  files: { 'usr/share/app/version': version },
});
const tool = (version: string): TinyPackage => ({
  name: 'tool',
  version,
  files: { 'usr/share/tool': version },
});
const archive = (architecture: string): Suites => ({
  noble: { main: [BASE, app('1.0', architecture)], universe: [tool('1.0')] },
  'noble-updates': { main: [], universe: [tool('1.1')] },
  'noble-security': { main: [app('1.0ubuntu0.1', architecture)], universe: [] },
});

let directory: string;
let key: ArchiveKey;
let server: ReturnType<typeof serveDirectory>;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'mille-ubuntu-'));
  if (!possible) return;
  key = makeKey(join(directory, 'key'));
  makeSuites(join(directory, 'served/ubuntu'), archive('amd64'), { key, architectures: ['amd64', 'i386'] });
  makeSuites(join(directory, 'served/ubuntu-ports'), archive('arm64'), { key, architectures: ['arm64'] });
  server = serveDirectory(join(directory, 'served'));
}, 120_000);
afterAll(() => {
  if (possible) {
    server.stop();
    forgetKey(key);
  }
  rmSync(directory, { recursive: true, force: true });
});

/** Beside the server, which answers meanwhile. */
async function plan(sources: string, ...flags: readonly string[]) {
  const child = Bun.spawn(
    [
      ...[...DIRECTLY, 'bootstrap', 'ubuntu:noble', '--profile', 'distroless', '--include', 'app'],
      ...['--dry-run', '--format=json', '--mirror', sources, ...flags],
    ],
    {
      env: { ...process.env, MILLE_ROOT: join(directory, 'store') },
      ...{ stdin: 'ignore', stdout: 'pipe', stderr: 'pipe' },
    },
  );
  const [status, out, err] = await Promise.all([
    child.exited,
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  const packages =
    status === 0
      ? JSON.parse(out).packages.map((one: { name: string; version: string }) => `${one.name} ${one.version}`)
      : [];
  return { status, err, packages };
}

function sourcesFile(path: string, keyring: string): string {
  const file = join(directory, `${path}.sources`);
  const suites = 'noble noble-updates noble-security';
  writeFileSync(
    file,
    `Types: deb\nURIs: ${server.url}/${path}\nSuites: ${suites}\nComponents: main universe\nSigned-By: ${keyring}\n`,
  );
  return file;
}

describe.skipIf(!possible)("an archive in Ubuntu's form", () => {
  const all = ['app 1.0ubuntu0.1', 'base-files 1.0', 'tool 1.1'];
  test('updates of universe and security fixes of main are taken, by the key that is named', async () => {
    const found = await plan(sourcesFile('ubuntu', key.keyring), '--platform', 'linux/amd64');
    expect(found.err).toBe('');
    expect(found.packages).toEqual(all);
  });
  test('the ports have the other architectures; the archive has not', async () => {
    const ports = await plan(sourcesFile('ubuntu-ports', key.keyring), '--platform', 'linux/arm64');
    expect(ports.packages).toEqual(all);
    const none = await plan(sourcesFile('ubuntu', key.keyring), '--platform', 'linux/arm64');
    expect([none.status, none.err]).toEqual([
      33,
      expect.stringContaining('the mirror has no packages of ubuntu:noble for arm64'),
    ]);
    expect(none.err).toContain('ports');
  });
  test('a key that did not sign it is refused', async () => {
    const other = makeKey(join(directory, 'other'));
    forgetKey(other);
    const { status, err } = await plan(sourcesFile('ubuntu', other.keyring), '--platform', 'linux/amd64');
    expect([status, err]).toEqual([
      33,
      expect.stringContaining('the signature of ubuntu:noble cannot be checked with the keys here'),
    ]);
  });
  test('by address alone: its suites and components, and the key ring of the distribution', async () => {
    const known = server.asked.length;
    const { status, err } = await plan(`${server.url}/ubuntu`, '--platform', 'linux/amd64');
    const asked = new Set(server.asked.slice(known));
    // Ubuntu's key ring is no key of this archive; where it is not installed nothing is asked.
    expect(status).toBe(err.includes('is not installed') ? 32 : 33);
    if (status === 32) expect(err).toContain('apt install ubuntu-keyring');
    else
      for (const suite of ['noble', 'noble-updates', 'noble-security'])
        expect(asked).toContain(`/ubuntu/dists/${suite}/InRelease`);
  });
});
