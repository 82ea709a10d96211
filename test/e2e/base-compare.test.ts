// `mille base compare`: images measured side by side.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { type BaseArchive, busyboxBase } from '../support/base-images.ts';
import { type Mille, makePlace, mille, removePlace, writeTree } from '../support/mille.ts';

const base = process.getuid?.() === 0 ? await busyboxBase() : undefined;

describe.skipIf(!base)('mille base compare', () => {
  let place = '';
  let own: Mille;
  beforeAll(async () => {
    place = makePlace('base-compare');
    own = await mille(join(place, 'store'));
    writeTree(join(place, 'debian'), {
      Dockerfile: [
        'FROM busybox',
        'COPY os-release /etc/os-release',
        'COPY status /var/lib/dpkg/status',
        'USER app',
      ].join('\n'),
      'os-release': 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nPRETTY_NAME="Debian 12"\n',
      status:
        'Package: libc6\nStatus: install ok installed\nVersion: 2.36-9+deb12u10\n\nPackage: sed\nStatus: install ok installed\nVersion: 4.9\n',
    });
    await own.build(['-t', 'python:3.11-slim', join(place, 'debian')]);
  });
  afterAll(() => removePlace(place));

  test('a table, JSON and a page', async () => {
    const { path } = base as BaseArchive;
    const out = await own.must(['base', 'compare', '--offline', 'python:3.11-slim', path]);
    const row = (name: string) =>
      out
        .split('\n')
        .find((line) => line.startsWith(`${name} `))
        ?.split(/\s{2,}/)
        .slice(1);
    expect(row('here')).toEqual(['all 3 layers', 'its layer']);
    expect(row('packages')).toEqual(['2 deb', 'none']);
    expect(row('libc')).toEqual(['glibc 2.36', '-']);
    expect(row('shell')?.[1]).toBe('busybox');
    expect(row('user')).toEqual(['app', 'root']);
    expect(row('supported')?.[0]).toStartWith('Debian 12 bookworm: ');
    const page = join(place, 'page.html');
    const { bases } = JSON.parse(
      await own.must(['base', 'compare', '--format=json', 'python:3.11-slim', 'busybox']),
    );
    expect(bases).toMatchObject([
      { name: 'python:3.11-slim', libc: { name: 'glibc', version: '2.36' }, layers: 3, user: 'app' },
      { name: 'busybox', layers: 1, packages: [], installers: [] },
    ]);
    await own.must(['base', 'compare', '-q', '-o', page, 'python:3.11-slim', 'busybox']);
    const html = await Bun.file(page).text();
    expect(html).toContain('<title>Bases compared: python:3.11-slim, busybox</title>');
    expect(html).not.toMatch(/<script|https?:\/\/(?!endoflife)/);
  });

  test('what is not there is an error', async () => {
    const missing = await own.run(['base', 'compare', '--offline', 'busybox', 'nosuch:1']);
    expect(missing.status).toBe(20);
    expect((await own.run(['base', 'compare'])).status).toBe(2);
  });
});
