import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import {
  closeSync,
  mkdirSync,
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
import { gzipSync, zstdCompressSync } from 'node:zlib';
import type { Digest } from '../../../core/index.ts';
import { sha256 } from '../../../sys/index.ts';
import { addSampleImage, addSampleLayer, type SampleFiles, sampleEntries } from '../../../testkit/index.ts';
import { MEDIA } from '../../image/index.ts';
import { type LayerSourceEntry, writeLayer } from '../../layer/index.ts';
import { loadArchive, openStore, type Store, saveArchive } from '../index.ts';

const APP = 'docker.io/library/app:latest';
const TEAM = 'localhost:5000/team/app:1.0';
let base: string;
let counter = 0;
let store: Store;
let target: Store;

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'mille-archive-'));
  store = openStore(join(base, 'store'), { privilege: 'root' });
});
beforeEach(() => {
  target = openStore(join(base, `target-${++counter}`), { privilege: 'root' });
});
afterAll(() => {
  store.close();
  rmSync(base, { recursive: true, force: true });
});

interface ImageByDigest {
  readonly manifestDigest: Digest;
  readonly names: readonly string[];
}

async function save(from: Store, images: readonly ImageByDigest[]): Promise<string> {
  const file = join(base, `saved-${++counter}.tar`);
  const fd = openSync(file, 'w');
  const documents = images.map(({ manifestDigest, names }) => ({
    images: [from.image(manifestDigest)],
    names,
  }));
  await saveArchive(from, documents, (bytes) => {
    writeSync(fd, bytes);
  });
  closeSync(fd);
  return file;
}

async function tarOf(entries: readonly LayerSourceEntry[]): Promise<Buffer> {
  const chunks: Buffer[] = [];
  await writeLayer(entries, (bytes) => {
    chunks.push(Buffer.from(bytes));
  });
  return Buffer.concat(chunks);
}

function fileEntry(path: string, bytes: Uint8Array): LayerSourceEntry {
  let at = 0;
  const read = (buffer: Uint8Array) => {
    const part = bytes.subarray(at, at + buffer.length);
    buffer.set(part);
    at += part.length;
    return part.length;
  };
  const entry = { path, type: 'file', mode: 0o644, uid: 0, gid: 0, size: bytes.length, mtime: 0 } as const;
  return { entry, open: () => ({ read, close: () => {} }) };
}

function linkEntry(path: string, link: string): LayerSourceEntry {
  return { entry: { path, type: 'symlink', link, mode: 0o777, uid: 0, gid: 0, size: 0, mtime: 0 } };
}

async function writeArchive(entries: readonly LayerSourceEntry[]): Promise<string> {
  const file = join(base, `made-${++counter}.tar`);
  writeFileSync(file, await tarOf(entries));
  return file;
}

const layerTar = (files: SampleFiles) => tarOf(sampleEntries(files));

function configOf(diffIds: readonly Digest[]): Buffer {
  return Buffer.from(
    JSON.stringify({ architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: diffIds } }),
  );
}

/** A Docker archive as Docker 20.10 writes it. */
async function dockerArchive(
  layers: readonly { path: string; bytes?: Buffer; link?: string }[],
  options: { config: Buffer; manifest?: unknown; configName?: string },
): Promise<string> {
  const { config, configName = `${sha256(config).slice(7)}.json` } = options;
  const manifest = options.manifest ?? [
    { Config: configName, RepoTags: ['app:latest'], Layers: layers.map(({ path }) => path) },
  ];
  return writeArchive([
    ...layers.map(({ path, bytes, link }) => (bytes ? fileEntry(path, bytes) : linkEntry(path, link!))),
    fileEntry(configName, config),
    fileEntry('manifest.json', Buffer.from(JSON.stringify(manifest))),
  ]);
}

async function failure(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'nothing thrown';
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

describe('save', () => {
  test('then load gives the same images and names, byte for byte, also through gzip, zstd and a pipe', async () => {
    const shared = await addSampleLayer(store, { 'etc/os-release': 'x'.repeat(5000) });
    const one = addSampleImage(store, [shared, await addSampleLayer(store, { a: 'a' })]);
    const two = addSampleImage(store, [shared, shared], { author: 'two' });
    const file = await save(store, [
      { manifestDigest: one.manifestDigest, names: [APP] },
      { manifestDigest: two.manifestDigest, names: [] },
      { manifestDigest: one.manifestDigest, names: [TEAM] },
    ]);
    const plain = readFileSync(file);
    writeFileSync(`${file}.gz`, gzipSync(plain));
    writeFileSync(`${file}.zst`, zstdCompressSync(plain));
    const fd = openSync(`${file}.gz`, 'r');
    for (const input of [file, `${file}.gz`, `${file}.zst`, fd]) {
      const fresh = openStore(join(base, `fresh-${++counter}`), { privilege: 'root' });
      expect(await loadArchive(fresh, input)).toEqual([
        { ...one, names: [APP, TEAM] },
        { ...two, names: [] },
      ]);
      expect(await fresh.verify()).toEqual([]);
      expect(Buffer.compare(readFileSync(await save(fresh, [{ ...two, names: [] }])), plain)).not.toBe(0);
      const again = [
        { manifestDigest: one.manifestDigest, names: [TEAM, APP] },
        { manifestDigest: two.manifestDigest, names: [] },
      ];
      expect(Buffer.compare(readFileSync(await save(fresh, again)), plain)).toBe(0);
      fresh.close();
    }
    closeSync(fd);
  });

  test('holds each blob once, for Docker by name and path', async () => {
    const shared = await addSampleLayer(store, { shared: 's' });
    const one = addSampleImage(store, [shared]);
    const two = addSampleImage(store, [shared], { author: 'other' });
    const file = await save(store, [
      { ...one, names: [APP] },
      { ...two, names: [TEAM] },
    ]);
    const list = Bun.spawnSync(['tar', 'tvf', file]).stdout.toString();
    expect(list.split('\n').filter((line) => line.includes(shared.diffId.slice(7)))).toHaveLength(1);
    const docker = JSON.parse(Bun.spawnSync(['tar', 'xOf', file, 'manifest.json']).stdout.toString());
    const path = (digest: Digest) => `blobs/sha256/${digest.slice(7)}`;
    expect(docker).toEqual([
      { Config: path(one.imageId), RepoTags: ['app:latest'], Layers: [path(shared.diffId)] },
      { Config: path(two.imageId), RepoTags: ['localhost:5000/team/app:1.0'], Layers: [path(shared.diffId)] },
    ]);
  });

  test('notices a damaged blob', async () => {
    const layer = await addSampleLayer(target, { a: 'a good content' });
    const image = addSampleImage(target, [layer]);
    const file = target.blobPath(layer.descriptor.digest);
    writeFileSync(file, readFileSync(file, 'latin1').replace('good', 'evil'), 'latin1');
    expect(await failure(save(target, [{ ...image, names: [] }]))).toBe('digest-mismatch');
  });

  test('gives Docker a plain copy of a zstd layer', async () => {
    const tar = await layerTar({ z: 'z'.repeat(3000) });
    const packed = zstdCompressSync(tar);
    const config = configOf([sha256(tar)]);
    const file = await dockerArchive([{ path: 'x/layer.tar', bytes: packed }], { config });
    const [loaded] = await loadArchive(target, file);
    expect(target.image(loaded!.manifestDigest).manifest.layers[0]).toEqual({
      mediaType: MEDIA.layerZstd,
      digest: sha256(packed),
      size: packed.length,
    });
    const saved = await save(target, [{ ...loaded!, names: [APP] }]);
    const docker = JSON.parse(Bun.spawnSync(['tar', 'xOf', saved, 'manifest.json']).stdout.toString());
    const [member] = docker[0].Layers;
    expect(sha256(Bun.spawnSync(['tar', 'xOf', saved, member]).stdout)).toBe(sha256(tar));
    expect(await loadArchive(store, saved)).toEqual([{ ...loaded!, names: [APP] }]);
  });
});

describe('load of Docker archives', () => {
  test('of the old form, with links for layers that occur twice, and any compression', async () => {
    const tars = [
      await layerTar({ a: 'a' }),
      await layerTar({ b: 'b' }),
      await layerTar({ c: 'c' }),
    ] as const;
    const xz = Bun.spawnSync(['xz', '-c'], { stdin: tars[2] });
    const config = configOf([sha256(tars[0]), sha256(tars[1]), sha256(tars[0]), sha256(tars[2])]);
    const file = await dockerArchive(
      [
        { path: 'one/layer.tar', bytes: tars[0] },
        { path: 'two/layer.tar', bytes: gzipSync(tars[1]) },
        { path: 'three/layer.tar', link: '../one/layer.tar' },
        { path: 'four/layer.tar', bytes: Buffer.from(xz.stdout) },
      ],
      { config },
    );
    const [loaded] = await loadArchive(target, file);
    expect(loaded).toMatchObject({ imageId: sha256(config), names: [APP] });
    const { manifest } = target.image(loaded!.manifestDigest);
    expect(manifest.layers.map(({ mediaType }) => mediaType)).toEqual([
      MEDIA.layerTar,
      MEDIA.layerGzip,
      MEDIA.layerTar,
      MEDIA.layerTar,
    ]);
    expect(target.toc(sha256(tars[1])).entries.map(({ path }) => path)).toEqual(['b']);
    expect(await target.verify()).toEqual([]);
    expect(await loadArchive(target, file)).toEqual([loaded!]);
  });

  test('with a layout beside it that lacks the images without a name, as Docker 28 writes them', async () => {
    const layer = await addSampleLayer(store, { both: 'b' });
    const named = addSampleImage(store, [layer], { author: 'named' });
    const nameless = addSampleImage(store, [layer], { author: 'nameless' });
    const path = (digest: Digest) => `blobs/sha256/${digest.slice(7)}`;
    const blobs = [layer.diffId, named.imageId, named.manifestDigest, nameless.imageId];
    const { manifestBytes } = store.image(named.manifestDigest);
    const manifest = { mediaType: MEDIA.manifest, digest: named.manifestDigest, size: manifestBytes.length };
    const layers = [path(layer.diffId)];
    const documents = {
      'index.json': { schemaVersion: 2, manifests: [manifest] },
      'manifest.json': [
        { Config: path(named.imageId), RepoTags: ['app:latest'], Layers: layers },
        { Config: path(nameless.imageId), RepoTags: null, Layers: layers },
      ],
    };
    const file = await writeArchive([
      ...blobs.map((digest) => fileEntry(path(digest), store.readBlob(digest, 1 << 20))),
      ...Object.entries(documents).map(([name, value]) =>
        fileEntry(name, Buffer.from(JSON.stringify(value))),
      ),
    ]);
    const loaded = await loadArchive(target, file);
    expect(loaded.map(({ imageId, names }) => [imageId, names])).toEqual([
      [named.imageId, [APP]],
      [nameless.imageId, []],
    ]);
    expect(loaded[0]!.manifestDigest).toBe(named.manifestDigest);
  });

  test('moves a name, and keeps the image that had it', async () => {
    const old = addSampleImage(target, [await addSampleLayer(target, { old: 'o' })], { names: [APP] });
    const tar = await layerTar({ a: 'new' });
    const [loaded] = await loadArchive(
      target,
      await dockerArchive([{ path: 'l.tar', bytes: tar }], { config: configOf([sha256(tar)]) }),
    );
    expect(target.resolveName(APP)).toBe(loaded!.manifestDigest);
    expect(target.image(old.manifestDigest).names).toEqual([]);
  });

  test('hostile ones fail clearly and change nothing', async () => {
    const tar = await layerTar({ a: 'a' });
    const good = { path: 'l/layer.tar', bytes: tar };
    const config = configOf([sha256(tar)]);
    const name = `${sha256(config).slice(7)}.json`;
    const entry = { Config: name, RepoTags: ['app:latest'], Layers: [good.path] };
    const wrong = configOf([sha256('wrong')]);
    const escaping = await tarOf([fileEntry('../a', Buffer.from('a'))]);
    const cases: [string, Promise<string>][] = [
      ['digest-mismatch', dockerArchive([good], { config: wrong })],
      ['digest-mismatch', dockerArchive([good], { config, configName: `${'0'.repeat(64)}.json` })],
      ['image-invalid', dockerArchive([good], { config: configOf([]) })],
      ['image-invalid', dockerArchive([good], { config, manifest: [{ ...entry, Layers: ['missing'] }] })],
      ['image-invalid', dockerArchive([good], { config, manifest: [{ ...entry, Layers: ['l'] }] })],
      ['image-invalid', dockerArchive([good], { config, manifest: [{ ...entry, Layers: [1] }] })],
      ['image-invalid', dockerArchive([good], { config, manifest: [{ ...entry, Config: 'missing' }] })],
      ['image-invalid', dockerArchive([good], { config, manifest: [null] })],
      ['image-invalid', dockerArchive([good], { config, manifest: {} })],
      ['image-invalid', dockerArchive([good], { config, manifest: [] })],
      ['image-invalid', dockerArchive([good], { config, manifest: `${' '.repeat(17 << 20)}` })],
      ['reference-invalid', dockerArchive([good], { config, manifest: [{ ...entry, RepoTags: ['A B'] }] })],
      ['archive-escape', dockerArchive([good], { config, manifest: [{ ...entry, Layers: ['../x'] }] })],
      ['archive-escape', dockerArchive([{ path: 'l', link: '../../../etc/passwd' }], { config })],
      ['image-invalid', dockerArchive([{ path: 'l', link: 'l' }], { config })],
      ['archive-broken', dockerArchive([{ path: 'l', bytes: gzipSync(tar).subarray(0, 60) }], { config })],
      [
        'archive-broken',
        dockerArchive([{ path: 'l', bytes: Buffer.alloc(4096, 'x') }], {
          config: configOf([sha256(Buffer.alloc(4096, 'x'))]),
        }),
      ],
      [
        'archive-escape',
        dockerArchive([{ path: 'l', bytes: escaping }], { config: configOf([sha256(escaping)]) }),
      ],
      // The second image is bad: the first must not come in either.
      [
        'image-invalid',
        dockerArchive([good], { config, manifest: [entry, { ...entry, Config: 'missing' }] }),
      ],
    ];
    for (const [i, [code, file]] of cases.entries()) {
      expect(`${i} ${await failure(loadArchive(target, await file))}`).toBe(`${i} ${code}`);
      expect(target.listBlobs()).toEqual([]);
      expect(target.db.all('SELECT * FROM layers')).toEqual([]);
    }
    target.close();
    expect(readdirSync(join(target.root, 'tmp'))).toEqual([]);
  });

  test('what is no archive of images', async () => {
    const other = await writeArchive(sampleEntries({ 'etc/passwd': 'x' }));
    const text = join(base, 'text');
    writeFileSync(text, 'hello\n'.repeat(1000));
    const cut = await dockerArchive([], { config: configOf([]) });
    writeFileSync(cut, readFileSync(cut).subarray(0, 550));
    expect(await failure(loadArchive(target, other))).toBe('image-invalid');
    expect(await failure(loadArchive(target, text))).toBe('archive-broken');
    expect(await failure(loadArchive(target, cut))).toBe('archive-broken');
    expect(await failure(loadArchive(target, join(base, 'nothing-here')))).toBe('io');
  });
});

describe('load of OCI layouts', () => {
  test('the directory of another store is one', async () => {
    const image = addSampleImage(store, [await addSampleLayer(store, { dir: 'd' })], { names: [TEAM] });
    const loaded = await loadArchive(target, store.root);
    expect(loaded).toContainEqual({ ...image, names: [TEAM] });
    expect(await target.verify()).toEqual([]);
  });

  async function layout(change: (index: Record<string, unknown>, put: (text: string) => object) => object) {
    const tar = await layerTar({ l: 'l' });
    const directory = join(base, `layout-${++counter}`);
    mkdirSync(join(directory, 'blobs/sha256'), { recursive: true });
    const put = (content: string | Buffer, mediaType: string = MEDIA.index) => {
      const digest = sha256(content);
      writeFileSync(join(directory, 'blobs/sha256', digest.slice(7)), content);
      return { mediaType, digest, size: Buffer.byteLength(content) };
    };
    const layers = [put(gzipSync(tar), MEDIA.layerGzip)];
    const config = put(configOf([sha256(tar)]), MEDIA.config);
    const manifest = put(
      JSON.stringify({ schemaVersion: 2, mediaType: MEDIA.manifest, config, layers }),
      MEDIA.manifest,
    );
    const index = change(manifest, put);
    writeFileSync(join(directory, 'index.json'), JSON.stringify(index));
    writeFileSync(join(directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
    return directory;
  }
  const amd64 = { os: 'linux', architecture: 'amd64' };

  test('an index of several platforms gives the one wanted; attestations are passed over', async () => {
    const absent = { mediaType: MEDIA.manifest, digest: sha256('absent'), size: 1 };
    const nested = (platforms: object[]) =>
      layout((manifest, put) => ({
        schemaVersion: 2,
        manifests: [
          {
            ...put(
              JSON.stringify({
                schemaVersion: 2,
                manifests: [
                  { ...absent, platform: { os: 'linux', architecture: 's390x' } },
                  { ...manifest, platform: { os: 'unknown', architecture: 'unknown' } },
                  ...platforms.map((platform) => ({ ...manifest, platform })),
                ],
              }),
            ),
            annotations: { 'io.containerd.image.name': TEAM },
          },
        ],
      }));
    const other = { os: 'linux', architecture: 'riscv64' };
    for (const platforms of [[amd64], [other, amd64]]) {
      const [loaded] = await loadArchive(target, await nested(platforms), { platform: amd64 });
      expect(loaded!.names).toEqual([TEAM]);
    }
    const foreign = nested([other, { os: 'linux', architecture: 'arm64' }]);
    expect(await failure(loadArchive(target, await foreign, { platform: amd64 }))).toBe(
      'platform-unsupported',
    );
    expect(await failure(loadArchive(target, await nested([])))).toBe('image-invalid');
  });

  test('names from annotations: whole references, never a tag alone', async () => {
    const named = (annotations: Record<string, string>) =>
      layout((manifest) => ({ schemaVersion: 2, manifests: [{ ...manifest, annotations }] }));
    const cases: [Record<string, string>, string[]][] = [
      [{ 'org.opencontainers.image.ref.name': 'app:latest' }, [APP]],
      [{ 'org.opencontainers.image.ref.name': 'latest' }, []],
      [{ 'org.opencontainers.image.ref.name': 'latest', 'io.containerd.image.name': TEAM }, [TEAM]],
      [{ 'org.opencontainers.image.ref.name': 'NOT:valid:name' }, []],
    ];
    for (const [annotations, names] of cases) {
      expect((await loadArchive(target, await named(annotations)))[0]!.names).toEqual(names);
    }
  });

  test('hostile ones fail clearly and change nothing', async () => {
    const list = (descriptor: object) => ({ schemaVersion: 2, manifests: [descriptor] });
    const directories: [string, Promise<string>][] = [
      ['image-invalid', layout(() => ({ schemaVersion: 2, manifests: [] }))],
      ['image-invalid', layout(() => ({}))],
      ['image-invalid', layout((m) => list({ ...m, digest: sha256('absent') }))],
      ['image-invalid', layout((m) => list({ ...m, digest: 'sha256:../../../../etc/passwd' }))],
      ['image-invalid', layout((m) => list({ ...m, mediaType: MEDIA.index }))],
    ];
    const flipped = layout(list);
    directories.push([
      'digest-mismatch',
      flipped.then((directory) => {
        for (const name of readdirSync(join(directory, 'blobs/sha256'))) {
          const file = join(directory, 'blobs/sha256', name);
          const bytes = readFileSync(file);
          if (bytes[0] === 0x1f) bytes.writeUInt8(bytes[4]! ^ 1, 4);
          writeFileSync(file, bytes);
        }
        return directory;
      }),
    ]);
    for (const [i, [code, directory]] of directories.entries()) {
      expect(`${i} ${await failure(loadArchive(target, await directory))}`).toBe(`${i} ${code}`);
      expect(target.listBlobs()).toEqual([]);
    }
  });
});

test('the documents of an archive are bounded together, however often each is named', async () => {
  const directory = join(base, `large-${++counter}`);
  mkdirSync(directory);
  const config = { architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [] } };
  writeFileSync(join(directory, 'config.json'), `${JSON.stringify(config)}${' '.repeat(15 << 20)}`);
  const image = { Config: 'config.json', RepoTags: [], Layers: [] };
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify(Array.from({ length: 5 }, () => image)));
  await expect(loadArchive(target, directory)).rejects.toMatchObject({ code: 'archive-limit' });
  expect(target.listBlobs()).toEqual([]);
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify([image]));
  expect(await loadArchive(target, directory)).toHaveLength(1);
});
