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
        'USER 1000',
      ].join('\n'),
      'os-release': 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nPRETTY_NAME="Debian 12"\n',
      status:
        'Package: libc6\nStatus: install ok installed\nVersion: 2.36-9+deb12u10\n\nPackage: sed\nStatus: install ok installed\nVersion: 4.9\n',
    });
    await own.build(['-t', 'python:3.11-slim', join(place, 'debian')]);
    await own.must(['tag', 'busybox', 'python:bare']);
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
    expect(row('user')).toEqual(['1000', 'root']);
    expect(row('supported')?.[0]).toStartWith('Debian 12 bookworm: ');
    const page = join(place, 'page.html');
    const { bases } = JSON.parse(
      await own.must(['base', 'compare', '--format=json', 'python:3.11-slim', 'busybox']),
    );
    expect(bases).toMatchObject([
      { name: 'python:3.11-slim', libc: { name: 'glibc', version: '2.36' }, layers: 3, user: '1000' },
      { name: 'busybox', layers: 1, packages: [], installers: [] },
    ]);
    await own.must(['base', 'compare', '-q', '-o', page, 'python:3.11-slim', 'busybox']);
    const html = await Bun.file(page).text();
    expect(html).toContain('<title>Bases compared: python:3.11-slim, busybox</title>');
    expect(html).not.toMatch(/<script|https?:\/\/(?!endoflife)/);
  });

  test('a Dockerfile built on each: what it takes, what is said of it, and why it fails', async () => {
    const project = join(place, 'project');
    writeTree(project, {
      Dockerfile: [
        'ARG TAG=3.11-slim',
        'FROM python:$TAG AS app',
        'COPY --chmod=755 tool /tool',
        'RUN test -e /etc/os-release || apt-get update',
        '',
      ].join('\n'),
      tool: '#!/bin/nosuch\n',
    });
    const line = ['base', 'compare', '--offline', '--build', '--context', project, '--rounds', '2'];
    const checks = ['--check', 'test -e /etc/os-release', '--check', '/tool'];
    const out = await own.must([...line, ...checks, '--format=json', 'python:3.11-slim', 'python:bare']);
    const { bases, project: told } = JSON.parse(out);
    expect(told).toMatchObject({ rounds: 2, froms: [{ line: 2, stage: 'app' }], notes: [] });
    const [good, bad] = bases.map(({ on }: { on: unknown }) => on);
    expect(good).toMatchObject({
      ...{ outcome: 'built', misfits: [] },
      checks: [{ status: 0 }, { command: '/tool', reasons: [{ kind: 'program', what: '/tool' }] }],
    });
    expect(good.rounds).toHaveLength(2);
    expect(bad).toMatchObject({
      ...{ outcome: 'failed', code: 'step-failed', line: 4 },
      reasons: [{ kind: 'installer', what: 'apt-get' }],
    });
    // Nothing of it stays.
    expect((await own.must(['images', '-q'])).trim().split('\n')).toHaveLength(3);
    expect(await Bun.file(join(project, 'Dockerfile')).text()).toStartWith('ARG TAG=3.11-slim\n');
    const archive = await own.run([...line, (base as BaseArchive).path]);
    expect([archive.status, archive.stderr]).toEqual([2, expect.stringContaining('mille load')]);
    expect((await own.run(['base', 'compare', '--rounds', '2', 'busybox'])).status).toBe(2);
  });

  test('mille base set: shown, written, and proved before', async () => {
    const project = join(place, 'set');
    const text = 'FROM python:3.11-slim AS app\nUSER 0\nCOPY x /x\nCMD ["cat", "/x"]\n';
    writeTree(project, { Dockerfile: text, x: 'x' });
    const read = () => Bun.file(join(project, 'Dockerfile')).text();
    const line = ['base', 'set', '--offline', '-q'];
    const out = await own.must([...line, 'python:bare', project]);
    expect(out).toContain('-FROM python:3.11-slim AS app\n+FROM python:bare AS app\n');
    expect(await read()).toBe(text);
    const refused = await own.run([
      ...line,
      '--prove',
      '--check',
      'test -e /etc/os-release',
      '-w',
      'python:bare',
      project,
    ]);
    expect([refused.status, await read()]).toEqual([58, text]);
    expect(refused.stdout).toContain('  different test -e /etc/os-release: ');
    expect(refused.stdout).toContain('0 come, 2 go, 0 in another version');
    const proved = await own.must([...line, '--prove', '-w', '--format=json', 'python:bare', project]);
    expect(JSON.parse(proved)).toMatchObject({ written: true, proof: { outcome: 'alike' } });
    expect(await read()).toBe(text.replace('3.11-slim', 'bare'));
    expect(await own.must([...line, 'python:bare', project])).toBe('FROM says python:bare already.\n');
    const pin = await own.run([...line, '--pin', 'python:3.11-slim', project]);
    expect([pin.status, pin.stderr]).toEqual([60, expect.stringContaining('digest of python:3.11-slim')]);
  });

  test('what is not there is an error', async () => {
    const missing = await own.run(['base', 'compare', '--offline', 'busybox', 'nosuch:1']);
    expect(missing.status).toBe(20);
    expect((await own.run(['base', 'compare'])).status).toBe(2);
  });
});
