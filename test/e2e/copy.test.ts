// Images copied between real registries, layouts and archives: the same digest everywhere, and skopeo reads them.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command } from '../support/docker.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands } from '../support/mille.ts';
import { blobOf, realRegistry, type TestRegistry, tinyImage } from '../support/registry.ts';

repeatsCommands();

const place = makePlace('copy');
const able = Bun.which('docker-registry') !== null;
const skopeo = Bun.which('skopeo') !== null;
if (!able) console.warn('skipped: this needs docker-registry');
if (!skopeo) console.warn('skipped: what skopeo says of copies');
const online = { env: { MILLE_OFFLINE: '0' } };
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const INDEX = 'application/vnd.oci.image.index.v1+json';

let one: TestRegistry;
let two: TestRegistry;
let own: Mille;
let arm: { digest: string; bytes: Uint8Array };
let index: { digest: string; bytes: Uint8Array };
const amd64 = tinyImage('amd64');
const arm64 = tinyImage('arm64', 'arm64');

/** What a tag means, as the registry says. */
async function digestAt(registry: TestRegistry, name: string, tag: string): Promise<string> {
  const answer = await fetch(`http://${registry.host}/v2/${name}/manifests/${tag}`, {
    headers: { accept: `${MANIFEST}, ${INDEX}` },
  });
  if (!answer.ok) return `${answer.status}`;
  return `sha256:${createHash('sha256')
    .update(new Uint8Array(await answer.arrayBuffer()))
    .digest('hex')}`;
}

async function upload(name: string, blob: { digest: string; bytes: Uint8Array }): Promise<void> {
  const begun = await fetch(`http://${one.host}/v2/${name}/blobs/uploads/`, { method: 'POST' });
  const location = new URL(begun.headers.get('location')!, `http://${one.host}`);
  location.searchParams.set('digest', blob.digest);
  expect((await fetch(location, { method: 'PUT', body: blob.bytes as never })).status).toBe(201);
}

async function put(name: string, tag: string, blob: { bytes: Uint8Array }, type: string): Promise<void> {
  const address = `http://${one.host}/v2/${name}/manifests/${tag}`;
  const headers = { 'content-type': type };
  expect((await fetch(address, { method: 'PUT', headers, body: blob.bytes as never })).status).toBe(201);
}

beforeAll(async () => {
  if (!able) return;
  one = (await realRegistry())!;
  two = (await realRegistry())!;
  own = await mille(join(place, 'own'), { base: false });
  for (const name of ['team/app', 'team/all'])
    for (const { manifest, config, layer } of [amd64, arm64]) {
      await upload(name, config);
      await upload(name, layer);
      await put(name, manifest.digest, manifest, MANIFEST);
    }
  const entries = [amd64, arm64].map(({ manifest }, i) => ({
    ...{ mediaType: MANIFEST, digest: manifest.digest, size: manifest.bytes.length },
    platform: { os: 'linux', architecture: i === 0 ? 'amd64' : 'arm64' },
  }));
  // Spaces that nobody would write again: bytes are copied, not documents.
  index = blobOf(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: entries }, null, 5));
  await put('team/app', '1', index, INDEX);
  arm = blobOf(JSON.stringify({ schemaVersion: 2, mediaType: INDEX, manifests: entries.slice(1) }));
});
afterAll(async () => {
  await one?.stop();
  await two?.stop();
  removePlace(place);
});

describe.skipIf(!able)('copy', () => {
  const source = () => `${one.host}/team/app:1`;

  test('from registry to registry, all platforms; what is there is not sent again', async () => {
    const args = ['copy', '--format', 'json', `docker://${source()}`, `${two.host}/mirror/app:2`];
    const copied = JSON.parse(await own.must(args, online));
    expect(copied).toMatchObject({
      destination: `${two.host}/mirror/app:2`,
      digest: index.digest,
      manifests: 3,
      blobs: { there: 0, mounted: 0, copied: 4 },
    });
    expect(await digestAt(two, 'mirror/app', '2')).toBe(index.digest);
    expect(JSON.parse(await own.must(args, online)).blobs).toEqual({ there: 4, mounted: 0, copied: 0 });
    const near = ['copy', source(), `${one.host}/other/app:1`];
    expect(await own.must(near, online)).toContain('Manifests: 3; blobs: 4 mounted');
    expect(await digestAt(one, 'other/app', '1')).toBe(index.digest);
    // The store has no part in it.
    expect(await own.must(['images', '-q'])).toBe('');
  });

  test('one platform', async () => {
    const to = `${two.host}/one/app:arm`;
    expect(await own.must(['copy', '-q', '--platform', 'linux/arm64', source(), to], online)).toBe(
      `${arm64.manifest.digest}\n`,
    );
    expect(await digestAt(two, 'one/app', 'arm')).toBe(arm64.manifest.digest);
    const { status, stderr } = await own.run(['copy', '--platform', 'linux/s390x', source(), to], online);
    expect(status).not.toBe(0);
    expect(stderr).toContain('is for linux/amd64, linux/arm64, not for linux/s390x');
  });

  test('through a layout, an archive and the store, and back: the same digest', async () => {
    const layout = join(place, 'layout');
    const archive = join(place, 'app.tar');
    const hops = [
      [source(), `oci:${layout}:1.0`],
      [`oci:${layout}:1.0`, `oci-archive:${archive}:example.com/app:1`],
      [`oci-archive:${archive}`, 'store://example.com/app:1'],
      ['store://example.com/app:1', `${two.host}/back/app:1`],
    ] as const;
    for (const [from, to] of hops)
      expect(await own.must(['copy', '-q', from, to], online)).toBe(`${index.digest}\n`);
    expect(await digestAt(two, 'back/app', '1')).toBe(index.digest);
    // A second name in the same layout.
    await own.must(['copy', '-q', '--platform', 'linux/arm64', source(), `oci:${layout}:arm`], online);
    const names = JSON.parse(readFileSync(join(layout, 'index.json'), 'utf8')).manifests.map(
      (entry: { annotations: Record<string, string> }) =>
        entry.annotations['org.opencontainers.image.ref.name'],
    );
    expect(names).toEqual(['1.0', 'arm']);
  });

  test('a damaged blob gets no name', async () => {
    const layout = join(place, 'damaged');
    await own.must(['copy', '-q', '--platform', 'linux/amd64', source(), `oci:${layout}`], online);
    const blob = join(layout, 'blobs/sha256', amd64.layer.digest.slice(7));
    const bytes = readFileSync(blob);
    bytes[600]! ^= 1;
    writeFileSync(blob, bytes);
    const { status, stderr } = await own.run(['copy', `oci:${layout}`, `${two.host}/bad/app:1`], online);
    expect(status).not.toBe(0);
    expect(stderr).toContain(amd64.layer.digest);
    expect(await digestAt(two, 'bad/app', '1')).toBe('404');
    const archive = join(place, 'bad.tar');
    expect((await own.run(['copy', `oci:${layout}`, `oci-archive:${archive}`])).status).not.toBe(0);
    expect(existsSync(archive)).toBe(false);
    // Copied again it is whole again.
    await own.must(['copy', '-q', '--platform', 'linux/amd64', source(), `oci:${layout}`], online);
    expect(readFileSync(blob).equals(Buffer.from(amd64.layer.bytes))).toBe(true);
  });

  test('inspect --remote shows what would be copied, and nothing is fetched', async () => {
    const [found] = JSON.parse(
      await own.must(['inspect', '--remote', '--platform', 'linux/arm64', source()], online),
    );
    expect(found).toMatchObject({
      Name: source(),
      ...{ Digest: index.digest, MediaType: INDEX, Size: index.bytes.length, Attestations: [] },
      Platforms: [
        { Platform: 'linux/amd64', Digest: amd64.manifest.digest },
        {
          ...{ Platform: 'linux/arm64', Digest: arm64.manifest.digest },
          Size: arm64.layer.bytes.length + arm64.config.bytes.length,
        },
      ],
      Config: { architecture: 'arm64' },
      Image: {
        Id: arm64.config.digest,
        Architecture: 'arm64',
        RepoDigests: [`${one.host}/team/app@${index.digest}`],
      },
    });
    const raw = await own.must(['inspect', '--remote', '--raw', `docker://${source()}`], online);
    expect(raw).toBe(Buffer.from(index.bytes).toString());
    const table = await own.must(['inspect', '--remote', '--format', 'table', source()], online);
    expect(table).toContain('linux/arm64');
    expect((await own.run(['inspect', '--raw', source()], online)).status).toBe(2);
    expect((await own.run(['inspect', '--remote', '--platform', 's390x', source()], online)).status).not.toBe(
      0,
    );
    expect((await own.run(['inspect', '--remote', source()])).status).toBe(60);
  });

  test('attestations of an index come along, and inspect shows them', async () => {
    const { manifests } = JSON.parse(Buffer.from(index.bytes).toString());
    const statement = blobOf(JSON.stringify({ ...JSON.parse(amd64.manifest.bytes.toString()), layers: [] }));
    await put('team/app', statement.digest, statement, MANIFEST);
    const entry = {
      ...{ mediaType: MANIFEST, digest: statement.digest, size: statement.bytes.length },
      platform: { os: 'unknown', architecture: 'unknown' },
      annotations: {
        'vnd.docker.reference.type': 'attestation-manifest',
        'vnd.docker.reference.digest': amd64.manifest.digest,
      },
    };
    const attested = { schemaVersion: 2, mediaType: INDEX, manifests: [...manifests, entry] };
    await put('team/app', 'attested', blobOf(JSON.stringify(attested)), INDEX);
    const to = `${two.host}/attested/app:1`;
    const copied = ['copy', '--format', 'json', `${one.host}/team/app:attested`, to];
    expect(JSON.parse(await own.must(copied, online)).manifests).toBe(4);
    const [found] = JSON.parse(await own.must(['inspect', '--remote', to], online));
    expect(found.Platforms.length).toBe(2);
    expect(found.Attestations).toEqual([
      { Digest: statement.digest, For: amd64.manifest.digest, Predicates: [] },
    ]);
  });

  test('pull --all-tags fetches every tag that is an image for the platform', async () => {
    const other = await mille(join(place, 'all'), { base: false });
    for (const tag of ['again', 'one']) await put('team/all', tag, amd64.manifest, MANIFEST);
    await put('team/all', 'arm', arm, INDEX);
    const args = ['pull', '-a', '--platform', 'linux/amd64', `${one.host}/team/all`];
    const { status, stdout, stderr } = await other.run(args, online);
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: [
        ...['again', 'one'].map((tag) => `${tag}: digest: ${amd64.manifest.digest}\n`),
        `Status: Downloaded newer image for ${one.host}/team/all\n${one.host}/team/all\n`,
      ].join(''),
    });
    expect(stderr).toContain('all:arm is left out');
    expect(await other.must([...args, '-q'], online)).toBe(
      ['again', 'one'].map((tag) => `${one.host}/team/all:${tag}\n`).join(''),
    );
    expect((await other.run(['pull', '-a', `${one.host}/team/all:one`], online)).status).toBe(2);
    expect((await other.run(['pull', '-a', `${two.host}/none/app`], online)).status).toBe(20);
  });

  test('no registry is asked when that is forbidden, and what is no place is said', async () => {
    expect((await own.run(['copy', source(), `oci:${join(place, 'never')}`])).status).toBe(60);
    expect((await own.run(['copy', source(), './app.tar'], online)).status).toBe(2);
    await own.must(['copy', '-q', source(), 'store://127.0.0.1:9/here'], online);
    const meant = await own.run(['copy', '127.0.0.1:9/here', `${two.host}/here:1`], online);
    expect(meant.stderr).toContain('for the image of the store write store://127.0.0.1:9/here');
    const other = `${two.host}/other/app@${arm64.manifest.digest}`;
    expect((await own.run(['copy', source(), other], online)).stderr).toContain('and cannot be sha256:');
  });

  test.skipIf(!skopeo)('skopeo reads what was written', async () => {
    const archive = join(place, 'docker.tar');
    await own.must(
      ['copy', '-q', source(), `docker-archive:${archive}:app:1`, '--platform', 'linux/amd64'],
      online,
    );
    for (const name of [`docker-archive:${archive}:app:1`, `oci:${join(place, 'layout')}:arm`]) {
      const { status, stdout, stderr } = command(['skopeo', 'inspect', '--config', name]);
      expect({ status, stderr: stderr.toString() }).toEqual({ status: 0, stderr: '' });
      expect(JSON.parse(stdout.toString()).os).toBe('linux');
    }
  });
});
