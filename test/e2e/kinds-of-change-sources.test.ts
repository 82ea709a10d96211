// What changes elsewhere: base images, stages, mounts, secrets, named contexts, servers, the platform. See
// kinds-of-change.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { findBusybox } from '../../src/testkit/index.ts';
import { makeRepository, serveGit } from '../support/git-server.ts';
import { whatRan } from '../support/kinds-of-change.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';

repeatsCommands();

let place = '';
let self: Mille;
let counter = 0;

beforeAll(async () => {
  place = makePlace('kinds');
  self = await mille(join(place, 'store'));
}, 120_000);
afterAll(() => removePlace(place));

/** A project, and how it is built. */
function project(dockerfile: string, files: Readonly<Record<string, string>> = {}) {
  const directory = join(place, `project${++counter}`);
  const write = (more: Readonly<Record<string, string>>) => writeTree(directory, more);
  write({ ...files, Dockerfile: dockerfile });
  const build = async (...args: readonly string[]) => whatRan(await self.build([...args, directory]));
  return { directory, write, build, at: (name: string) => join(directory, name) };
}

describe.skipIf(!findBusybox())('base images', () => {
  const COPY = 'COPY a /a';
  const LINK = 'COPY --link a /linked';
  const RUN = 'RUN cat /version';

  test('a name that leads to another image', async () => {
    const base = project('FROM busybox\nCOPY version /version\n', { version: '1' });
    const app = project(`FROM moving\n${COPY}\n${RUN}\n${LINK}\n`, { a: 'a' });
    await base.build('-t', 'moving');
    await app.build();
    expect(await app.build()).toEqual([]);
    base.write({ version: '2' });
    await base.build('-t', 'moving');
    expect(await app.build()).toEqual([
      `${COPY} → base image moving changed; same`,
      `${RUN} → base image moving changed; same`,
    ]);
    // Another image with the same files.
    base.write({ Dockerfile: 'FROM busybox\nLABEL a=b\nCOPY version /version\n' });
    await base.build('-t', 'moving');
    expect(await app.build()).toEqual([]);
    // Another config: only RUN sees it.
    base.write({ Dockerfile: 'FROM busybox\nENV A=1\nCOPY version /version\n' });
    await base.build('-t', 'moving');
    expect(await app.build()).toEqual([`${RUN} → environment A is new: 1; SAME`]);
  });
});

describe.skipIf(!findBusybox())('stages', () => {
  test('an owner that a stage gives', async () => {
    const copy = 'COPY --from=made /f /';
    const { build, write } = project(`FROM busybox AS made\nCOPY f /f\nFROM busybox\n${copy}\n`, { f: 'f' });
    await build();
    write({ Dockerfile: `FROM busybox AS made\nCOPY --chown=1:2 f /f\nFROM busybox\n${copy}\n` });
    expect(await build()).toEqual([
      'COPY --chown=1:2 f /f → --chown=1:2 added',
      `${copy} → owner of f: 0:0 → 1:2`,
    ]);
  });

  test('one that stands on a stage', async () => {
    const dockerfile =
      'FROM busybox AS one\nCOPY f /f\nFROM one AS two\nCOPY g /g\nFROM scratch\nCOPY --from=two /g /g\n';
    const { build, write } = project(dockerfile, { f: 'one f', g: 'g' });
    await build();
    write({ f: 'another f' });
    expect(await build()).toEqual(['COPY f /f → f changed', 'COPY g /g → stage one changed; same']);
  });
});

describe.skipIf(!findBusybox())('mounts', () => {
  test('a bind: what it shows, and no more; not its times', async () => {
    const run = 'RUN --mount=target=/src,source=used cat /src/f >/out';
    const { build, write, at } = project(`FROM busybox\n${run}\n`, { 'used/f': 'f', other: 'o' });
    await build();
    write({ other: 'changed' });
    utimesSync(at('used/f'), 1, 1);
    expect(await build()).toEqual([]);
    write({ 'used/f': 'changed' });
    expect(await build()).toEqual([`${run} → /src/f changed`]);
  });

  test('a stage as a bind', async () => {
    const run = 'RUN --mount=from=made,target=/src cat /src/f >/out';
    const { build, write } = project(`FROM busybox AS made\nCOPY f /f\nFROM busybox\n${run}\n`, {
      f: 'mine',
    });
    await build();
    write({ f: 'mine, changed' });
    expect(await build()).toEqual(['COPY f /f → f changed', `${run} → stage made at /src changed`]);
  });

  test('a secret and a cache: not what they hold, but which they are', async () => {
    const run = (id: string) =>
      `RUN --mount=type=secret,id=${id} --mount=type=cache,target=/c date >/c/d; cat /run/secrets/* >/dev/null`;
    const { build, write, at } = project(`FROM busybox\n${run('k')}\n`, { k: 'one', l: 'one' });
    const flags = () => ['k', 'l'].flatMap((id) => ['--secret', `id=${id},src=${at(id)}`]);
    await build(...flags());
    write({ k: 'two' });
    await self.must(['cache', 'clear', '--all']);
    expect(await build(...flags())).toEqual([]);
    expect(await build()).toEqual([]);
    write({ Dockerfile: `FROM busybox\n${run('l')}\n` });
    expect(await build(...flags())).toEqual([
      `${run('l')} → mount /run/secrets/l added, mount /run/secrets/k removed; SAME`,
    ]);
  });

  test('a cache mount added', async () => {
    const { build, write } = project('FROM busybox\nRUN echo cached\n');
    await build();
    write({ Dockerfile: 'FROM busybox\nRUN --mount=type=cache,target=/c echo cached\n' });
    expect(await build()).toEqual(['RUN --mount=type=cache,target=/c echo cached → mount /c added; SAME']);
  });
});

describe('what comes from elsewhere', () => {
  test('a named context', async () => {
    const copy = 'COPY --from=files /f /f';
    const { build } = project(`FROM scratch\n${copy}\nCOPY own /own\n`, { own: 'own' });
    const files = join(place, 'files');
    writeTree(files, { f: 'f', other: 'o' });
    const flags = ['--build-context', `files=${files}`];
    await build(...flags);
    writeTree(files, { other: 'changed' });
    expect(await build(...flags)).toEqual([]);
    writeTree(files, { f: 'changed' });
    expect(await build(...flags)).toEqual([
      `${copy} → context files: f changed`,
      `COPY own /own → the step before it changed: ${copy}; same`,
    ]);
    // The same files from another place.
    writeTree(join(place, 'moved'), { f: 'changed', other: 'else' });
    expect(await build('--build-context', `files=${join(place, 'moved')}`)).toEqual([]);
  });

  test('a file behind a URL', async () => {
    let body = 'one';
    const server = Bun.serve({ hostname: '127.0.0.1', port: 0, fetch: () => new Response(body) });
    try {
      const add = `ADD ${server.url}f /f`;
      const { build } = project(`FROM scratch\n${add}\n`);
      await build();
      expect(await build()).toEqual([]);
      body = 'two';
      expect(await build()).toEqual([`${add} → ${server.url}f changed`]);
    } finally {
      server.stop(true);
    }
  });

  test('a branch of a git repository', async () => {
    const server = serveGit(join(place, 'served'));
    try {
      const repository = makeRepository(join(place, 'served'), 'r');
      const [old, now] = [repository.commit('one', { f: '1' }), repository.commit('two', { f: '2' })];
      repository.push(`${old}:refs/heads/main`);
      const add = `ADD ${server.url}/r.git#main /r`;
      const { build } = project(`FROM scratch\n${add}\n`);
      await build();
      repository.push(`${now}:refs/heads/main`);
      const short = (commit: string) => commit.slice(0, 7);
      expect(await build()).toEqual([
        `${add} → commit of ${server.url}/r.git#main changed: ${short(old)} → ${short(now)}`,
      ]);
    } finally {
      server.stop();
    }
  });

  test('the platform: for what is executed only', async () => {
    const { build } = project('FROM scratch\nCOPY f /f\nWORKDIR /w\n', { f: 'f' });
    await build('--platform', 'linux/amd64');
    expect(await build('--platform', 'linux/arm64')).toEqual([]);
  });
});
