// Pulling from the real registry: what comes is what `mille load` would have brought, base images come by themselves,
// and logins are Docker's.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testUser } from '../../src/testkit/index.ts';
import { busyboxBase } from '../support/base-images.ts';
import { command } from '../support/docker.ts';
import {
  type Mille,
  makePlace,
  mille,
  programFor,
  removePlace,
  repeatsCommands,
  writeTree,
} from '../support/mille.ts';
import { realRegistry, type TestRegistry } from '../support/registry.ts';
import { layoutOfSeveral, OTHER, OWN } from '../support/several-platforms.ts';

repeatsCommands();

const base = process.getuid?.() === 0 ? await busyboxBase() : undefined;
const tools = ['docker-registry', 'skopeo', 'htpasswd'].filter((name) => !Bun.which(name));
if (tools.length > 0) console.warn(`skipped: ${tools.join(', ')} not installed`);

const ONLINE = { MILLE_OFFLINE: undefined };
let place = '';
let registry: TestRegistry | undefined;

beforeAll(async () => {
  place = makePlace('registry');
  if (!base || tools.length > 0) return;
  registry = await realRegistry();
  push(registry!.host, 'team/busybox:1');
});
afterAll(async () => {
  await registry?.stop();
  removePlace(place);
});

function push(host: string, name: string, ...flags: readonly string[]): void {
  const from = `docker-archive:${base!.path}`;
  const args = [
    'skopeo',
    'copy',
    '-q',
    '--dest-tls-verify=false',
    ...flags,
    from,
    `docker://${host}/${name}`,
  ];
  const { status, stderr } = command(args);
  if (status !== 0) throw new Error(stderr);
}

async function emptyStore(name: string): Promise<Mille> {
  return mille(join(place, name), { base: false });
}

describe.skipIf(!base || tools.length > 0)('a registry', () => {
  const image = () => `${registry!.host}/team/busybox:1`;

  test('gives what load gives', async () => {
    const pulled = await emptyStore('pulled');
    const loaded = await mille(join(place, 'loaded'));
    const out = await pulled.must(['pull', image()], { env: ONLINE });
    expect(out).toMatch(
      /^Digest: sha256:[0-9a-f]{64}\nStatus: Downloaded newer image for 127.*:1\n127.*:1\n$/,
    );
    expect(await pulled.must(['pull', '-q', image()], { env: ONLINE })).toBe(`${image()}\n`);
    const files = async (own: Mille, from: string) => {
      const tar = `${own.root}.tar`;
      writeTree(join(place, 'context'), { Dockerfile: `FROM ${from}\n` });
      await own.build(['-o', `type=tar,dest=${tar}`, join(place, 'context')]);
      return Bun.SHA256.hash(readFileSync(tar), 'hex');
    };
    expect(await files(pulled, image())).toBe(await files(loaded, base!.name));
    expect(await pulled.verify()).toEqual([]);
    // What is lost of an image comes again, though the registry's is the same.
    const listed = await pulled.must(['images', '--format', 'json', '--no-trunc', image()]);
    const manifest = JSON.parse(listed).Digest;
    const layers = JSON.parse(
      readFileSync(join(pulled.root, 'blobs/sha256', manifest.slice(7)), 'utf8'),
    ).layers;
    for (const digest of [manifest, layers[0].digest]) {
      rmSync(join(pulled.root, 'blobs/sha256', digest.slice(7)));
      await pulled.must(['pull', '-q', image()], { env: ONLINE });
      expect(await pulled.verify()).toEqual([]);
    }
  });

  test.each([
    ['v2s2', 'gzip'],
    ['oci', 'zstd'],
  ])('gives an image of format %s with layers in %s', async (format, compression) => {
    const flags = ['--format', format, '--dest-compress', '--dest-compress-format', compression];
    push(registry!.host, `team/${format}:1`, ...flags);
    const own = await emptyStore(format);
    const name = `${registry!.host}/team/${format}:1`;
    await own.must(['pull', '-q', '--unpack', name], { env: ONLINE });
    expect(readdirSync(join(own.root, 'layers'))).toHaveLength(1);
    expect(await own.must(['run', '--rm', name, 'echo', 'works'])).toBe('works\n');
    expect(await own.verify()).toEqual([]);
  });

  test('gives base images, and --pull asks again', async () => {
    const own = await emptyStore('built');
    const context = join(place, 'bases');
    writeTree(context, {
      Dockerfile: `FROM ${image()} AS one\nRUN echo one > /one\nFROM ${image().replace('127.0.0.1', 'localhost')}\nCOPY --from=one /one /two\nRUN --mount=from=three,target=/three ls /three > /list\n`,
    });
    const args = ['--build-context', `three=docker-image://${image()}`, context];
    const first = await own.build(args, { env: ONLINE });
    expect(first.output).toContain('reading the layers');
    const again = await own.build(args);
    expect(again.imageId).toBe(first.imageId);
    expect(again.ran).toEqual([]);
    const asked = await own.build(['--pull', ...args], { env: ONLINE });
    expect(asked.imageId).toBe(first.imageId);
    expect(asked.output).not.toContain('reading the layers');
    const offline = await own.run(['build', '--pull', ...args]);
    expect(offline.status).toBe(60);
    expect(offline.stderr).toContain('MILLE_OFFLINE');
    expect(await own.verify()).toEqual([]);
  });

  test('gives what run runs', async () => {
    const own = await emptyStore('run');
    const words = ['--rm', image(), 'echo', 'hello'];
    const never = await own.run(['run', '--pull', 'never', ...words], { env: ONLINE });
    expect(never.status).toBe(20);
    const first = await own.run(['run', ...words], { env: ONLINE });
    expect(first).toMatchObject({ status: 0, stdout: 'hello\n' });
    expect(first.stderr).toContain('pull');
    expect(await own.run(['run', ...words], { env: ONLINE })).toEqual({
      status: 0,
      stdout: 'hello\n',
      stderr: '',
    });
    const always = ['run', '-q', '--pull=always', ...words];
    expect(await own.run(always, { env: ONLINE })).toEqual({ status: 0, stdout: 'hello\n', stderr: '' });
  });

  test.skipIf(!testUser())('serves a plain user', async () => {
    const user = testUser()!;
    const home = join(place, 'home');
    mkdirSync(home);
    chownSync(home, user.uid, user.gid);
    const own = await mille(join(home, 'store'), { base: false, user, program: programFor(place) });
    const words = ['run', '-q', '--rm', image(), 'id', '-u'];
    const online = { ...ONLINE, MILLE_OFFLINE: '0' };
    expect(await own.run(words, { env: online, cwd: home })).toMatchObject({ status: 0, stdout: '0\n' });
    expect(await own.verify()).toEqual([]);
  });

  test('has an image of several platforms, which is known by its digest from then on', async () => {
    const store = await emptyStore('several');
    const { layout, index } = await layoutOfSeveral(store, join(place, 'several-layout'), false);
    const name = `${registry!.host}/team/several:1`;
    const copying = ['skopeo', 'copy', '-q', '--all', '--preserve-digests', '--dest-tls-verify=false'];
    const { status, stderr } = command([...copying, `oci:${layout}`, `docker://${name}`]);
    if (status !== 0) throw new Error(stderr);
    const inspect = async (image: string, ...flags: string[]) =>
      JSON.parse(await store.must(['inspect', ...flags, image]))[0] as Record<string, unknown>;
    expect(await store.must(['pull', name], { env: ONLINE })).toStartWith(`Digest: ${index}\n`);
    expect(await inspect(name)).toMatchObject({
      Architecture: OWN,
      RepoDigests: [`${registry!.host}/team/several@${index}`],
    });
    const pinned = join(place, 'pinned');
    const dockerfile = `FROM ${name}@${index}\nENV A=1\n`;
    writeTree(pinned, { Dockerfile: dockerfile });
    // No registry has to be asked for it again.
    await store.must(['build', '--pull=never', '-t', 'pinned', pinned]);
    expect((await store.run(['build', '--pull=never', '--platform', OTHER, pinned])).stderr).toContain(
      `is for linux/${OWN}, not linux/${OTHER}`,
    );
    // What a build for another platform needs joins the first one under the same name.
    await store.must(['pull', '--platform', `linux/${OTHER}`, name], { env: ONLINE });
    writeTree(pinned, { Dockerfile: dockerfile.replace(`@${index}`, '') });
    await store.must(['build', '--pull=never', '--platform', OTHER, '-t', 'crossed', pinned]);
    expect(await inspect(name)).toMatchObject({ Architecture: OWN });
    expect(await inspect(name, '--platform', OTHER)).toMatchObject({ Architecture: OTHER });
    expect(await store.verify()).toEqual([]);
  });

  test('does not have an image: both facts, at its place', async () => {
    const own = await emptyStore('missing');
    writeTree(join(place, 'none'), { Dockerfile: `FROM ${registry!.host}/team/busybox:2\n` });
    const { status, stderr } = await own.run(['build', '-q', join(place, 'none')], { env: ONLINE });
    expect(status).toBe(20);
    expect(stderr).toContain(
      `:2 is not in the store, and the registry ${registry!.host} has no image team/busybox:2\nDockerfile:1:6\n`,
    );
    expect(stderr).toContain('mille load -i ARCHIVE');
    writeTree(join(place, 'closed'), { Dockerfile: 'FROM 127.0.0.1:1/x\n' });
    const closed = await own.run(['build', '-q', join(place, 'closed')], { env: ONLINE });
    expect(closed.status).toBe(20);
    expect(closed.stderr).toContain('cannot be pulled: cannot fetch http://127.0.0.1:1/');
  });

  test('asks for a login, which is that of config.json or a helper', async () => {
    const line = command(['htpasswd', '-nbB', 'me', 'geheim']).stdout.toString().trim();
    const guarded = await realRegistry({ htpasswd: `${line}\n` });
    try {
      const own = await emptyStore('login');
      push(guarded!.host, 'a:1', '--dest-creds', 'me:geheim');
      const name = `${guarded!.host}/a:1`;
      const pull = (config: unknown, extra: Record<string, string> = {}) => {
        mkdirSync(join(place, 'config'), { recursive: true });
        writeFileSync(join(place, 'config/config.json'), JSON.stringify(config));
        return own.run(['pull', name], {
          env: { ...ONLINE, DOCKER_CONFIG: join(place, 'config'), ...extra },
        });
      };
      const auth = (text: string) => ({
        auths: { [guarded!.host]: { auth: Buffer.from(text).toString('base64') } },
      });
      expect((await pull({})).status).toBe(63);
      const wrong = await pull(auth('me:falsch'));
      expect(wrong.status).toBe(63);
      expect(wrong.stderr).not.toContain('falsch');
      const helper = join(place, 'config/docker-credential-mine');
      writeFileSync(helper, '#!/bin/sh\necho \'{"Username":"me","Secret":"geheim"}\'\n');
      chmodSync(helper, 0o755);
      const helped = await pull(
        { credsStore: 'mine' },
        { PATH: `${join(place, 'config')}:${process.env.PATH}` },
      );
      expect(helped.status).toBe(0);
      expect((await pull(auth('me:geheim'))).status).toBe(0);
    } finally {
      await guarded?.stop();
    }
  });

  test('speaks TLS, also on this machine', async () => {
    if (!Bun.which('openssl')) return console.warn('skipped: no openssl here');
    const [cert, key] = [join(place, 'cert.pem'), join(place, 'key.pem')];
    const request = '-newkey rsa:2048 -nodes -subj /CN=test -addext subjectAltName=IP:127.0.0.1 -days 2';
    command(['openssl', 'req', '-x509', ...request.split(' '), '-keyout', key, '-out', cert]);
    const secured = await realRegistry({ tls: { cert, key } });
    try {
      push(secured!.host, 'a:1');
      const own = await emptyStore('tls');
      const untrusted = await own.run(['pull', `${secured!.host}/a:1`], { env: ONLINE });
      expect(untrusted.status).toBe(60);
      expect(untrusted.stderr).toContain('cert');
      await own.must(['pull', '--ca', cert, `${secured!.host}/a:1`], { env: ONLINE });
      // Here the first requests are several at once.
      await own.must(['tag', `${secured!.host}/a:1`, `${secured!.host}/b:1`]);
      await own.must(['push', '--ca', cert, `${secured!.host}/b:1`], { env: ONLINE });
    } finally {
      await secured?.stop();
    }
  });
});
