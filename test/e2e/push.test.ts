// Images sent to a real registry, and fetched again by others.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { busyboxBase } from '../support/base-images.ts';
import { type CountingProxy, countingProxy } from '../support/counting-proxy.ts';
import { command, findDocker } from '../support/docker.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';
import { realRegistry, type TestRegistry } from '../support/registry.ts';

repeatsCommands();

const place = makePlace('push');

/** The layers of an image of a registry, as its config has them and as `inspect` shows them. */
async function rootOf(image: string): Promise<{ readonly Type: string; readonly Layers: string[] }> {
  const { stdout } = command(['skopeo', 'inspect', '--tls-verify=false', '--config', `docker://${image}`]);
  const { type, diff_ids } = JSON.parse(stdout.toString()).rootfs;
  return { Type: type, Layers: diff_ids };
}

const base = await busyboxBase();
const online = { env: { MILLE_OFFLINE: '0' } };
const able = base !== undefined && Bun.which('docker-registry') !== null && Bun.which('skopeo') !== null;
if (!able) console.warn('skipped: this needs docker-registry, skopeo and a base image');

let registry: TestRegistry;
let proxy: CountingProxy;
let own: Mille;

beforeAll(async () => {
  if (!able) return;
  registry = (await realRegistry())!;
  proxy = countingProxy(registry.host);
  own = await mille(join(place, 'own'));
  const context = join(place, 'context');
  writeTree(context, {
    Dockerfile: 'FROM busybox\nCOPY file /file\nCMD ["cat", "/file"]\n',
    file: 'hello\n',
  });
  await own.build(['-t', `${proxy.host}/team/app:1`, context]);
});
afterAll(async () => {
  proxy?.stop();
  await registry?.stop();
  removePlace(place);
});

describe.skipIf(!able)('push', () => {
  const name = () => `${proxy.host}/team/app:1`;

  test('sends an image that others run: the same image, with compressed layers', async () => {
    const out = await own.must(['push', name()], online);
    expect(out).toMatch(
      /^The push refers to repository \[127.*\/team\/app\]\n1: digest: sha256:[0-9a-f]{64} size: \d+\n$/,
    );
    const digest = /sha256:[0-9a-f]{64}/.exec(out)![0];
    const other = await mille(join(place, 'other'), { base: false });
    expect(await other.must(['run', '-q', '--rm', name()], online)).toBe('hello\n');
    expect(await other.must(['pull', name()], online)).toContain(digest);
    const id = async (store: Mille) => JSON.parse(await store.must(['inspect', name()]))[0].Id;
    expect(await id(other)).toBe(await id(own));
    const { status, stdout } = command([
      ...['skopeo', 'inspect', '--tls-verify=false', '--raw', `docker://${registry.host}/team/app:1`],
    ]);
    expect(status).toBe(0);
    const manifest = JSON.parse(stdout.toString());
    expect(manifest.layers.map((layer: { mediaType: string }) => layer.mediaType.split('+')[1])).toEqual(
      manifest.layers.map(() => 'gzip'),
    );
    const copied = command([
      ...['skopeo', 'copy', '-q', '--insecure-policy', '--src-tls-verify=false'],
      ...[`docker://${registry.host}/team/app:1`, `oci:${join(place, 'copied')}`],
    ]);
    expect(copied.status).toBe(0);
  });

  test('sends what is not there, and nothing else', async () => {
    proxy.requests.length = 0;
    const before = await own.must(['push', '-q', name()], online);
    expect(before).toBe(`${name()}\n`);
    const written = () => proxy.requests.filter((line) => /^(POST|PUT|PATCH)/.test(line));
    expect(written()).toEqual(['PUT /v2/team/app/manifests/1']);
    await own.must(['tag', name(), `${proxy.host}/team/app:2`]);
    const all = await own.must(['push', '-a', `${proxy.host}/team/app`], online);
    expect(all.split('\n').filter((line) => /^[12]: digest/.test(line)).length).toBe(2);
    // What came compressed is sent as it came, with its own manifest.
    const other = await mille(join(place, 'other'), { base: false });
    await other.must(['tag', name(), `${proxy.host}/again/app:1`]);
    const again = await other.must(['push', `${proxy.host}/again/app:1`], online);
    expect(/sha256:[0-9a-f]{64}/.exec(again)![0]).toBe(/sha256:[0-9a-f]{64}/.exec(all)![0]);
  });

  test('has blobs mounted from where they were pushed or pulled, in the same registry', async () => {
    const other = await mille(join(place, 'other'), { base: false });
    for (const [store, repository] of [
      [own, 'mounted/pushed'],
      [other, 'mounted/pulled'],
    ] as const) {
      const there = `${proxy.host}/${repository}:1`;
      await store.must(['tag', name(), there]);
      proxy.requests.length = 0;
      await store.must(['push', '-q', there], online);
      const written = proxy.requests.filter((line) => /^(POST|PUT|PATCH)/.test(line));
      expect(written.filter((line) => /mount=.*from=(team|again)%2Fapp/.test(line)).length).toBe(3);
      expect(written.length).toBe(4);
    }
  });

  test('compresses no layer again whose compressed form is there', async () => {
    await own.must(['tag', name(), `${proxy.host}/team/app:again`]);
    const { status, stderr, stdout } = await own.run(['push', `${proxy.host}/team/app:again`], online);
    expect({ status, stderr }).toMatchObject({ status: 0 });
    expect(stderr).not.toContain('compress');
    expect(await own.must(['push', name()], online)).toContain(/sha256:[0-9a-f]{64}/.exec(stdout)![0]);
    const { stderr: packing } = await own.run(['push', '--compression', 'zstd', name()], online);
    expect(packing).toContain('compressing and sending');
    await own.must(['push', '-q', name()], online);
    // Nothing of it was kept.
    expect(await own.must(['prune', '-f'])).not.toContain('leftover');
  });

  test('of a layer that is damaged ends before the registry has any of it', async () => {
    const store = await mille(join(place, 'damaged'));
    const context = join(place, 'damaged-context');
    writeTree(context, { Dockerfile: 'FROM busybox\nCOPY file /file\n', file: 'sound '.repeat(9000) });
    const there = `${proxy.host}/damaged/app:1`;
    await store.build(['-t', there, context]);
    const blobs = join(place, 'damaged/blobs/sha256');
    for (const blob of readdirSync(blobs)) {
      const bytes = readFileSync(join(blobs, blob));
      const at = bytes.indexOf('sound sound');
      if (at < 0) continue;
      bytes.write('wrong', at);
      writeFileSync(join(blobs, blob), bytes);
    }
    const { status, stderr } = await store.run(['push', there], online);
    expect({ status, stderr }).toMatchObject({ status: 44 });
    expect((await fetch(`http://${registry.host}/v2/damaged/app/manifests/1`)).status).toBe(404);
  });

  test('is part of a build that is asked for it', async () => {
    const context = join(place, 'pushing');
    writeTree(context, { Dockerfile: 'FROM busybox\nCOPY file /file\n', file: 'pushed\n' });
    const there = `${proxy.host}/built/app:1`;
    const metadata = join(place, 'metadata.json');
    const args = ['--push', '-t', there, '--metadata-file', metadata, context];
    const built = await own.build(args, online);
    const digest = JSON.parse(readFileSync(metadata, 'utf8'))['containerimage.digest'];
    const other = await mille(join(place, 'other'), { base: false });
    expect(await other.must(['pull', there], online)).toContain(digest);
    expect(await other.must(['run', '--rm', there, 'cat', '/file'])).toBe('pushed\n');
    expect(JSON.parse(await own.must(['inspect', there]))[0].Id).toBe(built.imageId);
    const alone = await own.build(['-o', `type=registry,name=${proxy.host}/built/app:2`, context], online);
    expect(alone.imageId).toBe(built.imageId);
    expect((await own.run(['inspect', `${proxy.host}/built/app:2`])).status).toBe(20);
    expect((await own.run(['build', '--push', context], online)).status).toBe(2);
    expect((await own.run(['build', ...args])).status).toBe(60);
  });

  test('of a build that only changes what the image says fetches none of its layers', async () => {
    await own.must(['push', '-q', name()], online);
    const other = await mille(join(place, 'lazy'), { base: false });
    const elsewhere = (await realRegistry())!;
    const context = join(place, 'lazy-context');
    try {
      writeTree(context, {
        Dockerfile: `FROM ${name()} AS base\nENV A=1\nFROM base\nLABEL b=2\nCMD ["sh", "-c", "echo $A; cat /file"]\n`,
      });
      const blobs = () => proxy.requests.filter((line) => /^GET .*\/blobs\/sha256/.test(line)).length;
      for (const [there, layersRead] of [
        [`${proxy.host}/lazy/near:1`, 0],
        [`${elsewhere.host}/lazy/far:1`, 2],
      ] as const) {
        proxy.requests.length = 0;
        await other.build(['-o', `type=registry,name=${there}`, context], online);
        // The config, and what passes through.
        expect(blobs()).toBe(1 + layersRead);
        expect(await other.must(['images', '-q'])).toBe('');
        const run = await mille(join(place, 'other'), { base: false });
        expect(await run.must(['run', '-q', '--rm', there], online)).toBe('1\nhello\n');
        expect(await run.must(['rmi', there])).toContain(there);
      }
      expect(await other.verify()).toEqual([]);
      // Executed on a store that has all of it, it is the same image.
      const { imageId } = await own.build(['--pull=never', context]);
      const again = await other.build(
        ['-o', `type=registry,name=${proxy.host}/lazy/near:2`, context],
        online,
      );
      expect(JSON.parse(await own.must(['inspect', imageId]))[0].RootFS).toEqual(
        await rootOf(`${registry.host}/lazy/near:2`),
      );
      expect(again.ran).toEqual([]);
    } finally {
      await elsewhere.stop();
    }
  });

  test('of a build that copies with --link onto a base fetches none of its layers', async () => {
    await own.must(['push', '-q', name()], online);
    const other = await mille(join(place, 'linked'), { base: false });
    const context = join(place, 'linked-context');
    const lines = (last: string) =>
      [
        'FROM scratch AS files',
        'COPY made /made',
        `FROM ${name()} AS base`,
        'COPY --link --chown=7:8 made /opt/own/made',
        'FROM base',
        'COPY --link --from=files /made /opt/from/made',
        'ADD --link made /opt/',
        last,
        '',
      ].join('\n');
    writeTree(context, { Dockerfile: lines('ENV A=1'), made: 'made\n' });
    const layerReads = async (args: readonly string[]) => {
      proxy.requests.length = 0;
      await other.build(['--reproducible', ...args, context], online);
      const manifest = await fetch(`http://${registry.host}/v2/team/app/manifests/1`, {
        headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
      });
      const { layers } = (await manifest.json()) as {
        readonly layers: readonly { readonly digest: string }[];
      };
      return layers.map(({ digest }) => {
        const told = proxy.requests.filter(
          (line) => line.includes(digest.replace(':', '%3A')) || line.includes(digest),
        );
        return told.map((line) => line.split(' ')[0]!).join();
      });
    };
    const there = `${proxy.host}/linked/app`;
    // Each is asked for and mounted.
    const mounted = ['HEAD,POST', 'HEAD,POST'];
    expect(await layerReads(['-o', `type=image,push=true,store=false,name=${there}:1`])).toEqual(mounted);
    expect(await other.must(['images', '-q'])).toBe('');
    expect(await layerReads(['-o', 'type=cacheonly'])).toEqual(['', '']);
    const { imageId } = await own.build(['--pull=never', '--reproducible', context]);
    const root = JSON.parse(await own.must(['inspect', imageId]))[0].RootFS;
    expect(await rootOf(`${registry.host}/linked/app:1`)).toEqual(root);
    const run = await mille(join(place, 'other'), { base: false });
    const told = await run.must(
      ['run', '-q', '--rm', `${there}:1`, 'stat', '-c', '%u:%g %a', '/opt/own/made', '/opt/made', '/file'],
      online,
    );
    expect(told).toBe('7:8 644\n0:0 644\n0:0 644\n');
    // Nobody has it here, and nobody may ask for it.
    const { status, stderr } = await other.run(['run', '--rm', '--pull=never', `${there}:1`], online);
    expect({ status, stderr }).toMatchObject({ status: 20 });
    expect(await other.verify()).toEqual([]);
    // Where a step looks into it, or the image is to be here, it comes: once.
    const read = (methods: string) => methods.split(',').includes('GET');
    writeTree(context, { Dockerfile: lines('COPY made /opt/plain') });
    expect((await layerReads(['-o', `type=registry,name=${there}:2`])).every(read)).toBe(true);
    expect((await layerReads(['-t', 'kept'])).some(read)).toBe(false);
    expect(await other.must(['run', '-q', '--rm', 'kept', 'cat', '/opt/from/made', '/opt/plain'])).toBe(
      'made\nmade\n',
    );
  });

  test.skipIf(!process.env.MILLE_TEST_DOCKER_HOST)(
    'gives Docker the same image, in gzip and zstd',
    async () => {
      const docker = (await findDocker(join(place, 'docker')))!;
      for (const compression of ['gzip', 'zstd']) {
        // Not through the proxy, which is this process and waits for Docker.
        const there = `${registry.host}/docker/${compression}:1`;
        await own.must(['tag', name(), there]);
        await own.must(['push', '-q', '--compression', compression, there], online);
        try {
          expect(docker.run(['pull', '-q', there])).toMatchObject({ status: 0 });
          const format = '{{json .RootFS}}';
          const { stdout } = docker.run(['image', 'inspect', '--format', format, there]);
          expect(JSON.parse(stdout.toString())).toEqual(await rootOf(there));
        } finally {
          docker.run(['rmi', '-f', there]);
        }
      }
    },
  );

  test('that cannot be says why', async () => {
    const status = async (args: readonly string[], env: Record<string, string> = { MILLE_OFFLINE: '0' }) =>
      (await own.run(['push', ...args], { env })).status;
    expect(await status([`${proxy.host}/team/none`])).toBe(20);
    expect(await status([`${proxy.host}/team/app@sha256:${'0'.repeat(64)}`])).toBe(2);
    expect(await status([name()], {})).toBe(60);
    expect(await status(['-a', name()])).toBe(2);
  });

  test('with a login', async () => {
    if (!Bun.which('htpasswd')) return console.warn('skipped: no htpasswd here');
    const line = command(['htpasswd', '-nbB', 'me', 'geheim']).stdout.toString().trim();
    const guarded = (await realRegistry({ htpasswd: `${line}\n` }))!;
    try {
      const there = `${guarded.host}/app:1`;
      await own.must(['tag', name(), there]);
      const denied = await own.run(['push', there], online);
      expect(denied.status).toBe(63);
      mkdirSync(join(place, 'docker'), { recursive: true });
      const auth = Buffer.from('me:geheim').toString('base64');
      const config = join(place, 'docker/config.json');
      writeFileSync(config, JSON.stringify({ auths: { [guarded.host]: { auth } } }));
      await own.must(['push', there], { env: { ...online.env, DOCKER_CONFIG: join(place, 'docker') } });
      expect(readFileSync(config, 'utf8')).toContain(auth);
    } finally {
      await guarded.stop();
    }
  });
});
