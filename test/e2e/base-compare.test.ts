// `mille base compare`: images measured side by side.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { type BaseArchive, busyboxBase } from '../support/base-images.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';

repeatsCommands();

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

  test('a table, and a page', async () => {
    const page = join(place, 'page.html');
    const { path } = base as BaseArchive;
    const out = await own.must(['base', 'compare', '--offline', '-q', '-o', page, 'python:3.11-slim', path]);
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
    expect(row('vulnerable')).toEqual(['no data', 'no data']);
    const html = await Bun.file(page).text();
    expect(html).toContain(`<title>Bases compared: python:3.11-slim, ${path}</title>`);
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
    const line = ['base', 'compare', '--offline', '--build', '--context', project, '--format=json'];
    const out = await own.must([...line, '--check', '/tool', 'python:3.11-slim', 'python:bare']);
    const { bases, project: told } = JSON.parse(out);
    expect(told).toMatchObject({ rounds: 1, froms: [{ line: 2, stage: 'app' }], notes: [] });
    expect(bases).toMatchObject([
      {
        ...{ name: 'python:3.11-slim', libc: { name: 'glibc', version: '2.36' }, layers: 3, user: '1000' },
        on: {
          ...{ outcome: 'built', misfits: [] },
          checks: [{ command: '/tool', reasons: [{ kind: 'program', what: '/tool' }] }],
        },
      },
      {
        ...{ name: 'python:bare', layers: 1, packages: [], installers: [] },
        on: {
          ...{ outcome: 'failed', code: 'step-failed', line: 4 },
          reasons: [{ kind: 'installer', what: 'apt-get' }],
        },
      },
    ]);
    // Nothing of it stays.
    expect((await own.must(['images', '-q'])).trim().split('\n')).toHaveLength(3);
    expect(await Bun.file(join(project, 'Dockerfile')).text()).toStartWith('ARG TAG=3.11-slim\n');
    const archive = await own.run([...line, (base as BaseArchive).path]);
    expect([archive.status, archive.stderr]).toEqual([2, expect.stringContaining('mille load')]);
  });

  test('what a Dockerfile installs of languages, on each, without a build', async () => {
    const project = join(place, 'languages');
    const wheel = (name: string, glibc: string) =>
      `[[package]]\nname = "${name}"\nversion = "1.0"\nfiles = [\n {file = "${name}-1.0-cp311-cp311-manylinux_${glibc}_x86_64.whl"},\n {file = "${name}-1.0.tar.gz"},\n]\n`;
    writeTree(project, {
      Dockerfile:
        'FROM python:3.11-slim\nCOPY . .\nRUN pip install poetry && poetry install && yarn install\n',
      'poetry.lock': wheel('old', '2_17') + wheel('new', '2_38'),
      'yarn.lock':
        '# yarn lockfile v1\n\nbcrypt@^5:\n  version "5.1.1"\n  dependencies:\n    node-addon-api "^5"\n',
    });
    const line = ['base', 'compare', '--offline', '-q', '--context', project, '--platform', 'linux/amd64'];
    const out = await own.must([...line, 'python:3.11-slim']);
    expect(out).toMatch(/^wheels +1 of 3\n +1 compiled, no compiler\n +1 not known$/m);
    expect(out).toMatch(/^Node modules +0 of 1 native ones fit\n +1 fetch or compile, no compiler$/m);
    expect(out).toContain('there is no compiler: new 1.0 (poetry.lock)\n');
    expect(out).toContain('or compiles, and there is no compiler: bcrypt 5.1.1 (yarn.lock)\n');
    expect(out).toContain('Wheels: not all are known, for --offline (MILLE_OFFLINE) forbids');
    const { bases } = JSON.parse(
      await own.must([...line, '--format=json', '--no-index', 'python:3.11-slim']),
    );
    expect(bases[0].parts).toMatchObject({ python: { count: 3, wheels: 1 }, compiler: false });
    const stray = await own.run(['base', 'compare', '--offline', '--stage', 'x', 'python:3.11-slim']);
    expect([stray.status, stray.stderr]).toEqual([2, expect.stringContaining('--stage')]);
  });

  test('a base without a shell: no RUN works on it, a COPY does, and a list asks it', async () => {
    const [none, project] = [join(place, 'none'), join(place, 'copied')];
    writeTree(none, { Dockerfile: 'FROM scratch\nCOPY --from=busybox /bin/busybox /bin/busybox\n' });
    await own.build(['-t', 'python:none', none]);
    writeTree(project, { Dockerfile: 'FROM python:bare\nCOPY file /file\n', file: 'x' });
    const line = ['base', 'compare', '--offline', '--build', '--context', project, '--format=json'];
    const checks = ['--check', '["/bin/busybox", "test", "-e", "/file"]', '--check', 'test -e /file'];
    const { bases } = JSON.parse(await own.must([...line, ...checks, 'python:bare', 'python:none']));
    await own.must(['rmi', 'python:none']);
    const statuses = bases.map(({ on }: { on: { checks: { status: number }[] } }) =>
      on.checks.map(({ status }) => status),
    );
    expect(statuses).toEqual([
      [0, 0],
      [0, 127],
    ]);
    expect(bases[1].shells).toEqual([]);
    expect(bases[1].on.checks[1].output.join('\n')).toContain('a check is written as a list');
  }, 60_000);

  test('mille base set: proved, and not written where it is not; written', async () => {
    const project = join(place, 'set');
    const text = 'FROM python:3.11-slim AS app\nUSER 0\nCOPY x /x\n';
    writeTree(project, { Dockerfile: text, x: 'x' });
    const read = () => Bun.file(join(project, 'Dockerfile')).text();
    const line = ['base', 'set', '--offline', '-q', '-w', 'python:bare', project];
    const refused = await own.run([...line, '--prove', '--check', 'test -e /etc/os-release']);
    expect([refused.status, await read()]).toEqual([58, text]);
    expect(refused.stdout).toContain('-FROM python:3.11-slim AS app\n+FROM python:bare AS app\n');
    expect(refused.stdout).toContain('  different test -e /etc/os-release: ');
    expect(refused.stdout).toContain('0 come, 2 go, 0 in another version');
    await own.must(line);
    expect(await read()).toBe(text.replace('3.11-slim', 'bare'));
  });

  test('what is not there is an error', async () => {
    const missing = await own.run(['base', 'compare', '--offline', 'busybox', 'nosuch:1']);
    expect(missing.status).toBe(20);
  });
});
