// Registries that mean harm, or are far out of order: what they send is bounded, nothing of it is seen, and what was
// wrong is said.

import { afterAll, afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { findRemote } from '../../src/app/pull/find-remote.ts';
import { parsePlatform, parseReference } from '../../src/oci/image/index.ts';
import { openStore, type Store } from '../../src/oci/store/index.ts';
import { blobOf, type FakeRegistry, fakeRegistry, type ServedImage, tinyImage } from '../support/registry.ts';

const place = mkdtempSync(join(tmpdir(), 'mille-hostile-'));
const amd64 = parsePlatform('linux/amd64', { os: 'linux', architecture: 'amd64' });
let store: Store;
let registry: FakeRegistry;
let count = 0;

beforeEach(() => {
  store = openStore(join(place, String(count++)), { privilege: 'root' });
  registry = fakeRegistry();
});
afterEach(() => {
  registry.stop();
  store.close();
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

async function pull(name = 'team/app:1'): Promise<void> {
  const reference = parseReference(`${registry.host}/${name}`);
  const access = { credentials: async () => undefined, pause: 1, patience: 20_000 };
  const lock = store.lockShared();
  try {
    await (await findRemote(store, { reference, platform: amd64, access, keepOther: false })).keep(() => {});
  } finally {
    lock.release();
  }
}

/** A pull that fails, and what it says; nothing is there after it, and the program did not grow. */
async function fails(code: string, name?: string): Promise<string> {
  const before = process.memoryUsage.rss();
  const error = await pull(name).then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error).toMatchObject({ code });
  expect(store.listImages()).toEqual([]);
  expect(store.listBlobs()).toEqual([]);
  expect(await store.verify()).toEqual([]);
  expect(process.memoryUsage.rss() - before).toBeLessThan(250e6);
  return `${error.message} ${error.hint ?? ''}`;
}

interface EditedManifest {
  config: { digest: string; size: number };
  layers: object[];
}
interface EditedConfig {
  rootfs: { diff_ids: string[] };
}

/** The image with another manifest, and another config where its layers are others. */
function edited(
  image: ServedImage,
  change: (manifest: EditedManifest, config: EditedConfig) => void,
): ServedImage {
  const config: EditedConfig = JSON.parse(image.config.bytes.toString());
  const manifest: EditedManifest = JSON.parse(image.manifest.bytes.toString());
  change(manifest, config);
  const configBlob = blobOf(JSON.stringify(config));
  Object.assign(manifest.config, { digest: configBlob.digest, size: configBlob.bytes.length });
  return { ...image, config: configBlob, manifest: blobOf(JSON.stringify(manifest)) };
}

test('a manifest of 100 MB, announced or not', async () => {
  const image = tinyImage('x');
  registry.serve('1', image);
  let sent = 0;
  registry.hook = (_, url) => {
    if (!url.pathname.includes('/manifests/')) return undefined;
    const piece = Buffer.alloc(1 << 20, ' ');
    const pull = (controller: ReadableStreamDefaultController) => {
      sent++;
      controller.enqueue(piece);
      if (sent % 100 === 0) controller.close();
    };
    return new Response(new ReadableStream({ pull }));
  };
  expect(await fails('image-invalid')).toContain('larger than 16777216 bytes');
  expect(sent).toBeLessThan(40);
  registry.hook = (_, url) =>
    url.pathname.includes('/manifests/') ? new Response(Buffer.alloc(100 << 20, ' ')) : undefined;
  expect(await fails('image-invalid')).toContain('larger than 16777216 bytes');
});

test('ten thousand layers', async () => {
  const many = edited(tinyImage('x'), (manifest, config) => {
    manifest.layers = Array.from({ length: 10_000 }, () => manifest.layers[0]!);
    config.rootfs.diff_ids = Array.from({ length: 10_000 }, () => config.rootfs.diff_ids[0]!);
  });
  registry.serve('1', many);
  expect(await fails('image-invalid')).toContain('has 10000 layers, and 1000 are the most');
  expect(registry.requests.length).toBe(1);
});

test('a config of another size, of 100 MB, or that names other layers', async () => {
  const image = tinyImage('x');
  registry.serve(
    '1',
    edited(image, (manifest) => {
      manifest.config.size = 1;
    }),
  );
  const lying = JSON.parse(image.manifest.bytes.toString());
  lying.config.size = 100 << 20;
  registry.manifest('2', blobOf(JSON.stringify(lying)));
  lying.config.size = 3;
  registry.manifest('3', blobOf(JSON.stringify(lying)));
  expect(await fails('image-invalid', 'team/app:2')).toContain('larger than');
  expect(await fails('digest-mismatch', 'team/app:3')).toContain('should have 3 bytes');
  registry.serve(
    '4',
    edited(image, (_, config) => {
      config.rootfs.diff_ids = [];
    }),
  );
  expect(await fails('image-invalid', 'team/app:4')).toContain('has 1 layers, its config 0');
});

test('a layer that expands without end', async () => {
  const zeroes = new Uint8Array(300 << 20);
  const bomb = blobOf(zstdCompressSync(zeroes));
  expect(bomb.bytes.length).toBeLessThan(100_000);
  const image = edited(tinyImage('x'), (manifest) => {
    const mediaType = 'application/vnd.oci.image.layer.v1.tar+zstd';
    manifest.layers = [{ mediaType, digest: bomb.digest, size: bomb.bytes.length }];
  });
  registry.serve('1', { ...image, layer: bomb });
  expect(['archive-limit', 'archive-broken', 'digest-mismatch']).toContain(
    (await pull().catch((error) => error)).code,
  );
  expect(store.listBlobs()).toEqual([]);
});

test('an address of its own for a layer is never asked', async () => {
  let asked = 0;
  const elsewhere = Bun.serve({
    hostname: '127.0.0.1',
    port: 0,
    fetch: () => {
      asked++;
      return new Response('x');
    },
  });
  try {
    const image = edited(tinyImage('x'), (manifest) => {
      Object.assign(manifest.layers[0]!, {
        mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip',
        urls: [`http://127.0.0.1:${elsewhere.port}/layer`],
      });
    });
    registry.manifest('1', image.manifest);
    registry.blob(image.config);
    const message = await fails('image-missing');
    expect(message).toContain('says that it lies elsewhere');
    expect(message).not.toContain(String(elsewhere.port));
    expect(asked).toBe(0);
    // Where the registry has it, it is taken from there.
    registry.blob(image.layer);
    await pull();
    expect(asked).toBe(0);
    expect(await store.verify()).toEqual([]);
  } finally {
    elsewhere.stop(true);
  }
});

test('indexes in indexes, without end', async () => {
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  let inner = tinyImage('x').manifest;
  registry.manifest('0', inner);
  for (let depth = 1; depth <= 6; depth++) {
    const entry = {
      ...{ mediaType, digest: inner.digest, size: inner.bytes.length },
      platform: { os: 'linux', architecture: 'amd64' },
    };
    inner = blobOf(JSON.stringify({ schemaVersion: 2, mediaType, manifests: [entry] }));
    registry.manifest(String(depth), inner);
  }
  expect(await fails('image-invalid', 'team/app:6')).toContain('nested too deeply');
});

test('an error without end, and one with control characters', async () => {
  registry.hook = () =>
    new Response(
      new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1 << 20).fill(65)) }),
      { status: 418 },
    );
  expect(await fails('network')).toContain('answered 418');
  registry.hook = () =>
    new Response(JSON.stringify({ errors: [{ message: '\u001b[2Jgone\u0007' }] }), { status: 418 });
  const message = await fails('network');
  expect(message).toContain('gone');
  expect(message).not.toContain('\u001b');
});

test('a name with a tag and a digest means the digest', async () => {
  const [one, two] = [tinyImage('one'), tinyImage('two')];
  registry.serve('1', two);
  registry.serve('old', one);
  await pull(`team/app:1@${one.manifest.digest}`);
  expect(store.listImages().map(({ manifestDigest }) => String(manifestDigest))).toEqual([
    one.manifest.digest,
  ]);
  expect(registry.requests[0]).toBe(`GET /v2/team/app/manifests/${one.manifest.digest}`);
});
