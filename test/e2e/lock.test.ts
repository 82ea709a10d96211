// Lock files: what names meant when they were written is what builds get, here and elsewhere, with nobody asked.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type GitServer, makeRepository, serveGit, type WrittenRepository } from '../support/git-server.ts';
import {
  type Mille,
  makePlace,
  mille,
  type Outcome,
  removePlace,
  repeatsCommands,
  writeTree,
} from '../support/mille.ts';
import { blobOf, type FakeRegistry, fakeRegistry, realRegistry, tinyImage } from '../support/registry.ts';

repeatsCommands();

const place = makePlace('lock');
const online = {
  MILLE_OFFLINE: '0',
  HOME: place,
  XDG_CONFIG_HOME: '',
  DOCKER_CONFIG: join(place, '.docker'),
};
const git = join(place, 'git');
let registry: FakeRegistry;
let server: GitServer;
let own: Mille;

beforeAll(async () => {
  registry = fakeRegistry();
  mkdirSync(join(git, 'files'), { recursive: true });
  server = serveGit(git);
  own = await mille(join(place, 'store'), { base: false });
});
afterAll(() => {
  registry.stop();
  server.stop();
  removePlace(place);
});

const run = (args: readonly string[]): Promise<Outcome> => own.run(args, { env: online });
const must = (args: readonly string[]): Promise<string> => own.must(args, { env: online });
const context = (name: string, files: Readonly<Record<string, string>>): string => {
  const directory = join(place, name);
  writeTree(directory, files);
  return directory;
};
const lockOf = (directory: string, name = 'mille.lock') =>
  JSON.parse(readFileSync(join(directory, name), 'utf8')) as Record<string, Record<string, unknown>>;
/** The files of what is built. */
async function built(args: readonly string[], directory: string): Promise<string[]> {
  const out = join(place, 'out');
  rmSync(out, { recursive: true, force: true });
  await must(['build', '-q', ...args, '-o', out, directory]);
  return readdirSync(out, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8').trim())
    .sort();
}

describe('everything that a build fetches', () => {
  let directory = '';
  let repository: WrittenRepository;
  beforeAll(async () => {
    registry.serve('1', tinyImage('base one'));
    registry.serve('other', tinyImage('other one'));
    writeFileSync(join(git, 'files/a.txt'), 'file one\n');
    repository = makeRepository(git, 'x');
    repository.commit('one', { 'in.txt': 'git one\n' });
    repository.push('main');
    directory = context('all', {
      Dockerfile: [
        'ARG TAG=1',
        `FROM ${registry.host}/base:$TAG`,
        `COPY --from=${registry.host}/base:other /file /other`,
        `ADD ${server.url}/files/a.txt /added`,
        `ADD ${server.url}/x.git /git`,
        'COPY . /here/',
        '',
      ].join('\n'),
      'own.txt': 'own\n',
      '.dockerignore': 'Dockerfile\n.dockerignore\n',
    });
  });

  test('is pinned at once, sorted, without a layer fetched', async () => {
    const refused = await run(['build', '--locked', directory]);
    expect([refused.status, refused.stderr]).toEqual([
      46,
      'error: --locked, and there is no mille.lock beside the Dockerfile\nhint: make one with `mille lock`, and the flags of the build\n',
    ]);
    registry.requests.splice(0);
    const told = await must(['lock', directory]);
    expect(
      told
        .split('\n')
        .slice(1, -2)
        .map((line) => line.split(/ {2,}/).toSpliced(3, 2).join(' ')),
    ).toEqual([
      `added image ${registry.host}/base:1 Dockerfile:2`,
      `added image ${registry.host}/base:other Dockerfile:3`,
      `added file ${server.url}/files/a.txt Dockerfile:4`,
      `added git ${server.url}/x.git Dockerfile:5`,
    ]);
    const layer = tinyImage('base one').layer.digest;
    expect(registry.requests.filter((line) => line.includes(layer))).toEqual([]);
    expect(lockOf(directory)).toEqual({
      version: 1,
      images: {
        [`${registry.host}/base:1`]: tinyImage('base one').manifest.digest,
        [`${registry.host}/base:other`]: tinyImage('other one').manifest.digest,
      },
      files: { [`${server.url}/files/a.txt`]: blobOf('file one\n').digest },
      git: {
        [`${server.url}/x.git`]: { ref: 'refs/heads/main', commit: expect.stringMatching(/^[0-9a-f]{40}$/) },
      },
    } as never);
  });

  const ONE = ['base one', 'file one', 'git one', 'other one', 'own'];

  test('stays what it was when the names move, with nobody asked what they mean', async () => {
    expect(await built(['--locked'], directory)).toEqual(ONE);
    registry.serve('1', tinyImage('base two'));
    writeFileSync(join(git, 'files/a.txt'), 'file two\n');
    repository.commit('two', { 'in.txt': 'git two\n' });
    repository.push('main');
    registry.requests.splice(0);
    server.forget();
    expect(await built(['--locked', '--pull'], directory)).toEqual(ONE);
    // Without --locked too: who has a lock file means it.
    expect(await built([], directory)).toEqual(ONE);
    expect(await built(['--locked', '--offline'], directory)).toEqual(ONE);
    expect([registry.requests, server.seen]).toEqual([[], []]);
    const now = ['base two', 'file two', 'git two', 'other one', 'own'];
    const without = await built(['--no-lock', '--pull'], directory);
    expect(without.filter((text) => !text.includes('version'))).toEqual(now);
    // What the URL gave meanwhile takes nothing away.
    expect(await built(['--locked', '--offline', '--no-cache'], directory)).toEqual(ONE);
  });

  test('comes from its servers where the store has nothing of it, by digest and commit', async () => {
    const other = await mille(join(place, 'elsewhere'), { base: false });
    const asked = await other.run(['build', '--locked', '-q', directory], { env: online });
    // The server gives the new file only: what the lock names cannot be had, and nothing else is taken.
    expect([asked.status, asked.stderr.split('\n')[0]]).toEqual([
      44,
      `error: ${server.url}/files/a.txt is not the file that mille.lock names`,
    ]);
    writeFileSync(join(git, 'files/a.txt'), 'file one\n');
    const out = join(place, 'elsewhere-out');
    await other.must(['build', '--locked', '-q', '-o', out, directory], { env: online });
    expect(readFileSync(join(out, 'git/in.txt'), 'utf8')).toBe('git one\n');
    expect(readFileSync(join(out, 'file'), 'utf8')).toBe('base one');
    writeFileSync(join(git, 'files/a.txt'), 'file two\n');
  });

  test('is told when it moved, and taken when that is wanted, one by one', async () => {
    const before = readFileSync(join(directory, 'mille.lock'), 'utf8');
    const checked = await run(['lock', '--check', '--format', 'json', directory]);
    const { entries } = JSON.parse(checked.stdout) as { entries: { change: string; kind: string }[] };
    expect([checked.status, entries.map(({ change, kind }) => `${kind} ${change}`)]).toEqual([
      47,
      ['image moved', 'image same', 'file moved', 'git moved'],
    ]);
    expect(readFileSync(join(directory, 'mille.lock'), 'utf8')).toBe(before);
    await must(['lock', directory]);
    expect(readFileSync(join(directory, 'mille.lock'), 'utf8')).toBe(before);
    await must(['lock', `--update=${registry.host}/base`, directory]);
    const { images, files } = lockOf(directory);
    expect(images?.[`${registry.host}/base:1`]).toBe(tinyImage('base two').manifest.digest);
    expect(files).toEqual(JSON.parse(before).files);
    await must(['lock', '--update', directory]);
    expect((await run(['lock', '--check', directory])).status).toBe(0);
  });

  test('is a matter of arguments: an image that is not in it is told with its place', async () => {
    registry.serve('3', tinyImage('base three'));
    const refused = await run(['build', '--locked', '--build-arg', 'TAG=3', directory]);
    expect([refused.status, refused.stderr.split('\n').slice(0, 2)]).toEqual([
      46,
      [`error: ${registry.host}/base:3 is not in mille.lock`, 'Dockerfile:2:6'],
    ]);
    const warned = await run(['plan', '--build-arg', 'TAG=3', directory]);
    expect(warned.stderr).toContain(
      `warning: ${registry.host}/base:3 is not in mille.lock: \`mille lock\` adds it\n`,
    );
    await must(['lock', '--keep-others', '--build-arg', 'TAG=3', directory]);
    expect(Object.keys(lockOf(directory).images!)).toEqual(
      ['1', '3', 'other'].map((tag) => `${registry.host}/base:${tag}`),
    );
    const removed = await must(['lock', directory]);
    expect(removed).toContain(`removed   image   ${registry.host}/base:3`);
  });

  test('but the file itself is no input of COPY, and stays as it is after an error', async () => {
    const first = await own.build([directory], { env: online });
    const before = readFileSync(join(directory, 'mille.lock'), 'utf8');
    writeFileSync(join(directory, 'mille.lock'), before.replaceAll('\n', '\n\n'));
    const second = await own.build([directory], { env: online });
    expect([second.ran, second.imageId]).toEqual([[], first.imageId]);
    registry.hook = (_, url) =>
      url.pathname.endsWith('/manifests/other') ? new Response('', { status: 403 }) : undefined;
    const failed = await run(['lock', '--update', directory]);
    registry.hook = undefined;
    expect([failed.status, failed.stderr]).toEqual([63, expect.stringContaining('Dockerfile:3:')]);
    expect(readFileSync(join(directory, 'mille.lock'), 'utf8')).toBe(before.replaceAll('\n', '\n\n'));
    expect(readdirSync(directory).sort()).toEqual(['.dockerignore', 'Dockerfile', 'mille.lock', 'own.txt']);
  });
});

describe('where it is', () => {
  test('beside another Dockerfile it has that name, and --lock-file names any', async () => {
    registry.serve('named', tinyImage('named'));
    const directory = context('named', { 'dev.Dockerfile': `FROM ${registry.host}/x:named\nCOPY . /\n` });
    await must(['lock', '-f', join(directory, 'dev.Dockerfile'), directory]);
    expect(readdirSync(directory).sort()).toEqual(['dev.Dockerfile', 'dev.Dockerfile.mille.lock']);
    const elsewhere = join(place, 'own.lock');
    await must(['lock', '-q', '--lock-file', elsewhere, '-f', join(directory, 'dev.Dockerfile'), directory]);
    expect(readFileSync(elsewhere, 'utf8')).toBe(
      readFileSync(join(directory, 'dev.Dockerfile.mille.lock'), 'utf8'),
    );
    expect(await built(['--locked', '-f', join(directory, 'dev.Dockerfile')], directory)).not.toContain(
      'version',
    );
    // Who wants it in the image says so.
    writeFileSync(join(directory, '.dockerignore'), '!dev.Dockerfile.mille.lock\n');
    const files = await built(['--locked', '-f', join(directory, 'dev.Dockerfile')], directory);
    expect(files.some((text) => text.includes('"version": 1'))).toBe(true);
  });

  test('in a repository that is the context it pins all but that repository', async () => {
    registry.serve('remote', tinyImage('remote one'));
    const repository = makeRepository(git, 'ctx');
    repository.commit('one', {
      Dockerfile: `FROM ${registry.host}/x:remote\nCOPY . /c/\n`,
      'mille.lock': `${JSON.stringify({ version: 1, images: { [`${registry.host}/x:remote`]: tinyImage('remote one').manifest.digest } })}\n`,
    });
    repository.push('main');
    registry.serve('remote', tinyImage('remote two'));
    expect(await built([], `${server.url}/ctx.git`)).toEqual([
      `FROM ${registry.host}/x:remote\nCOPY . /c/`,
      'remote one',
    ]);
    const strict = await run(['build', '--locked', `${server.url}/ctx.git`]);
    expect([strict.status, strict.stderr.split('\n').find((line) => line.startsWith('error: '))]).toEqual([
      46,
      `error: the build context ${server.url}/ctx.git may be another one tomorrow`,
    ]);
    const file = join(place, 'context.lock');
    await must(['lock', '--lock-file', file, `${server.url}/ctx.git`]);
    repository.commit('two', { more: 'more\n' });
    repository.push('main');
    expect(await built(['--locked', '--lock-file', file], `${server.url}/ctx.git`)).not.toContain('more');
    expect(await built([], `${server.url}/ctx.git`)).toContain('more');
  });

  test('what somebody has changed in it is refused with its place', async () => {
    const directory = context('tampered', {
      Dockerfile: 'FROM scratch\nCOPY mille.lock /\n',
      'mille.lock': '{\n  "version": 1,\n  "images": {\n    "docker.io/library/a:1": "sha256:beef"\n  }\n}\n',
    });
    const refused = await run(['build', directory]);
    expect([refused.status, refused.stderr.split('\n').slice(0, 2)]).toEqual([
      45,
      ['error: this is no digest', 'mille.lock:4:30'],
    ]);
    writeFileSync(join(directory, 'mille.lock'), '{"version": 1}');
    const missing = await run(['build', directory]);
    expect([missing.status, missing.stderr]).toEqual([
      15,
      expect.stringContaining("'!mille.lock' in .dockerignore"),
    ]);
  });
});

test('one lock file is for all platforms, and needs the real registry no more than once', async () => {
  const real = await realRegistry();
  if (!real) return;
  try {
    const name = `${real.host}/several:1`;
    const made = context('several', {
      Dockerfile: 'FROM scratch\nARG TARGETARCH\nCOPY . /\nENV A=$TARGETARCH\n',
    });
    const layout = join(place, 'several-layout');
    for (const architecture of ['amd64', 'arm64'])
      await must([
        'build',
        '-q',
        '--platform',
        `linux/${architecture}`,
        '-o',
        `type=oci,tar=false,dest=${layout},name=${architecture}`,
        made,
      ]);
    const file = join(layout, 'index.json');
    const { manifests } = JSON.parse(readFileSync(file, 'utf8')) as { manifests: Record<string, unknown>[] };
    const members = manifests.map(({ annotations: _, ...entry }, i) => ({
      ...entry,
      platform: { os: 'linux', architecture: ['amd64', 'arm64'][i] },
    }));
    const mediaType = 'application/vnd.oci.image.index.v1+json';
    const index = blobOf(JSON.stringify({ schemaVersion: 2, mediaType, manifests: members }));
    writeFileSync(join(layout, 'blobs/sha256', index.digest.slice(7)), index.bytes);
    writeFileSync(
      file,
      JSON.stringify({
        schemaVersion: 2,
        manifests: [{ mediaType, digest: index.digest, size: index.bytes.length }],
      }),
    );
    await must(['copy', '-q', `oci:${layout}`, name]);
    const directory = context('from-several', { Dockerfile: `FROM ${name}\nLABEL x=y\n` });
    await must(['lock', '-q', directory]);
    expect(lockOf(directory).images).toEqual({ [name]: index.digest });
    for (const architecture of ['amd64', 'arm64']) {
      const platform = ['--platform', `linux/${architecture}`];
      await must(['build', '-q', '--locked', ...platform, '-t', `app-${architecture}`, directory]);
      const [{ Config }] = JSON.parse(await must(['inspect', `app-${architecture}`])) as [
        { Config: { Env: string[] } },
      ];
      expect(Config.Env).toContain(`A=${architecture}`);
    }
  } finally {
    await real.stop();
  }
});
