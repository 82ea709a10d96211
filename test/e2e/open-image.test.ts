// Images opened for looking into from wherever they lie: archives and layouts as this program and skopeo write them,
// registries real and false. All of it is the same image. Docker's daemon is in archive-peers.test.ts.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { OpenedImage } from '../../src/oci/image/index.ts';
import { openStore, type Store, saveArchive, saveLayout } from '../../src/oci/store/index.ts';
import { effectiveUid } from '../../src/sys/index.ts';
import { addSampleImage, addSampleLayer, sampleIndex } from '../../src/testkit/index.ts';
import { command } from '../support/docker.ts';
import { contentsOf, openWith } from '../support/open-image.ts';
import { blobOf, fakeRegistry, realRegistry, type TestRegistry, tinyImage } from '../support/registry.ts';

const APP = 'docker.io/library/app:latest';
const privilege = effectiveUid() === 0 ? 'root' : 'rootless';

let base: string;
/** Has the image. */
let store: Store;
/** Has nothing, and is not even there. */
let empty: Store;
let image: ReturnType<typeof addSampleImage>;
let expected: { layers: string[]; contents: string[][] };
let saved: string;
let registry: TestRegistry | undefined;

const skopeo = Bun.which('skopeo') ?? undefined;
if (!skopeo) console.warn('skipped: archives and layouts by skopeo, which is not installed');

const offline = process.env.MILLE_OFFLINE;

beforeAll(async () => {
  // The registries are on this machine.
  delete process.env.MILLE_OFFLINE;
  base = mkdtempSync(join(tmpdir(), 'mille-open-image-'));
  store = openStore(join(base, 'store'), { privilege });
  empty = openStore(join(base, 'absent'), { privilege, readOnly: true });
  const low = await addSampleLayer(store, {
    'etc/motd': 'hello\n',
    'etc/gone': 'x',
    big: 'b'.repeat(1 << 19),
  });
  const high = await addSampleLayer(store, { 'etc/gone': undefined, 'app/größe': 'ß', 'app/empty': '' });
  image = addSampleImage(store, [low, high, low], { names: [APP] });
  const other = addSampleImage(store, [high], { names: ['docker.io/library/other:1'] });
  saved = join(base, 'saved.tar');
  await save(saved, [{ ...image, names: [APP] }]);
  await save(join(base, 'two.tar'), [
    { ...image, names: [APP] },
    { ...other, names: ['docker.io/library/other:1'] },
  ]);
  writeFileSync(join(base, 'saved.tar.gz'), Bun.gzipSync(readFileSync(saved) as Uint8Array<ArrayBuffer>));
  const opened = await openWith(store, 'app');
  expected = { layers: opened.layers.map(({ diffId }) => diffId), contents: await contentsOf(opened) };
  await opened.close();
  registry = await realRegistry();
});

afterAll(async () => {
  if (offline !== undefined) process.env.MILLE_OFFLINE = offline;
  store.close();
  empty.close();
  await registry?.stop();
  rmSync(base, { recursive: true, force: true });
});

async function save(
  file: string,
  images: readonly { manifestDigest: typeof image.manifestDigest; names: string[] }[],
) {
  const fd = openSync(file, 'w');
  const documents = images.map(({ manifestDigest, names }) => ({
    images: [store.image(manifestDigest)],
    names,
  }));
  await saveArchive(store, documents, (bytes) => {
    for (let rest = bytes; rest.length > 0; ) rest = rest.subarray(writeSync(fd, rest));
  });
  closeSync(fd);
}

/** Opens and closes it; what it is, checked to be the same image as in the store. */
async function same(name: string, from = empty): Promise<OpenedImage> {
  const opened = await openWith(from, name, { contents: true });
  try {
    expect(opened.imageId).toBe(image.imageId);
    expect(opened.layers.map(({ diffId }) => diffId as string)).toEqual(expected.layers);
    expect(await contentsOf(opened)).toEqual(expected.contents);
    for (const layer of opened.layers) {
      const stored = store.layer(layer.diffId)!;
      expect(await layer.size()).toBe(stored.info.size);
      expect(await layer.toc()).toEqual(store.toc(layer.diffId));
    }
  } finally {
    await opened.close();
  }
  return opened;
}

describe('archives and layouts', () => {
  test('as the program writes them, plain and compressed', async () => {
    expect(await same(saved)).toMatchObject({ title: 'app:latest', origin: 'archive', ...image });
    await same(join(base, 'saved.tar.gz'));
    await same(`${saved}:app`);
    await same(`${saved}@${image.manifestDigest}`);
    await same(`docker-archive:${saved}:app:latest`);
    const layout = join(base, 'layout');
    await saveLayout(store, [{ images: [store.image(image.manifestDigest)], names: [APP] }], layout);
    expect(await same(layout)).toMatchObject({ origin: 'layout', ...image });
    await same(`oci:${layout}`);
    await same(`oci-layout://${layout}:latest`);
    expect(existsSync(join(base, 'absent'))).toBe(false);
  });

  test('one of several is chosen by its name, and has to be', async () => {
    const two = join(base, 'two.tar');
    await same(`${two}:app`);
    const found = await openWith(empty, `${two}:other:1`);
    await found.close();
    expect(found).toMatchObject({ title: 'other:1' });
    await expect(openWith(empty, two)).rejects.toMatchObject({
      code: 'image-missing',
      hint: expect.stringContaining('app:latest, other:1'),
    });
    await expect(openWith(empty, `${two}:othre:1`)).rejects.toMatchObject({ hint: 'did you mean other:1?' });
    await expect(openWith(empty, join(base, 'none.tar'))).rejects.toMatchObject({ code: 'io' });
  });

  test.skipIf(!skopeo)('as skopeo writes them', async () => {
    const at = (name: string) => join(base, name);
    const from = `oci:${store.root}:app:latest`;
    for (const to of [
      `docker-archive:${at('docker.tar')}:app:latest`,
      `oci-archive:${at('oci.tar')}:app:latest`,
      `oci:${at('packed')}:app:latest`,
      `oci:${at('tagged')}:v1`,
    ]) {
      const { status, stderr } = command([skopeo!, 'copy', '-q', '--dest-compress', from, to]);
      if (status !== 0) throw new Error(stderr);
    }
    const docker = await same(at('docker.tar'));
    expect(docker.manifestDigest).toBeUndefined();
    await same(at('oci.tar'));
    const packed = await same(at('packed'));
    // Compressed there, and so smaller as it is sent.
    expect(packed.layers[0]!.blob.size).toBeLessThan(await sizeOf(packed.layers[0]!.diffId));
    await same(`oci:${at('tagged')}:v1`);
  });

  test('of several platforms the one asked for, else that of the machine', async () => {
    const layer = await addSampleLayer(store, { file: 'arm' });
    const arm = addSampleImage(store, [layer], { architecture: 'riscv64' });
    const index = sampleIndex(store, [image.manifestDigest, arm.manifestDigest]);
    const digest = store.putIndex(index);
    const layout = join(base, 'platforms');
    const documents = {
      images: [image, arm].map(({ manifestDigest }) => store.image(manifestDigest)),
      names: ['docker.io/library/multi:1'],
      index: store.index(digest)!,
    };
    await saveLayout(store, [documents], layout);
    await same(layout);
    const other = await openWith(empty, layout, { platform: 'linux/riscv64' });
    expect(other.imageId).toBe(arm.imageId);
    await other.close();
    await expect(openWith(empty, layout, { platform: 'linux/s390x' })).rejects.toMatchObject({
      code: 'platform-unsupported',
    });
    await expect(openWith(empty, saved, { platform: 'linux/s390x' })).rejects.toMatchObject({
      code: 'platform-unsupported',
      message: expect.stringContaining(saved),
    });
  });

  async function sizeOf(diffId: OpenedImage['layers'][number]['diffId']): Promise<number> {
    return store.layer(diffId)!.info.size;
  }
});

describe('what is damaged or hostile is refused', () => {
  const layoutOf = (name: string, change: (blobs: string) => void): string => {
    const layout = join(base, name);
    command(['cp', '-r', join(base, 'layout'), layout]);
    change(join(layout, 'blobs/sha256'));
    return layout;
  };
  const tables = async (name: string) => {
    const opened = await openWith(empty, name);
    try {
      for (const layer of opened.layers) await layer.toc();
    } finally {
      await opened.close();
    }
  };

  test('a layer that is another, or cut short', async () => {
    const hex = expected.layers[0]!.slice(7);
    const other = layoutOf('other-layer', (blobs) => {
      const bytes = readFileSync(join(blobs, hex));
      bytes[bytes.indexOf('hello')] = 0x6a;
      writeFileSync(join(blobs, hex), bytes);
    });
    await expect(tables(other)).rejects.toMatchObject({ code: 'digest-mismatch' });
    const longer = layoutOf('longer-layer', (blobs) => {
      writeFileSync(join(blobs, hex), Buffer.concat([readFileSync(join(blobs, hex)), Buffer.alloc(512)]));
    });
    await expect(tables(longer)).rejects.toMatchObject({ code: 'digest-mismatch' });
    const shorter = layoutOf('shorter-layer', (blobs) => {
      writeFileSync(join(blobs, hex), readFileSync(join(blobs, hex)).subarray(0, 2000));
    });
    await expect(tables(shorter)).rejects.toMatchObject({ code: 'archive-broken' });
  });

  test('documents that are not what their digest says', async () => {
    const changed = layoutOf('config', (blobs) => {
      const path = join(blobs, image.imageId.slice(7));
      writeFileSync(path, `${readFileSync(path, 'utf8')} `);
    });
    await expect(openWith(empty, changed)).rejects.toMatchObject({ code: 'digest-mismatch' });
  });

  test('an archive that ends in the middle of a layer', async () => {
    const cut = join(base, 'cut.tar');
    writeFileSync(cut, readFileSync(saved).subarray(0, 100_000));
    await expect(openWith(empty, cut)).rejects.toMatchObject({ code: 'archive-broken' });
  });

  test('reading ends where it is interrupted', async () => {
    const controller = new AbortController();
    const opened = await openWith(empty, saved, { signal: controller.signal });
    controller.abort();
    await expect(opened.layers[0]!.toc()).rejects.toMatchObject({ code: 'interrupted' });
    await opened.close();
  });

  test('files that are no archives of images', async () => {
    const text = join(base, 'text');
    writeFileSync(text, 'hello');
    await expect(openWith(empty, text)).rejects.toMatchObject({ code: 'archive-broken' });
    await expect(openWith(empty, join(base, 'layout/blobs'))).rejects.toMatchObject({
      code: 'image-invalid',
    });
  });

  test('a directory that only has the name of an image is not meant', async () => {
    const before = process.cwd();
    process.chdir(base);
    try {
      await expect(openWith(empty, 'layout/blobs')).rejects.toMatchObject({ code: 'image-missing' });
      const found = await openWith(empty, 'layout');
      await found.close();
      expect(found).toMatchObject({ origin: 'layout' });
    } finally {
      process.chdir(before);
    }
  });

  test('a link in an archive that leads out of it', async () => {
    const place = join(base, 'escape');
    const evil = join(base, 'evil.tar');
    command(['mkdir', place]);
    command(['ln', '-s', '../../../etc/passwd', join(place, 'index.json')]);
    command(['tar', '-C', place, '-cf', evil, 'index.json']);
    await expect(openWith(empty, evil)).rejects.toMatchObject({ code: 'archive-escape' });
  });
});

describe('registries', () => {
  test.skipIf(!skopeo)('a real one gives the same image, and nothing is kept', async () => {
    if (!registry) return;
    const name = `${registry.host}/team/app:1`;
    const { status, stderr } = command([
      ...[
        skopeo!,
        'copy',
        '-q',
        '--dest-tls-verify=false',
        `oci:${store.root}:app:latest`,
        `docker://${name}`,
      ],
    ]);
    if (status !== 0) throw new Error(stderr);
    expect(await same(name)).toMatchObject({ title: name, origin: 'registry' });
    await same(`registry://${name}`);
    await same(`docker://${name}`);
    expect(existsSync(join(base, 'absent'))).toBe(false);
    await expect(openWith(empty, `${registry.host}/team/app:2`)).rejects.toMatchObject({
      code: 'image-missing',
    });
  });

  test('a layer that the store has is not fetched', async () => {
    const fake = fakeRegistry();
    try {
      const layer = await addSampleLayer(store, { known: 'here' });
      const bytes = Buffer.from(store.readBlob(layer.descriptor.digest, 1 << 20));
      const tiny = tinyImage('not here');
      const config = blobOf(
        JSON.stringify({
          ...JSON.parse(tiny.config.bytes.toString()),
          rootfs: {
            type: 'layers',
            diff_ids: [layer.diffId, JSON.parse(tiny.config.bytes.toString()).rootfs.diff_ids[0]],
          },
        }),
      );
      const written = JSON.parse(tiny.manifest.bytes.toString());
      const manifest = blobOf(
        JSON.stringify({
          ...written,
          config: { ...written.config, digest: config.digest, size: config.bytes.length },
          layers: [layer.descriptor, written.layers[0]],
        }),
      );
      fake.manifest('1', manifest);
      for (const blob of [config, tiny.layer, blobOf(bytes)]) fake.blob(blob);
      const fetched = () =>
        fake.requests.filter((request) => request.includes('/blobs/')).map((one) => one.split('/').at(-1)!);
      const opened = await openWith(store, `${fake.host}/tiny:1`, { contents: true });
      expect(await contentsOf(opened)).toEqual([expect.arrayContaining(['known=here']), ['file=not here']]);
      await opened.layers[1]!.read(() => undefined);
      await opened.close();
      expect(fetched()).toEqual([config.digest, tiny.layer.digest]);
      expect(store.findByBlob(tiny.layer.digest as typeof layer.diffId)).toBeUndefined();
      expect(readdirSync(join(store.root, 'tmp')).length).toBeLessThan(2);
    } finally {
      fake.stop();
    }
  });

  test('a layer that is another one, and one that is too long', async () => {
    const fake = fakeRegistry();
    try {
      const good = tinyImage('good');
      fake.serve('1', good);
      fake.blob({ digest: good.layer.digest, bytes: tinyImage('evil').layer.bytes });
      const opened = await openWith(empty, `${fake.host}/tiny:1`);
      await expect(opened.layers[0]!.toc()).rejects.toMatchObject({ code: 'digest-mismatch' });
      await opened.close();
    } finally {
      fake.stop();
    }
  });
});
