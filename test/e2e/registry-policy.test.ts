// Whom mille asks, and whom it tells what: mirrors, certificates, tokens, nobody at all.

import { Database } from 'bun:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { copyFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseReference } from '../../src/oci/image/index.ts';
import { openRepository, type RegistryAccess } from '../../src/oci/registry/index.ts';
import { command } from '../support/docker.ts';
import { makeRepository, serveGit } from '../support/git-server.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';
import { blobOf, type FakeRegistry, fakeRegistry, realRegistry, tinyImage } from '../support/registry.ts';
import { OTHER, OWN } from '../support/several-platforms.ts';

repeatsCommands();

const place = makePlace('policy');
let upstream: FakeRegistry;
let mirror: FakeRegistry;
const online = {
  MILLE_OFFLINE: '0',
  HOME: place,
  XDG_CONFIG_HOME: '',
  DOCKER_CONFIG: join(place, '.docker'),
};

beforeAll(() => {
  upstream = fakeRegistry();
  mirror = fakeRegistry();
});
afterAll(() => {
  upstream.stop();
  mirror.stop();
  removePlace(place);
});

async function store(name: string, settings?: unknown): Promise<Mille> {
  const own = await mille(join(place, name), { base: false });
  mkdirSync(own.root, { recursive: true });
  if (settings !== undefined) writeFileSync(join(own.root, 'settings.json'), JSON.stringify(settings));
  return own;
}

function asked(registry: FakeRegistry): string[] {
  return registry.requests.splice(0).map((line) => line.replace(/sha256:[0-9a-f]+$/, 'sha256:…'));
}

describe('a mirror', () => {
  const image = tinyImage('mirrored');
  const name = () => `${upstream.host}/team/app:1`;
  const settings = (...mirrors: string[]) => ({ registries: { [upstream.host]: { mirrors } } });
  beforeAll(() => upstream.serve('1', image));

  test('that has an image gives it, and nobody else is asked', async () => {
    mirror.serve('1', image);
    const seen: (string | null)[] = [];
    mirror.hook = (request, url) => {
      seen.push(request.headers.get('authorization'), url.searchParams.get('ns'));
      return undefined;
    };
    const auth = Buffer.from('me:geheim').toString('base64');
    mkdirSync(join(place, '.docker'), { recursive: true });
    writeFileSync(
      join(place, '.docker/config.json'),
      JSON.stringify({ auths: { [upstream.host]: { auth } } }),
    );
    const own = await store('mirrored', settings(`http://${mirror.host}/hub`));
    await own.must(['pull', '-q', name()], { env: online });
    expect(asked(upstream)).toEqual([]);
    expect(asked(mirror)).toEqual([
      'GET /v2/hub/team/app/manifests/1',
      'GET /v2/hub/team/app/blobs/sha256:…',
      'GET /v2/hub/team/app/blobs/sha256:…',
    ]);
    expect([...new Set(seen)]).toEqual([null, upstream.host]);
    rmSync(join(place, '.docker/config.json'));
    mirror.hook = undefined;
  });

  test('that fails is passed over, whatever is wrong with it', async () => {
    const basic = { 'www-authenticate': 'Basic realm="x"' };
    const part = image.layer.bytes.subarray(0, 700) as Uint8Array<ArrayBuffer>;
    const blobs = (path: string, answer: Response) => (path.includes('blobs') ? answer : undefined);
    const faults: Readonly<Record<string, (path: string) => Response | undefined>> = {
      lacks: () => new Response('', { status: 404 }),
      broken: () => new Response('', { status: 500 }),
      guarded: () => new Response('', { status: 401, headers: basic }),
      empty: (path) => blobs(path, new Response('', { status: 404 })),
      cut: (path) => (path.endsWith(image.layer.digest) ? new Response(part) : undefined),
    };
    mirror.hook = (_, { pathname }) => faults[pathname.split('/')[2]!]!(pathname);
    const own = await store('passed-over', settings('http://127.0.0.1:1'));
    const flags = (...names: string[]) =>
      names.flatMap((name) => ['--registry-mirror', `${upstream.host}=http://${mirror.host}/${name}`]);
    for (const names of [['lacks', 'broken', 'guarded', 'empty'], ['cut']]) {
      const { status, stderr } = await own.run(['pull', '-q', ...flags(...names), name()], { env: online });
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(await own.verify()).toEqual([]);
      const from = asked(mirror).map((line) => line.split('/')[2]!);
      expect([...new Set(from)].sort()).toEqual(names.toSorted());
      expect(asked(upstream).some((line) => line.includes('/blobs/'))).toBe(true);
      await own.must(['rmi', name()]);
      await own.must(['prune', '--all', '--force']);
    }
    const none = await own.run(['pull', ...flags('broken'), `${upstream.host}/team/app:none`], {
      env: online,
    });
    expect(none.status).toBe(20);
    expect(none.stderr).toContain(
      `has no image team/app:none; its mirror ${mirror.host} answered 500; its mirror`,
    );
    mirror.hook = undefined;
  });

  test('that lies is found out, and is asked for nothing on a push', async () => {
    mirror.blob({ ...image.layer, bytes: tinyImage('mirroreD').layer.bytes });
    const own = await store('lied-to', settings(`http://${mirror.host}`));
    const { status, stderr } = await own.run(['pull', name()], { env: online });
    expect(status).toBe(44);
    expect(stderr).toContain('sha256:');
    expect(await own.must(['images', '-q'])).toBe('');
    mirror.blob(image.layer);
    await own.must(['pull', '-q', name()], { env: online });
    asked(mirror);
    await own.run(['push', name()], { env: online });
    expect(asked(mirror)).toEqual([]);
  });

  test('in settings that are wrong is an error with its place', async () => {
    const own = await store('wrong');
    const place = join(own.root, 'settings.json');
    const said = async (text: string) => {
      writeFileSync(place, text);
      const { status, stderr } = await own.run(['pull', 'x'], { env: online });
      expect(status).toBe(45);
      return stderr;
    };
    expect(await said('{"registries": {\n "r": {"mirors": []}}}')).toMatch(
      /no setting 'mirors' of a registry\n.*settings\.json:2:8\n/,
    );
    expect(await said('{"registries": {"r": {"mirrors": ["ftp://x"]}}}')).toContain(':1:35');
    expect(await said('{"registries": {"a/b": {}}}')).toContain("'a/b' is no registry");
    rmSync(place);
    const flag = await own.run(['pull', '--registry-mirror', 'http://me:geheim@x', 'y'], { env: online });
    expect(flag.status).toBe(2);
    expect(flag.stderr).not.toContain('geheim');
  });
});

describe('a build', () => {
  const image = tinyImage('base');
  const other = tinyImage('base, newer');
  let own: Mille;
  const context = join(place, 'context');
  const build = (args: readonly string[], env: Record<string, string> = online) =>
    own.run(['build', '-q', ...args, context], { env });
  beforeAll(async () => {
    own = await store('policies');
    upstream.serve('base', image);
    writeTree(context, { Dockerfile: `FROM ${upstream.host}/team/base:base\nCOPY Dockerfile /\n` });
  });

  test('that is offline asks nobody: not registries, not URLs, not git', async () => {
    const first = await build([]);
    expect(first.status).toBe(0);
    upstream.requests.length = 0;
    expect((await build(['--offline', '--pull=newer'])).stdout).toBe(first.stdout);
    expect((await build(['--offline', '--pull'])).status).toBe(60);
    for (const [i, line] of [
      `ADD http://${upstream.host}/file /`,
      `ADD http://${upstream.host}/repository.git /`,
      `COPY --from=${upstream.host}/team/none:1 / /`,
    ].entries()) {
      writeTree(join(place, `offline${i}`), { Dockerfile: `FROM scratch\n${line}\n` });
      const { status, stderr } = await own.run(['build', '-q', '--offline', join(place, `offline${i}`)], {
        env: online,
      });
      expect([60, 20]).toContain(status);
      expect(stderr).toMatch(/--offline|not in the store/);
    }
    const by = (...args: string[]) => own.run(args, { env: { ...online, MILLE_OFFLINE: '1' } });
    expect((await by('build', `http://${upstream.host}/repository.git`)).status).toBe(60);
    expect((await by('build', '-f', `http://${upstream.host}/Dockerfile`, context)).status).toBe(60);
    expect((await by('push', `${upstream.host}/team/base:base`)).status).toBe(60);
    expect((await by('build', '--cache-from', `${upstream.host}/team/cache:1`, context)).status).toBe(0);
    expect(upstream.requests).toEqual([]);
  });

  test('that is offline uses what a URL gave last', async () => {
    upstream.hook = (_, { pathname }) => (pathname === '/file' ? new Response('content') : undefined);
    const directory = join(place, 'fetched');
    writeTree(directory, { Dockerfile: `FROM scratch\nADD http://${upstream.host}/file /\n` });
    const first = await own.run(['build', '-q', directory], { env: online });
    upstream.hook = undefined;
    upstream.requests.length = 0;
    const again = await own.run(['build', '-q', '--offline', directory], { env: online });
    expect(again).toMatchObject({ status: 0, stdout: first.stdout });
    expect(upstream.requests).toEqual([]);
  });

  test.skipIf(!Bun.which('git'))('that is offline uses what a branch of git was last', async () => {
    mkdirSync(join(place, 'git'), { recursive: true });
    const project = makeRepository(join(place, 'git'), 'project');
    project.commit('first', { Dockerfile: 'FROM scratch\nCOPY Dockerfile /\n' });
    project.push('main');
    const server = serveGit(join(place, 'git'));
    try {
      const address = `${server.url}/project.git`;
      const first = await own.run(['build', '-q', address], { env: online });
      expect(first).toMatchObject({ status: 0 });
      server.forget();
      const again = await own.run(['build', '-q', '--offline', address], { env: online });
      expect(again).toMatchObject({ status: 0, stdout: first.stdout });
      expect((await own.run(['build', '-q', '--offline', `${address}#other`], { env: online })).status).toBe(
        60,
      );
      expect(server.seen).toEqual([]);
    } finally {
      server.stop();
    }
  });

  test('pulls by its policy: newer takes what is newer, and what is here where nobody answers', async () => {
    const before = await build([]);
    upstream.serve('base', other);
    expect((await build(['--pull=missing'])).stdout).toBe(before.stdout);
    const after = await build(['--pull=newer']);
    expect(after.status).toBe(0);
    expect(after.stdout).not.toBe(before.stdout);
    upstream.hook = () => new Response('', { status: 403 });
    const silent = await own.run(
      ['build', '--progress=plain', '--pull=newer', '--iidfile', join(place, 'id'), context],
      {
        env: online,
      },
    );
    expect(silent.status).toBe(0);
    expect(silent.stderr).toContain('is used as the store has it');
    expect((await build(['--pull=always'])).status).toBe(63);
    upstream.hook = undefined;
  });
});

describe('certificates', () => {
  const openssl = Bun.which('openssl') && Bun.which('docker-registry');
  test.skipIf(!openssl)('of certs.d are trusted for their host, and shown to it', async () => {
    const at = (name: string) => join(place, name);
    const request = '-newkey rsa:2048 -nodes -subj /CN=test -addext subjectAltName=IP:127.0.0.1 -days 2';
    command([
      'openssl',
      'req',
      '-x509',
      ...request.split(' '),
      '-keyout',
      at('key.pem'),
      '-out',
      at('cert.pem'),
    ]);
    const [cert, key] = [at('cert.pem'), at('key.pem')];
    const registry = (await realRegistry({ tls: { cert, key } }))!;
    const guarded = (await realRegistry({ tls: { cert, key, clientCa: cert } }))!;
    try {
      const own = await store('certificates');
      const pull = (host: string) => own.run(['pull', `${host}/none:1`], { env: online });
      const put = (from: string, host: string, name: string) => {
        const directory = at(`.config/docker/certs.d/${host}`);
        mkdirSync(directory, { recursive: true });
        copyFileSync(from, join(directory, name));
      };
      expect((await pull(registry.host)).status).toBe(60);
      put(cert, registry.host, 'ca.crt');
      expect((await pull(registry.host)).status).toBe(20);
      put(cert, guarded.host, 'ca.crt');
      expect((await pull(guarded.host)).status).toBe(60);
      put(cert, guarded.host, 'client.cert');
      const half = await pull(guarded.host);
      expect(half.status).toBe(45);
      expect(half.stderr).toContain('client.key');
      put(key, guarded.host, 'client.key');
      expect((await pull(guarded.host)).status).toBe(20);
      // Whoever it is, by a setting.
      rmSync(at('.config'), { recursive: true });
      const insecure = await store('insecure', { registries: { [registry.host]: { insecure: true } } });
      expect((await insecure.run(['pull', `${registry.host}/none:1`], { env: online })).status).toBe(20);
    } finally {
      await registry.stop();
      await guarded.stop();
    }
  });
});

describe('an image for another platform only', () => {
  // As a real Docker 28.5 does: pull and build say so and take it, and what is built on it is for that platform.
  test('is taken, with a warning', async () => {
    upstream.serve('other', tinyImage('other', OTHER));
    const name = `${upstream.host}/one/platform:other`;
    const own = await store('other-platform');
    const context = join(place, 'other-platform-context');
    writeTree(context, { Dockerfile: `FROM ${name}\nCOPY Dockerfile /\n` });
    const built = await own.run(['build', '-t', 'app', context], { env: online });
    expect([built.status, built.stderr]).toEqual([0, expect.stringContaining('InvalidBaseImagePlatform')]);
    const inspected = JSON.parse(await own.must(['inspect', 'app', name])) as { Architecture: string }[];
    expect(inspected.map((one) => one.Architecture)).toEqual([OTHER, OTHER]);
    const wanted = await own.run(['pull', '--platform', `linux/${OWN}`, name], { env: online });
    expect([wanted.status, wanted.stderr]).toEqual([
      0,
      expect.stringContaining(`${name} is for linux/${OTHER}, not for linux/${OWN}`),
    ]);
    expect((await own.run(['pull', name], { env: online })).stderr).not.toContain('is for');
  });
});

test('looking at a build writes nothing down of where blobs are', async () => {
  upstream.serve('looked', tinyImage('looked at'));
  const own = await store('looked-at');
  const context = join(place, 'looked-at-context');
  writeTree(context, { Dockerfile: `FROM ${upstream.host}/team/looked:looked\nLABEL a=b\n` });
  const places = () => {
    const db = new Database(join(own.root, 'mille.db'), { readonly: true });
    const found = db.query("SELECT key FROM kv WHERE key LIKE 'bytes:blob-at:%'").all();
    db.close();
    return found.length;
  };
  await own.must(['plan', context], { env: online });
  expect(places()).toBe(0);
  await own.must(['build', '-q', context], { env: online });
  expect(places()).toBe(2);
});

describe('tokens', () => {
  test('are for all that is done, shared, and renewed before they run out', async () => {
    const registry = fakeRegistry();
    const scopes: string[][] = [];
    let refused = 0;
    registry.hook = (request, url) => {
      if (url.pathname === '/token') {
        scopes.push(url.searchParams.getAll('scope'));
        return Response.json({ token: `t${scopes.length}`, expires_in: 0.4 });
      }
      if (request.headers.get('authorization') === `Bearer t${scopes.length}`) return undefined;
      refused++;
      const challenge = `Bearer realm="http://${registry.host}/token",service="s",scope="repository:a/b:pull"`;
      return new Response('', { status: 401, headers: { 'www-authenticate': challenge } });
    };
    const blob = blobOf('x');
    registry.blob(blob);
    const access: RegistryAccess = { credentials: async () => undefined, tokens: new Map() };
    const open = () =>
      openRepository(parseReference(`${registry.host}/a/b:1`), access, { push: true, mounts: ['c/d'] });
    const first = open();
    await first.has(blob.digest as never);
    await open().has(blob.digest as never);
    expect(scopes).toEqual([['repository:a/b:pull', 'repository:a/b:pull,push', 'repository:c/d:pull']]);
    expect(refused).toBe(2);
    await Bun.sleep(320);
    await first.has(blob.digest as never);
    expect({ tokens: scopes.length, refused }).toEqual({ tokens: 2, refused: 2 });
    registry.stop();
  });
});
