// `mille tags` and `mille search`: against a stand-in for Docker Hub with real names of tags, and the real registry.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { join } from 'node:path';
import { busyboxBase } from '../support/base-images.ts';
import { command } from '../support/docker.ts';
import { type FakeHub, fakeHub, officialTags } from '../support/hub.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';
import { blobOf, fakeRegistry, realRegistry, type TestRegistry, tinyImage } from '../support/registry.ts';

repeatsCommands();

const base = process.getuid?.() === 0 ? await busyboxBase() : undefined;
const tools = ['docker-registry', 'skopeo'].filter((name) => !Bun.which(name));
if (tools.length > 0) console.warn(`skipped: ${tools.join(', ')} not installed`);

let place = '';
let hub: FakeHub;
let own: Mille;
let env: Record<string, string | undefined>;
beforeAll(async () => {
  place = makePlace('tags');
  hub = fakeHub({ 'library/python': officialTags('python') });
  own = await mille(join(place, 'store'), { base: false });
  env = { MILLE_OFFLINE: undefined, MILLE_HUB_URL: hub.url };
});
afterAll(() => {
  hub.stop();
  removePlace(place);
});

describe('Docker Hub', () => {
  test('tags: images with all their names, the ordinary ones first', async () => {
    const out = await own.must(['tags', '--limit', '3', 'python'], { env });
    const lines = out.split('\n').map((line) => line.replace(/\s{2,}/g, '  ').trim());
    expect(lines[0]).toBe('python in Docker Hub: 150 tags; 3 images shown, there are more');
    expect(lines[4]).toMatch(/^Python 3\.14: (until|ended) 2030-10-31$/);
    expect(lines[5]).toMatch(
      /^3\.14\.7-trixie {2}3, 3\.14 \+5 {2}Debian 13 trixie {2}.+ {2}amd64, arm64 \+3 {2}/,
    );
    expect(lines[6]).toStartWith('3.14.7-slim-trixie  slim, 3-slim +5  Debian 13 trixie');
    expect(out).toContain('Not shown: 18 of what is not released (--pre), 24 for Windows; --all shows them.');
    expect(out).toContain('Support as of 2026-08-22, by https://endoflife.date.');
  });
  test('tags: filters, and JSON', async () => {
    const line = ['tags', '--distro', 'bookworm', '--slim', '--version', '3.12.*', '--arch', 'arm64v8'];
    const { images, ...rest } = JSON.parse(await own.must([...line, '--format=json', 'python'], { env }));
    expect(rest).toMatchObject({ source: 'hub', total: 18, more: 0, supportAsOf: '2026-08-22' });
    expect(images).toHaveLength(1);
    expect(images[0]).toMatchObject({
      tag: '3.12.14-slim-bookworm',
      also: ['3.12-slim-bookworm'],
      line: '3.12',
      version: '3.12.14',
      size: 'slim',
      distribution: { name: 'debian', release: '12', codename: 'bookworm' },
      platform: 'linux/arm64',
      support: { product: { ends: '2028-10-31' }, distribution: { ends: '2026-07-11' } },
    });
    expect(hub.requests.at(-1)).toContain('name=3.12');
    const none = JSON.parse(
      await own.must(['tags', '--arch', 'riscv64', '--format=json', 'python'], { env }),
    );
    expect(none.images).toEqual([]);
  });
  test('tags: what is not there, or not meant', async () => {
    const of = (...words: string[]) => own.run(['tags', ...words], { env });
    expect(await of('nosuch')).toMatchObject({ status: 20 });
    expect((await of('nosuch')).stderr).toContain('Docker Hub has no repository nosuch');
    expect((await of('python:3.12')).stderr).toContain("'python:3.12' names an image, not a repository");
    expect((await of('--limit', '0', 'python')).status).toBe(2);
    const offline = await own.run(['tags', 'python'], { env: { ...env, MILLE_OFFLINE: '1' } });
    expect([offline.status, offline.stderr]).toEqual([60, expect.stringContaining('--local')]);
  });
  test('search: as Docker shows it, without what could steer a terminal', async () => {
    const out = await own.must(['search', 'python'], { env });
    expect(out).toStartWith('NAME             DESCRIPTION');
    expect(out).toContain('python           Python is an interpreted, interactive, objec…   9800    [OK]\n');
    expect(out).toContain('someone/python   line one line two red gnp');
    expect(out).not.toMatch(/[\x00-\x09\x0b-\x1f\u202e]/);
    const json = await own.must(['search', '--format', 'json', '--limit', '1', 'python'], { env });
    expect(JSON.parse(json)).toEqual({
      Description: 'Python is an interpreted, interactive, objec…',
      IsOfficial: 'true',
      Name: 'python',
      StarCount: '9800',
    });
  });
  test('search: filters', async () => {
    const line = ['search', '--format', 'json', '-f', 'stars=12', '-f', 'is-official=false', 'python'];
    expect(JSON.parse(await own.must(line, { env })).Name).toBe('cimg/python');
  });
  test('search: filters that are not known, or cannot be told', async () => {
    const of = (...words: string[]) => own.run(['search', ...words], { env });
    expect(await of('-f', 'stars=many', 'x')).toMatchObject({ status: 2 });
    expect((await of('-f', 'is-private=true', 'python')).stderr).toContain('does not tell that');
    expect((await of('--format', '{{.Name}}', 'python')).stderr).toContain('Go templates are not supported');
    expect((await of('--limit', '101', 'python')).stderr).toContain('a whole number from 1 to 100');
  });
});

describe('mille base', () => {
  const project = () => join(place, 'project');
  beforeAll(() =>
    writeTree(project(), {
      Dockerfile: [
        'ARG PYTHON=3.12',
        'FROM python:${PYTHON}-slim AS app',
        'RUN apt-get update && apt-get install -y libssl3',
        'RUN pip install flask',
        'FROM scratch',
        'COPY --from=app /x /',
        '',
      ].join('\n'),
    }),
  );
  test('what a base is, and what could be in its place', async () => {
    const out = await own.must(['base', '--no-index', project()], { env });
    expect(out).toContain(`${project()}/Dockerfile:2  python:3.12-slim  (app)\n`);
    expect(out).toContain('  is       3.12.14-slim-trixie, Debian 13 trixie, slim, glibc 2.41\n');
    const { bases } = JSON.parse(await own.must(['base', '--no-index', '--format=json', project()], { env }));
    expect(bases).toMatchObject([
      { reference: 'python:3.12-slim', lines: [2], stages: ['app'], libc: { name: 'glibc' } },
    ]);
    const risks = bases[0].alternatives.find(({ kind }: { kind: string }) => kind === 'alpine').risks;
    expect(risks.map(({ level, lines }: { level: string; lines: number[] }) => [level, lines])).toEqual([
      ['breaks', [3]],
      ['check', [4]],
    ]);
    const older = await own.must(['base', '--no-index', '--build-arg', 'PYTHON=3.10', project()], { env });
    expect(older).toContain('3.11-slim-trixie');
  });
  test('where nobody answers the tag itself says what it can', async () => {
    const offline = await own.must(['base', '--offline', project()], { env });
    expect(offline).toContain('unknown  --offline (MILLE_OFFLINE) forbids to ask a registry');
    expect(offline).toMatch(/support {2}Python 3\.12: (until|ended) 2028-10-31/);
    const missing = await own.run(['base', join(place, 'nothing')], { env });
    expect(missing).toMatchObject({ status: 10 });
  });
});

describe.skipIf(!base || tools.length > 0)('the real registry', () => {
  let registry: TestRegistry | undefined;
  beforeAll(async () => {
    registry = await realRegistry();
    const targets = [
      'base/python:3.12.4-slim-bookworm',
      'base/python:3.12-slim',
      'team/app:1.0',
      'team/app:1.1',
    ];
    const first = `${registry!.host}/${targets[0]}`;
    const copy = (from: string, to: string) =>
      command(['skopeo', 'copy', '-q', '--src-tls-verify=false', '--dest-tls-verify=false', from, to]);
    copy(`docker-archive:${base!.path}`, `docker://${first}`);
    for (const target of targets.slice(1)) copy(`docker://${first}`, `docker://${registry!.host}/${target}`);
  });
  afterAll(() => registry?.stop());

  test('tags: sizes and names of what is shown', async () => {
    const { images, ...rest } = JSON.parse(
      await own.must(['tags', '--format=json', `${registry!.host}/base/python`], { env }),
    );
    expect(rest).toMatchObject({ source: 'registry', place: registry!.host, total: 2 });
    expect(images).toMatchObject([{ tag: '3.12.4-slim-bookworm', also: ['3.12-slim'], local: false }]);
    expect(images[0].bytes).toBeGreaterThan(100_000);
    await own.must(['pull', '-q', `${registry!.host}/base/python:3.12-slim`], { env });
    const local = await own.must(['tags', '--local', `${registry!.host}/base/python`], { env });
    expect(local).toContain('* 3.12-slim');
    const again = await own.must(['tags', `${registry!.host}/base/python`], { env });
    expect(again).toContain('* 3.12.4-slim-bookworm');
  });
  test('search: the catalogue', async () => {
    const { host } = registry!;
    expect(await own.must(['search', `${host}/`], { env })).toBe(
      `NAME\n${host}/base/python\n${host}/team/app\n`,
    );
    expect(await own.must(['search', `${host}/APP`], { env })).toBe(`NAME\n${host}/team/app\n`);
    const stars = await own.run(['search', '-f', 'stars=3', `${host}/app`], { env });
    expect(stars.stderr).toContain(`--filter stars: ${host} does not tell that of its repositories`);
  });
});

test('a registry that lists ten thousand tags is asked about those that are shown', async () => {
  const registry = fakeRegistry();
  try {
    const image = tinyImage('x');
    const tags = Array.from({ length: 10_000 }, (_, i) => `${i % 7}.${i}.${i % 3}`);
    registry.hook = (_, url) => {
      if (url.pathname.endsWith('/tags/list')) return Response.json({ tags: [...tags, '\u001b[31m'] });
      const [, tag] = /manifests\/(\d.*)$/.exec(url.pathname) ?? [];
      if (tag === undefined) return undefined;
      // Each is another image.
      const manifest = blobOf(
        JSON.stringify({ ...JSON.parse(image.manifest.bytes.toString()), annotations: { tag } }),
      );
      return new Response(manifest.bytes as Uint8Array<ArrayBuffer>);
    };
    registry.blob(image.config);
    const out = await own.must(['tags', '--limit', '3', `${registry.host}/x`], { env });
    expect(out).toContain('10,000 tags; 3 images shown, there are more');
    expect(out).toContain('1 entry of the list cannot be tags.');
    expect(registry.requests.length).toBeLessThan(40);
  } finally {
    registry.stop();
  }
});
