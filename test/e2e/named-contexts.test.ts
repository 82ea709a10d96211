// Named contexts (`--build-context`): directories, images of the store, OCI layouts, in the place of stages and images.
// That directories do the same as with Docker is for the conformance suite to show.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { busyboxBase } from '../support/base-images.ts';
import { command } from '../support/docker.ts';
import { type GitServer, makeRepository, serveGit, type WrittenRepository } from '../support/git-server.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';

repeatsCommands();

let place = '';
let self: Mille;
let enabled = false;

beforeAll(async () => {
  enabled = process.getuid?.() === 0 && (await busyboxBase()) !== undefined;
  if (!enabled) return;
  place = makePlace('named');
  self = await mille(join(place, 'store'));
  writeTree(join(place, 'files'), {
    'a.txt': 'a\n',
    hidden: 'hidden\n',
    '.dockerignore': 'hidden\n',
    'sub/b': 'b\n',
  });
}, 120_000);

afterAll(() => removePlace(place));

/** A context of a Dockerfile alone. */
function project(name: string, ...lines: readonly string[]): string {
  writeTree(join(place, name), { Dockerfile: `${lines.join('\n')}\n` });
  return join(place, name);
}

async function files(name: string): Promise<string> {
  return self.must([
    'run',
    '--rm',
    name,
    'sh',
    '-c',
    'cd /; find . -path ./proc -prune -o -path ./sys -prune -o -path ./dev -prune -o -path ./etc -prune -o -newer /etc/passwd -type f -print',
  ]);
}

async function configOf(name: string) {
  const [document] = JSON.parse(await self.must(['inspect', name])) as { Config: Record<string, unknown> }[];
  return document!.Config;
}

test('a reason names the context and the file', async () => {
  if (!enabled) return;
  const directory = project(
    'reasons',
    'FROM busybox',
    'COPY --from=files / /files/',
    'RUN --mount=from=files,target=/m cat /m/sub/b',
    'FROM files',
    'COPY --from=0 /files/a.txt /again',
  );
  const flags = ['--build-context', `files=${join(place, 'files')}`];
  const first = await self.build([...flags, directory]);
  expect(first.ran).toHaveLength(4);
  expect((await self.build([...flags, directory])).ran).toEqual([]);
  writeFileSync(join(place, 'files/hidden'), 'changed\n');
  expect((await self.build([...flags, directory])).ran).toEqual([]);
  writeFileSync(join(place, 'files/sub/b'), 'changed\n');
  const changed = await self.build([...flags, directory]);
  const reasons = changed.output.split('\n').filter((line) => / runs /.test(line));
  expect(reasons.map((line) => line.replace(/^#[0-9]+ /, '')).sort()).toEqual([
    'runs because context files: sub/b changed',
    'runs because context files: sub/b changed',
    'runs because the step before it changed: [stage-0 2/3] COPY --from=files / /files/, /m/sub/b changed',
    'runs because the step before it changed: [stage-1 1/2] FROM files (named context)',
  ]);
});

test('a cache mount begins with a context, and anew with another content', async () => {
  if (!enabled) return;
  const run =
    'RUN --mount=type=cache,target=/c,from=files,source=sub cat /c/b; echo "more $(date +%N)" >>/c/b';
  const directory = project('cache-mount', 'FROM busybox', run);
  const flags = ['--no-cache', '--build-context', `files=${join(place, 'files')}`];
  writeFileSync(join(place, 'files/sub/b'), 'first\n');
  expect((await self.build([...flags, directory])).output).toContain('first');
  expect((await self.build([...flags, directory])).output).toContain('more');
  writeFileSync(join(place, 'files/sub/b'), 'second\n');
  const third = await self.build([...flags, directory]);
  expect(third.output).toContain('second');
  expect(third.output).not.toContain('first');
});

test('links of a context lead nowhere else', async () => {
  if (!enabled) return;
  writeTree(join(place, 'linked'), { real: 'real\n' });
  symlinkSync('/etc/passwd', join(place, 'linked/out'));
  symlinkSync('../../../../etc', join(place, 'linked/up'));
  const flags = ['--build-context', `linked=${join(place, 'linked')}`];
  for (const source of ['out', 'up/passwd', '../linked/../../etc/passwd']) {
    const { status, stderr } = await self.run([
      'build',
      ...flags,
      project('escape', 'FROM scratch', `COPY --from=linked ${source} /x`),
    ]);
    expect(status).toBe(15);
    expect(stderr).toContain('is not in the context linked');
  }
  const mount = project(
    'escape',
    'FROM busybox',
    'RUN --mount=from=linked,target=/m cat /m/out /m/up/hostname; cat /m/real',
  );
  const { output } = await self.build([...flags, mount]);
  expect(output).toContain('real');
  expect(output).toContain('root:x:0:0:root:/root:/bin/sh');
});

describe('images', () => {
  test('of the store stand for a base, for a stage and for --from', async () => {
    if (!enabled) return;
    const base = project(
      'base',
      'FROM busybox',
      'RUN echo base >/made',
      'ENV OF=base',
      'ONBUILD RUN echo triggered >/triggered',
    );
    await self.must(['build', '-t', 'own', base]);
    const directory = project(
      'over',
      'FROM python:3 AS one',
      'COPY --from=extra /made /copied',
      'FROM two',
      'FROM nothing AS two',
      'RUN false',
      'FROM two',
      'RUN echo "$OF" >/on-two',
    );
    const flags = [
      '--build-context',
      'docker.io/library/python:3=docker-image://own',
      '--build-context',
      'extra=docker-image://own:latest',
      '--build-context',
      'two=docker-image://own',
    ];
    await self.must(['build', ...flags, '--target', 'one', '-t', 'result', directory]);
    expect((await files('result')).trim().split('\n').sort()).toEqual(['./copied', './made', './triggered']);
    expect(await configOf('result')).toMatchObject({ OnBuild: null });
    await self.must(['build', ...flags, '-t', 'result', directory]);
    // What stands for a stage triggers nothing.
    expect((await files('result')).trim().split('\n').sort()).toEqual(['./made', './on-two']);
    await self.must(['build', ...flags, '--target', 'two', '-t', 'same', directory]);
    expect(await configOf('same')).toMatchObject({ Env: ['PATH=/bin', 'OF=base'] });
    const missing = await self.run(['build', '--build-context', 'two=docker-image://absent', directory]);
    expect(missing.status).toBe(20);
    expect(missing.stderr).toContain('the image absent:latest is not in the store');
  });

  test('of an OCI layout, into a store that has none of it', async () => {
    if (!enabled) return;
    const base = project(
      'layout-base',
      'FROM busybox',
      'RUN echo base >/made',
      'ENV OF=layout',
      'ONBUILD COPY --from=img /made /triggered',
    );
    const layout = join(place, 'layout');
    mkdirSync(layout);
    await self.must(['build', '-o', `type=oci,dest=${join(place, 'layout.tar')}`, base]);
    expect(command(['tar', '-C', layout, '-xf', join(place, 'layout.tar')]).status).toBe(0);
    const other = await mille(join(place, 'other/store'), { base: false });
    mkdirSync(join(place, 'other'), { recursive: true });
    const directory = project(
      'from-layout',
      'FROM img',
      'RUN cat /made /triggered >/both; echo "$OF" >>/both',
      'CMD ["cat", "/both"]',
    );
    const build = (...flags: string[]) =>
      other.build([...flags, '--build-context', `img=oci-layout://${layout}`, '-t', 'result', directory]);
    const first = await build();
    expect(first.output).toContain('reading the layers');
    expect(await other.must(['run', '--rm', 'result'])).toBe('base\nbase\nlayout\n');
    const second = await build('--progress=plain');
    expect(second.output).not.toContain('reading the layers');
    expect(second.ran).toEqual([]);
    expect(await other.verify()).toEqual([]);
    // A layer that is not what the manifest says is noticed before anything is made of it.
    const index = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')) as {
      manifests: { digest: string }[];
    };
    const blob = (digest: string) => join(layout, 'blobs/sha256', digest.slice(7));
    const manifest = JSON.parse(readFileSync(blob(index.manifests[0]!.digest), 'utf8')) as {
      layers: { digest: string }[];
    };
    const layer = blob(manifest.layers.at(-1)!.digest);
    const bytes = readFileSync(layer);
    bytes.write('BASE', bytes.indexOf('base\n'));
    writeFileSync(layer, bytes);
    rmSync(join(place, 'other/store'), { recursive: true });
    const tampered = await other.run([
      'build',
      '--progress',
      'plain',
      '--build-context',
      `img=oci-layout://${layout}`,
      directory,
    ]);
    expect(tampered.status).toBe(44);
    expect(tampered.stderr).toContain('Dockerfile:1:6');
    expect(tampered.stderr).not.toContain('RUN cat');
    expect(await other.verify()).toEqual([]);
  });
});

describe('from elsewhere', () => {
  let server: GitServer;
  let app: WrittenRepository;

  beforeAll(() => {
    if (!enabled) return;
    const root = join(place, 'served');
    writeTree(join(root, 'files'), { 'by-http.txt': 'by http\n' });
    app = makeRepository(root, 'app');
    app.commit('one', {
      'a.txt': 'one\n',
      'sub/b.txt': 'b\n',
      '.dockerignore': '*.txt\n',
      Dockerfile: 'FROM no',
    });
    app.push('main');
    server = serveGit(root);
  });
  afterAll(() => server?.stop());

  test('a repository: its commit, a directory in it, as a base too', async () => {
    if (!enabled) return;
    const directory = project(
      'of-git',
      'FROM busybox',
      'COPY --from=repo . /repo/',
      'COPY --link --from=sub b.txt /sub/',
      'RUN --mount=from=repo,target=/m cat /m/a.txt >/read',
      'CMD ["sh", "-c", "cat /repo/a.txt /sub/b.txt /read; ls -A /repo; stat -c %u:%g /repo/a.txt"]',
    );
    const flags = [
      '--build-context',
      `repo=${server.url}/app.git`,
      '--build-context',
      `sub=${server.url}/app.git#main:sub`,
    ];
    const built = await self.build([...flags, '-t', 'of-git', directory]);
    expect(await self.must(['run', '--rm', 'of-git'])).toBe(
      'one\nb\none\n.dockerignore\nDockerfile\na.txt\nsub\n0:0\n',
    );
    expect((await self.build([...flags, directory])).ran).toEqual([]);
    app.commit('two', { 'a.txt': 'two\n' });
    app.push('main');
    const again = await self.build([...flags, directory]);
    expect(again.output).toContain('runs because context repo: a.txt changed');
    expect(again.ran).not.toContain('COPY --link --from=sub b.txt /sub/');
    expect(again.imageId).not.toBe(built.imageId);
    const base = project('on-git', 'FROM repo', 'COPY --from=repo sub /again/');
    await self.must(['build', ...flags, '-o', join(place, 'on-git.out'), base]);
    expect(readFileSync(join(place, 'on-git.out/again/b.txt'), 'utf8')).toBe('b\n');
  });

  test('a file by HTTP under its own name', async () => {
    if (!enabled) return;
    const directory = project('of-url', 'FROM scratch', 'COPY --from=file / /all/');
    const url = `${server.url}/files/by-http.txt`;
    await self.must(['build', '--build-context', `file=${url}`, '-o', join(place, 'url.out'), directory]);
    expect(readFileSync(join(place, 'url.out/all/by-http.txt'), 'utf8')).toBe('by http\n');
    const missing = await self.run(['build', '--build-context', `file=${server.url}/files/none`, directory]);
    expect(missing.status).toBe(60);
    expect(missing.stderr).toContain('Dockerfile:2:1');
    // What nothing reads is not fetched.
    server.forget();
    await self.must([
      'build',
      '--build-context',
      `file=${url}`,
      project('of-nothing', 'FROM scratch', 'ENV A=1'),
    ]);
    expect(server.seen).toEqual([]);
  });
});
