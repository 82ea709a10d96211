// Images in the store whose base was never fetched, because nobody needed its bytes: what they can be used for without it,
// and when and how it comes.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { busyboxBase } from '../support/base-images.ts';
import { type CountingProxy, countingProxy } from '../support/counting-proxy.ts';
import { command } from '../support/docker.ts';
import { until } from '../support/leftovers.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';
import { realRegistry, type TestRegistry } from '../support/registry.ts';

repeatsCommands();

const place = makePlace('lazy-images');
const online = { env: { MILLE_OFFLINE: '0' } };
const able =
  (await busyboxBase()) !== undefined &&
  Bun.which('docker-registry') !== null &&
  Bun.which('skopeo') !== null;
if (!able) console.warn('skipped: this needs docker-registry, skopeo and a base image');

interface Layer {
  readonly digest: string;
}

let registry: TestRegistry;
let elsewhere: TestRegistry;
let proxy: CountingProxy;
let whole: Mille;
let layers: readonly Layer[] = [];
/** Stores with the lazy image `app`, each of one test. */
let stores = 0;
const context = join(place, 'context');
const base = () => `${proxy.host}/team/base:1`;

beforeAll(async () => {
  if (!able) return;
  registry = (await realRegistry())!;
  elsewhere = (await realRegistry())!;
  proxy = countingProxy(registry.host);
  whole = await mille(join(place, 'whole'));
  writeTree(join(place, 'base'), { Dockerfile: 'FROM busybox\nCOPY file /file\n', file: 'hello\n' });
  await whole.build(['-t', base(), join(place, 'base')]);
  await whole.must(['push', '-q', base()], online);
  const answer = await fetch(`http://${registry.host}/v2/team/base/manifests/1`, {
    headers: { accept: 'application/vnd.oci.image.manifest.v1+json' },
  });
  ({ layers } = (await answer.json()) as { layers: Layer[] });
  writeTree(context, {
    Dockerfile: `FROM ${base()}\nENV A=1\nCOPY --link own /own\nCMD ["cat", "/file", "/own"]\n`,
    own: 'own\n',
  });
});
afterAll(async () => {
  proxy?.stop();
  await registry?.stop();
  await elsewhere?.stop();
  removePlace(place);
});

/** What was asked for each layer of the base since the last time: the methods, in their order. */
function asked(): readonly string[] {
  const lines = proxy.requests.splice(0);
  return layers.map(({ digest }) =>
    lines
      .filter((line) => line.includes(digest) || line.includes(digest.replace(':', '%3A')))
      .map((line) => line.split(' ')[0]!)
      .join(),
  );
}

async function lazyStore(tag = 'app'): Promise<Mille> {
  const store = await mille(join(place, `store-${stores++}`), { base: false });
  proxy.requests.length = 0;
  const { output } = await store.build(['-t', tag, context], online);
  expect(asked()).toEqual(['', '']);
  expect(output).toMatch(/2 layers of the base \(.*\) stay where they are until something needs them/);
  return store;
}

/** Names that other tools find in the store. */
function shownNames({ root }: Mille): string[] {
  const { manifests } = JSON.parse(readFileSync(join(root, 'index.json'), 'utf8'));
  return manifests.map(
    ({ annotations }: { annotations: Record<string, string> }) =>
      annotations['org.opencontainers.image.ref.name'],
  );
}

const NOT_HERE =
  /the layer [0-9a-f]{12} of .*app:latest.* is not here yet but at 127\.0\.0\.1:\d+\/team\/base@sha256:[0-9a-f]{64}/;

describe.skipIf(!able)('an image whose base nothing ran in', () => {
  test('is looked at, named, built on and cleaned up around without its base', async () => {
    const store = await lazyStore();
    const [document] = JSON.parse(await store.must(['inspect', 'app']));
    expect(document.DistantLayers.map(({ Digest }: { Digest: string }) => Digest)).toEqual(
      layers.map(({ digest }) => digest),
    );
    expect(document.DistantLayers[0].Origin).toMatch(/\/team\/base@sha256:/);
    expect(await store.must(['images'])).toMatch(/^app .*\(.* of it not here\)$/m);
    expect(await store.must(['history', 'app'])).toContain('(not here)');
    await store.must(['tag', 'app', 'other']);
    // The base is known by now: nobody has to be asked for it, and a build of the same image makes the same.
    writeTree(join(place, 'on-it'), { Dockerfile: 'FROM app\nLABEL b=2\n' });
    await store.build(['-t', 'on-it', join(place, 'on-it')]);
    expect((await store.build(['-t', 'again', context])).imageId).toBe(document.Id);
    expect(await store.must(['plan', context])).toContain('nothing to run');
    expect(await store.must(['plan', '--whole', context])).toContain('its layers are not in the store');
    expect(shownNames(store)).toEqual([]);
    await store.must(['df']);
    await store.must(['prune', '-f']);
    expect(await store.verify()).toEqual([]);
    await store.must(['rmi', 'other', 'again', 'on-it']);
    expect(asked()).toEqual(['', '']);
    // With its base whole it is the same image.
    await whole.build(['--pull=never', '-t', 'same', context]);
    const [same] = JSON.parse(await whole.must(['inspect', 'same']));
    expect(same.RootFS).toEqual(document.RootFS);
  });

  test('is pushed into the same registry without a byte of it, and to another one through here', async () => {
    const name = `${proxy.host}/team/app:1`;
    const store = await lazyStore(name);
    await store.must(['push', '-q', name], online);
    expect(asked()).toEqual(['HEAD,POST', 'HEAD,POST']);
    await store.must(['push', '-q', name], online);
    expect(asked()).toEqual(['HEAD', 'HEAD']);
    const there = `${elsewhere.host}/far/app:1`;
    await store.must(['tag', name, there]);
    await store.must(['push', '-q', there], online);
    expect(asked()).toEqual(['GET', 'GET']);
    await store.must(['copy', '-q', `store://${name}`, `${proxy.host}/copied/app:1`], online);
    expect(asked()).toEqual(['HEAD,POST', 'HEAD,POST']);
    expect(JSON.parse(await store.must(['inspect', name]))[0].DistantLayers.length).toBe(2);
    const other = await mille(join(place, 'other'), { base: false });
    for (const pushed of [name, there])
      expect(await other.must(['run', '-q', '--rm', pushed], online)).toBe('hello\nown\n');
  });

  test("is the same image with its base whole, also where that is in Docker's own format", async () => {
    const docker = `${proxy.host}/team/docker:1`;
    const [from, to] = [base(), docker].map((name) => `docker://${name.replace(proxy.host, registry.host)}`);
    const copy = ['copy', '-q', '--format=v2s2', '--src-tls-verify=false', '--dest-tls-verify=false'];
    expect(command(['skopeo', ...copy, from!, to!]).status).toBe(0);
    writeTree(join(place, 'docker'), { Dockerfile: `FROM ${docker}\nLABEL d=4\n` });
    const digests = [];
    for (const args of [[], ['--whole']]) {
      const store = await mille(join(place, `docker-${args.length}`), { base: false });
      await store.build([...args, '-t', 'app', join(place, 'docker')], {
        env: { ...online.env, SOURCE_DATE_EPOCH: '1' },
      });
      const [document] = JSON.parse(await store.must(['inspect', 'app']));
      expect(document.DistantLayers?.length).toBe(args.length === 0 ? 2 : undefined);
      digests.push(JSON.parse(await store.must(['images', '--format', 'json', 'app'])).Digest);
    }
    expect(digests[0]).toMatch(/^sha256:/);
    expect(digests[0]).toBe(digests[1]);
  });

  test('has it fetched once by all that run on it at the same time', async () => {
    const store = await lazyStore();
    writeTree(join(place, 'runs'), { Dockerfile: 'FROM app\nRUN cat /file /own > /both\n' });
    const outcomes = await Promise.all([
      store.must(['run', '-q', '--rm', 'app'], online),
      store.must(['run', '-q', '--rm', 'app'], online),
      store.must(['build', '-q', '-t', 'both', join(place, 'runs')], online),
    ]);
    expect(outcomes.slice(0, 2)).toEqual(['hello\nown\n', 'hello\nown\n']);
    expect(asked()).toEqual(['GET', 'GET']);
    expect(await store.must(['run', '--rm', 'both', 'cat', '/both'])).toBe('hello\nown\n');
    // Now it is whole, for other tools too.
    expect(JSON.parse(await store.must(['inspect', 'app']))[0]).not.toHaveProperty('DistantLayers');
    expect(shownNames(store)).toContain('app:latest');
    const { status } = command(['skopeo', 'inspect', `oci:${store.root}:app:latest`]);
    expect(status).toBe(0);
    expect(await store.verify()).toEqual([]);
  });

  test('is waited for no longer than somebody wants to, and comes from whoever is killed to the next', async () => {
    const store = await lazyStore();
    const path = `/v2/team/base/blobs/${layers[0]!.digest}`;
    writeTree(join(place, 'waits'), { Dockerfile: 'FROM app\nRUN cat /own\n' });
    const start = (args: readonly string[]) =>
      Bun.spawn([...store.command, ...args], {
        env: { ...process.env, ...store.env, ...online.env },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
    let stuck = 0;
    proxy.hook = (asked) => {
      if (asked !== path) return undefined;
      stuck++;
      return new Response(new ReadableStream({ pull: () => new Promise(() => {}) }));
    };
    const fetching = start(['run', '-q', '--rm', 'app']);
    expect(await until(() => stuck === 1)).toBe(true);
    const waiting = start(['build', '--progress', 'plain', join(place, 'waits')]);
    let said = '';
    for await (const text of waiting.stderr.pipeThrough(new TextDecoderStream())) {
      said += text;
      if (said.includes('FROM')) waiting.kill('SIGINT');
    }
    expect({ status: await waiting.exited, said }).toEqual({
      status: 130,
      said: expect.stringContaining('interrupted'),
    });
    proxy.hook = undefined;
    const next = start(['build', join(place, 'waits')]);
    fetching.kill('SIGKILL');
    await fetching.exited;
    expect(await next.exited).toBe(0);
    expect(stuck).toBe(1);
    expect(await store.verify()).toEqual([]);
  });

  test('has what is here of it packed where it is built on and pushed', async () => {
    const store = await lazyStore();
    writeTree(join(place, 'pushed'), { Dockerfile: 'FROM app\nLABEL c=3\n' });
    const name = `${proxy.host}/team/built-on:1`;
    await store.build(['--push', '-t', name, join(place, 'pushed')], online);
    expect(asked()).toEqual(['HEAD,POST', 'HEAD,POST']);
    const other = await mille(join(place, 'built-on'), { base: false });
    expect(await other.must(['run', '-q', '--rm', name], online)).toBe('hello\nown\n');
  });

  test('has it fetched by what reads it: an archive, tables of contents, a pull of the base', async () => {
    const archive = join(place, 'app.tar');
    const readers = [
      ['save', '-o', archive, 'app'],
      ['layers', 'app'],
      ['copy', '-q', 'store://app', `oci:${join(place, 'layout')}`],
      ['rebase', '--from', base(), '--onto', base(), '-t', 'moved', '--force', 'app'],
      ['pull', '-q', base()],
    ];
    for (const reader of readers) {
      const store = await lazyStore();
      await store.must(reader, online);
      expect(asked().map((methods) => methods.replaceAll('HEAD', ''))).toEqual(['GET', 'GET']);
      if (reader[0] !== 'copy') expect(shownNames(store)).toContain('app:latest');
    }
    const loaded = await mille(join(place, 'loaded'), { base: false });
    await loaded.must(['load', '-q', '-i', archive]);
    expect(await loaded.must(['run', '--rm', 'app'])).toBe('hello\nown\n');
  });

  test('says what is missing, where that is and what to do where it cannot be fetched', async () => {
    const store = await lazyStore();
    for (const args of [
      ['run', '--rm', 'app'],
      ['save', '-o', join(place, 'none.tar'), 'app'],
      ['layers', 'app'],
      ['diff', 'app', 'app'],
      ['build', join(place, 'runs')],
    ]) {
      const { status, stderr } = await store.run(args, { env: { MILLE_OFFLINE: '1' } });
      expect({ args, status, stderr }).toMatchObject({ status: 60, stderr: expect.stringMatching(NOT_HERE) });
      expect(stderr).toContain('mille pull 127.0.0.1');
    }
    expect(existsSync(join(place, 'none.tar'))).toBe(false);
    const never = await store.run(['run', '--rm', '--pull=never', 'app'], online);
    expect(never.stderr).toContain('--pull=never forbids');
    // Whole by a flag, and by the settings.
    // Whole by what is given for one build too: a mirror that whoever runs it later knows nothing of.
    const mirror = ['--registry-mirror', `${proxy.host}=http://${proxy.host}`];
    for (const args of [['--whole'], mirror, []]) {
      const kept = await mille(join(place, `kept-${args.length}`), { base: false });
      await kept.must(['images']);
      if (args.length === 0) writeTree(kept.root, { 'settings.json': '{"wholeImages": true}' });
      await kept.build([...args, '-t', 'app', context], online);
      expect(asked()).toEqual(['GET', 'GET']);
      expect(await kept.must(['run', '--rm', 'app'])).toBe('hello\nown\n');
    }
  });

  test('is not spoilt by a registry that has lost the base, or gives something else for it', async () => {
    const store = await lazyStore();
    await store.must(['tag', 'app', `${elsewhere.host}/spoilt/app:1`]);
    const before = shownNames(store);
    const path = `/v2/team/base/blobs/${layers[0]!.digest}`;
    const bytes = await (await fetch(`http://${registry.host}${path}`)).bytes();
    // A time in the header of gzip, which changes nothing but the digest.
    bytes[4]! ^= 1;
    for (const [status, answer] of [
      [20, () => new Response('', { status: 404 })],
      [44, () => new Response(bytes)],
    ] as const) {
      proxy.hook = (asked) => (asked === path ? answer() : undefined);
      for (const args of [
        ['run', '--rm', 'app'],
        ['push', `${elsewhere.host}/spoilt/app:1`],
      ]) {
        const failed = await store.run(args, online);
        expect({ args, ...failed }).toMatchObject({ status, stderr: expect.stringMatching(NOT_HERE) });
        expect(failed.stderr).toContain(layers[0]!.digest.slice(7, 19));
      }
    }
    proxy.hook = undefined;
    const { status } = await fetch(`http://${elsewhere.host}/v2/spoilt/app/manifests/1`);
    expect(status).toBe(404);
    expect(shownNames(store)).toEqual(before);
    expect(await store.verify()).toEqual([]);
    expect(await store.must(['run', '-q', '--rm', 'app'], online)).toBe('hello\nown\n');
  });
});
