// The cache of steps from one machine to another: through a real registry, a directory, and the image itself. Every
// store here is a machine of its own.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { busyboxBase } from '../support/base-images.ts';
import { type CountingProxy, countingProxy } from '../support/counting-proxy.ts';
import { command } from '../support/docker.ts';
import { formsOf } from '../support/find-secret.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';
import { realRegistry, type TestRegistry } from '../support/registry.ts';

repeatsCommands();

const place = makePlace('travel');
const base = await busyboxBase();
const online = { MILLE_OFFLINE: '0' };
const able = base !== undefined && Bun.which('docker-registry') !== null && Bun.which('skopeo') !== null;
if (!able) console.warn('skipped: this needs docker-registry, skopeo and a base image');

let registry: TestRegistry;
let proxy: CountingProxy;
let machines = 0;
const machine = (options: { base?: boolean } = { base: false }) =>
  mille(join(place, `machine-${machines++}`), options);

beforeAll(async () => {
  if (!able) return;
  registry = (await realRegistry())!;
  proxy = countingProxy(registry.host);
  push(`docker-archive:${base!.path}`, `${registry.host}/team/busybox:1`);
});
afterAll(async () => {
  proxy?.stop();
  await registry?.stop();
  removePlace(place);
});

function push(from: string, to: string, ...flags: readonly string[]): void {
  const { status, stderr } = command([
    ...['skopeo', 'copy', '-q', '--insecure-policy', '--dest-tls-verify=false', ...flags],
    ...[from, `docker://${to}`],
  ]);
  if (status !== 0) throw new Error(stderr);
}

/** A program in two stages; what is built leaves a large file behind that nobody copies. */
function project(name: string, source = 'int main;\n'): string {
  const directory = join(place, name);
  writeTree(directory, {
    Dockerfile: `FROM ${proxy.host}/team/busybox:1 AS build
ARG API_TOKEN
COPY main.c /src/
RUN mkdir /out && cp /src/main.c /out/app && head -c 3000000 /dev/urandom > /junk
FROM ${proxy.host}/team/busybox:1
WORKDIR /srv
COPY --from=build /out /srv
RUN echo done > /srv/done
CMD ["cat", "/srv/app"]
`,
    'main.c': source,
  });
  return directory;
}

const token = ['--build-arg', 'API_TOKEN=hush-hush-hush'];
const cacheonly = ['-o', 'type=cacheonly'];
const reads = () => proxy.requests.filter((line) => line.startsWith('GET') && line.includes('/blobs/'));

interface Manifest {
  readonly config: { readonly digest: string };
  readonly layers: readonly { readonly mediaType: string; readonly digest: string }[];
}

async function manifestOf(name: string): Promise<Manifest> {
  const accept =
    'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json';
  const [, repository, tag] = /^(.*):(.*)$/.exec(name)!;
  const answer = await fetch(`http://${registry.host}/v2/${repository}/manifests/${tag}`, {
    headers: { accept },
  });
  return (await answer.json()) as Manifest;
}

const isLayer = ({ mediaType }: { readonly mediaType: string }) => mediaType.includes('.image.layer.');

describe.skipIf(!able)('a registry', () => {
  let first: Mille;
  const cache = () => `${proxy.host}/team/app:cache`;
  const to = () => `type=registry,ref=${cache()},mode=max`;

  beforeAll(async () => {
    first = await machine();
    await first.build(['-t', 'app', ...token, '--cache-to', to(), project('app')], { env: online });
  });

  test('a machine that finds everything reads nothing but documents', async () => {
    const layers = (await manifestOf('team/app:cache')).layers.filter(isLayer).map(({ digest }) => digest);
    expect(layers.length).toBe(5);
    const bases = (await manifestOf('team/busybox:1')).layers.map(({ digest }) => digest);
    const second = await machine();
    proxy.requests.length = 0;
    const args = [...token, '--cache-from', cache(), project('app')];
    const found = await second.build([...cacheonly, ...args], { env: online });
    expect(found.ran).toEqual([]);
    expect(found.output).toContain('7 of 7 steps cached');
    const read = reads().map((line) => line.split('/').at(-1)!);
    expect(read.filter((digest) => layers.includes(digest) || bases.includes(digest))).toEqual([]);
    // Manifest and config of the base, manifest and document of the cache, and the tables that COPY --from looks into.
    expect(proxy.requests.filter((line) => line.startsWith('GET')).length).toBeLessThanOrEqual(9);
    expect(readdirSync(join(second.root, 'layers'))).toEqual([]);

    // What goes to a registry has its base mounted there.
    proxy.requests.length = 0;
    const there = `type=registry,name=${proxy.host}/team/found:1`;
    const pusher = await machine();
    expect((await pusher.build(['-o', there, ...args], { env: online })).ran).toEqual([]);
    expect(reads().filter((line) => bases.some((digest) => line.endsWith(digest)))).toEqual([]);
    const mounts = proxy.requests.filter(
      (line) => line.includes('mount=') && line.includes('from=team%2Fbusybox'),
    );
    expect(mounts.length).toBe(bases.length);

    // An image in the store has its layers: its own are brought, those of the other stage still are not.
    proxy.requests.length = 0;
    const kept = await second.build(['-t', 'app', ...args], { env: online });
    expect(kept.ran).toEqual([]);
    expect(reads().filter((line) => layers.some((digest) => line.endsWith(digest))).length).toBe(3);
    expect(await second.must(['run', '--rm', 'app'])).toBe('int main;\n');
    expect(await second.verify()).toEqual([]);
    // It is the same image, and what was found is known from now on.
    proxy.requests.length = 0;
    expect((await second.build(['-t', 'app', ...token, project('app')])).imageId).toBe(kept.imageId);
    const offline = await first.build(['-t', 'app', ...token, project('app')]);
    expect(offline.imageId).toBe(kept.imageId);
  });

  test('a machine that misses says why, and brings what it needs', async () => {
    const second = await machine();
    const directory = project('changed', 'int changed;\n');
    proxy.requests.length = 0;
    const args = ['-t', 'app', ...token, '--cache-from', cache(), directory];
    const built = await second.build(args, { env: online });
    expect(built.steps.get('COPY main.c /src/')).toContain('runs because main.c changed');
    expect(built.steps.get('WORKDIR /srv')).toContain('CACHED');
    expect(built.ran.length).toBe(4);
    expect(await second.must(['run', '--rm', 'app'])).toBe('int changed;\n');
    expect(await second.verify()).toEqual([]);
    // A plan knows the same, and brings nothing.
    const fourth = await machine();
    proxy.requests.length = 0;
    const planned = await fourth.run(['plan', '--format', 'json', ...args.slice(2)], { env: online });
    expect(planned.stdout).toContain('main.c changed');
    expect(planned.stdout.match(/"verdict": ?"cached"/g)?.length).toBe(3);
    // A value that looks secret is not told, only that it differs.
    const third = await machine();
    const other = await third.build(
      [...cacheonly, '--build-arg', 'API_TOKEN=other', '--cache-from', cache(), project('app')],
      { env: online },
    );
    expect(other.output).toContain('runs because API_TOKEN changed');
  });

  test('sends only what is not there', async () => {
    proxy.requests.length = 0;
    await first.build([...cacheonly, ...token, '--cache-to', to(), project('app')], { env: online });
    const written = () => proxy.requests.filter((line) => /^(POST|PATCH|PUT)/.test(line));
    expect(written()).toEqual(['PUT /v2/team/app/manifests/cache']);
    // From one repository to another nothing is read or sent that can be mounted, and no layer is fetched for it.
    const second = await machine();
    proxy.requests.length = 0;
    const there = `type=registry,ref=${proxy.host}/other/app:cache,mode=max`;
    const args = [...cacheonly, ...token, '--cache-from', cache(), '--cache-to', there, project('app')];
    await second.build(args, { env: online });
    const layers = (await manifestOf('other/app:cache')).layers.filter(isLayer);
    expect(layers.length).toBe(5);
    for (const { digest } of layers) {
      expect(written()).toContain(
        `POST /v2/other/app/blobs/uploads/?mount=${digest.replace(':', '%3A')}&from=team%2Fapp`,
      );
      expect(reads().some((line) => line.endsWith(digest))).toBe(false);
    }
    expect(
      written().filter((line) => line.startsWith('PUT') && line.includes('uploads')).length,
    ).toBeLessThanOrEqual(2);
  });

  test('mode=min keeps the steps of the image alone, in the compression asked for', async () => {
    const min = `type=registry,ref=${proxy.host}/team/app:min,compression=zstd`;
    await first.build([...cacheonly, ...token, '--cache-to', min, project('app')], { env: online });
    const layers = (await manifestOf('team/app:min')).layers.filter(isLayer);
    expect(layers.map(({ mediaType }) => mediaType.split('+')[1])).toEqual(['zstd', 'zstd', 'zstd']);
    // The other stage is known, and need not run as long as nothing reads what it made.
    const second = await machine();
    const build = (dockerfile: (text: string) => string) => {
      const directory = project('min');
      const file = join(directory, 'Dockerfile');
      writeFileSync(file, dockerfile(readFileSync(file, 'utf8')));
      const from = ['--cache-from', `${proxy.host}/team/app:min`];
      return second.build(['-t', 'app', ...token, ...from, directory], { env: online });
    };
    expect((await build((text) => text)).ran).toEqual([]);
    expect(await second.must(['run', '--rm', 'app'])).toBe('int main;\n');
    expect((await build((text) => text.replace('echo done', 'echo more'))).ran).toEqual([
      'RUN echo more > /srv/done',
    ]);
    const moved = await build((text) => text.replace('/out /srv\n', '/out /srv/\n'));
    // Both steps of the other stage, and the copy; what comes after it stands on the same files as before.
    expect(moved.ran.length).toBe(3);
    expect(moved.output).toContain(
      'runs because what it made is needed, and is neither in the store nor in the cache',
    );
    expect(await second.must(['run', '--rm', 'app'])).toBe('int main;\n');
    expect(await second.verify()).toEqual([]);
  });

  test('no secret is in it, and no digest that a salt made', async () => {
    const { config, layers } = await manifestOf('team/app:cache');
    for (const { digest } of [config, ...layers]) {
      const answer = await fetch(`http://${registry.host}/v2/team/app/blobs/${digest}`);
      const bytes = await answer.bytes();
      const packed = Buffer.from(bytes.subarray(0, 4)).toString('hex') === '28b52ffd';
      const text = Buffer.from(packed ? Bun.zstdDecompressSync(bytes) : bytes).toString('latin1');
      for (const form of formsOf('hush-hush-hush')) expect(text).not.toContain(form);
      expect(text).not.toMatch(/"#[0-9a-f]{16}"/);
      expect(text).not.toContain(place);
    }
  });

  test('that has no cache, or cannot be reached, is a warning; one that cannot be written is an error', async () => {
    const own = await machine();
    const directory = join(place, 'plain');
    writeTree(directory, { Dockerfile: 'FROM scratch\nCOPY Dockerfile /\n' });
    const none = ['--cache-from', `${proxy.host}/team/none`, '--cache-from', '127.0.0.1:1/x'];
    const built = await own.build([...none, '-t', 'a', directory], { env: online });
    expect(built.output).toContain(`warning: the cache ${proxy.host}/team/none is not used: the registry`);
    expect(built.output).toContain('warning: the cache 127.0.0.1:1/x is not used');
    const closed = 'type=registry,ref=127.0.0.1:1/x';
    const failed = await own.run(['build', '-q', '--cache-to', closed, directory], { env: online });
    expect(failed.status).toBe(60);
    const ignored = await own.build(['--cache-to', `${closed},ignore-error=true`, directory], {
      env: online,
    });
    expect(ignored.output).toContain('warning: the cache was not written: ');
    const forbidden = await own.run(['build', '-q', '--cache-to', to(), directory]);
    expect(forbidden.status).toBe(60);
    expect(forbidden.stderr).toContain('MILLE_OFFLINE');
    // An image without a cache, and what another builder wrote.
    const image = await own.build(['--cache-from', `${proxy.host}/team/busybox:1`, directory], {
      env: online,
    });
    expect(image.output).toContain('is an image that carries no cache');
  });

  test('with a login', async () => {
    if (!Bun.which('htpasswd')) return console.warn('skipped: no htpasswd here');
    const line = command(['htpasswd', '-nbB', 'me', 'geheim']).stdout.toString().trim();
    const guarded = (await realRegistry({ htpasswd: `${line}\n` }))!;
    try {
      const auth = Buffer.from('me:geheim').toString('base64');
      mkdirSync(join(place, 'docker'), { recursive: true });
      writeFileSync(
        join(place, 'docker/config.json'),
        JSON.stringify({ auths: { [guarded.host]: { auth } } }),
      );
      const env = { ...online, DOCKER_CONFIG: join(place, 'docker') };
      const ref = `${guarded.host}/app:cache`;
      const directory = project('app');
      const denied = await first.run(['build', '-q', ...token, '--cache-to', ref, directory], {
        env: online,
      });
      expect(denied.status).toBe(63);
      await first.build([...cacheonly, ...token, '--cache-to', ref, '--target', 'build', directory], { env });
      const second = await machine();
      const found = await second.build(
        [...cacheonly, ...token, '--cache-from', ref, '--target', 'build', directory],
        { env },
      );
      expect(found.ran).toEqual([]);
    } finally {
      await guarded.stop();
    }
  });
});

describe.skipIf(!able)('a directory', () => {
  const blobs = (directory: string) => readdirSync(join(directory, 'blobs/sha256'));

  test('holds the latest cache of each tag, and nothing that none of them needs', async () => {
    const own = await machine();
    const dest = join(place, 'kept');
    const to = (tag: string) => `type=local,dest=${dest},tag=${tag},mode=max`;
    await own.build([...cacheonly, ...token, '--cache-to', to('a'), project('kept-app')], { env: online });
    const before = blobs(dest);
    await own.build([...cacheonly, ...token, '--cache-to', to('a'), project('kept-app')], { env: online });
    expect(blobs(dest)).toEqual(before);
    const changed = project('kept-app', 'int other;\n');
    const args = ['--cache-from', `type=local,src=${dest},tag=a`, '--cache-to', to('a'), changed];
    await own.build([...cacheonly, ...token, ...args], { env: online });
    expect(blobs(dest).length).toBe(before.length);
    expect(blobs(dest)).not.toEqual(before);
    await own.build([...cacheonly, ...token, '--cache-to', to('b'), project('kept-app')], { env: online });
    expect(blobs(dest).length).toBeGreaterThan(before.length);
    const second = await machine();
    const from = `type=local,src=${dest},tag=b`;
    const found = await second.build([...cacheonly, ...token, '--cache-from', from, project('kept-app')], {
      env: online,
    });
    expect(found.ran).toEqual([]);
    const missing = await second.build(
      [...cacheonly, '--cache-from', `type=local,src=${dest}`, project('kept-app')],
      { env: online },
    );
    expect(missing.output).toContain("has no cache 'latest'");
  });

  test('that lies does no harm', async () => {
    const own = await machine();
    const directory = join(place, 'victim');
    writeTree(directory, { Dockerfile: 'FROM scratch\nCOPY a /a\nCOPY Dockerfile /\n', a: 'right' });
    const dest = join(place, 'lies');
    await own.build([...cacheonly, '--cache-to', `type=local,dest=${dest},mode=max`, directory]);
    const put = (text: string) => {
      const digest = createHash('sha256').update(text).digest('hex');
      writeFileSync(join(dest, 'blobs/sha256', digest), text);
      return { digest: `sha256:${digest}`, size: text.length };
    };
    const read = (digest: string) =>
      JSON.parse(readFileSync(join(dest, 'blobs/sha256', digest.slice(7)), 'utf8'));
    const index = JSON.parse(readFileSync(join(dest, 'index.json'), 'utf8'));
    const manifest = read(index.manifests[0].digest);
    const document = read(manifest.config.digest);
    const publish = (changed: unknown) => {
      const config = { ...manifest.config, ...put(JSON.stringify(changed)) };
      const entry = { ...index.manifests[0], ...put(JSON.stringify({ ...manifest, config })) };
      writeFileSync(join(dest, 'index.json'), JSON.stringify({ ...index, manifests: [entry] }));
    };
    const build = async () => {
      const other = await machine();
      const outcome = await other.run([
        'build',
        '-t',
        'a',
        '--cache-from',
        `type=local,src=${dest}`,
        directory,
      ]);
      expect(await other.verify()).toEqual([]);
      return outcome;
    };
    const of = (layer: object) => ({
      ...document,
      layers: [{ ...document.layers[0], ...layer }, ...document.layers.slice(1)],
    });
    // Another content than the layer has: nothing is kept of it.
    publish(of({ contentId: `sha256:${'0'.repeat(64)}`, table: undefined }));
    expect(await build()).toMatchObject({
      status: 44,
      stderr: expect.stringContaining('does not hold what was said'),
    });
    // Another layer's bytes.
    publish(of({ blob: document.layers[1].blob }));
    expect((await build()).status).toBe(44);
    // A layer that expands to more than it says.
    publish(of({ size: 10 }));
    expect(await build()).toMatchObject({
      status: 44,
      stderr: expect.stringContaining('more than its 10 bytes'),
    });
    // What is no cache at all is not used.
    publish({ version: 1, layers: 7 });
    expect(await build()).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('the cache is damaged'),
    });
    // A blob that was changed behind its name.
    publish(document);
    const blob = join(dest, 'blobs/sha256', document.layers[0].blob.slice(7));
    const bytes = readFileSync(blob);
    bytes[bytes.length - 1]! ^= 1;
    writeFileSync(blob, bytes);
    expect((await build()).status).toBeGreaterThan(40);
  });
});

describe.skipIf(!able)('an image', () => {
  test('carries the cache of its own steps, and other tools do not mind', async () => {
    const own = await machine({});
    const directory = join(place, 'inline');
    writeTree(directory, {
      Dockerfile: 'FROM busybox\nRUN echo one > /one\nCOPY Dockerfile /\nCMD ["cat", "/one"]\n',
    });
    const archive = join(place, 'inline.tar');
    const built = await own.build(['-o', `type=oci,dest=${archive}`, '--cache-to', 'type=inline', directory]);
    const name = `${proxy.host}/team/inline:1`;
    push(`oci-archive:${archive}`, `${registry.host}/team/inline:1`);
    const again = await own.build(['-o', `type=oci,dest=${archive}`, '--cache-to', 'type=inline', directory]);
    expect(again.imageId).toBe(built.imageId);
    const second = await machine({});
    proxy.requests.length = 0;
    const found = await second.build([...cacheonly, '--cache-from', name, directory], { env: online });
    expect(found.ran).toEqual([]);
    expect(proxy.requests.length).toBe(2);
    const kept = await second.build(['-t', 'a', '--cache-from', name, directory], { env: online });
    expect(kept.ran).toEqual([]);
    expect(await second.must(['run', '--rm', 'a'])).toBe('one\n');
    expect(await second.verify()).toEqual([]);
    const refused = await own.run(['build', '--squash', '--cache-to', 'type=inline', directory]);
    expect(refused.status).toBe(2);
  });
});

describe.skipIf(!able)('the cache of a store', () => {
  test('is written to a directory and taken over from it', async () => {
    const own = await machine();
    const directory = join(place, 'whole');
    writeTree(directory, { Dockerfile: 'FROM scratch\nWORKDIR /one\nCOPY Dockerfile /\n' });
    const built = await own.build(['-t', 'a', directory]);
    const dir = join(place, 'exported');
    expect(await own.must(['cache', 'export', dir])).toMatch(/^Exported: 2 steps, 2 layers, /);
    expect(await own.must(['cache', 'export', dir])).toContain(', 0B of it new');
    expect(existsSync(join(dir, 'oci-layout'))).toBe(true);
    const second = await machine();
    expect(await second.must(['cache', 'import', dir])).toMatch(/^Imported: 2 steps, 2 layers /);
    expect(await second.must(['cache', 'import', dir])).toBe('Imported: nothing that was not known\n');
    const found = await second.build(['-t', 'a', directory]);
    expect(found.ran).toEqual([]);
    expect(found.imageId).toBe(built.imageId);
    writeFileSync(
      join(directory, 'Dockerfile'),
      'FROM scratch\nWORKDIR /one\nCOPY Dockerfile /\nLABEL a=b\n',
    );
    const changed = await second.build([...cacheonly, directory]);
    expect(changed.steps.get('COPY Dockerfile /')).toContain('runs because Dockerfile changed');
    expect(await second.verify()).toEqual([]);
    const third = await machine();
    expect((await third.run(['cache', 'import', join(place, 'nowhere')])).status).toBe(20);
    expect((await third.run(['cache', 'export', dir])).status).toBe(28);
  });
});
