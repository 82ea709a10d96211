// What the store holds and saves is taken by the tools people have, and what they write is loaded: skopeo and
// umoci on the live store, docker load and docker save (Debian's, or the one MILLE_TEST_DOCKER_HOST names), docker
// and oci archives by skopeo. Whatever is not installed is skipped and says so.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Digest } from '../../src/core/index.ts';
import { loadArchive, openStore, type Store, saveArchive } from '../../src/oci/store/index.ts';
import { effectiveUid } from '../../src/sys/index.ts';
import { addSampleImage, addSampleLayer } from '../../src/testkit/index.ts';
import { command, type Docker, findDocker } from '../support/docker.ts';
import { contentsOf, openWith } from '../support/open-image.ts';

const APP = 'docker.io/library/app:latest';
const TEAM = 'localhost:5000/team/app:1.0';
const ODD = 'docker.io/library/odd__name:v1-';
const privilege = effectiveUid() === 0 ? 'root' : 'rootless';

let base: string;
let store: Store;
let image: ReturnType<typeof addSampleImage>;
let other: ReturnType<typeof addSampleImage>;
let saved: string;
let counter = 0;

/** The path of a program, or undefined with the reason on the console. */
function tool(name: string): string | undefined {
  const path = Bun.which(name) ?? undefined;
  if (!path) console.warn(`comparison with ${name} skipped: it is not installed`);
  return path;
}
const skopeo = tool('skopeo');
const umoci = tool('umoci');

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'mille-archive-peers-'));
  store = openStore(join(base, 'store'), { privilege });
  const long = `${'d'.repeat(120)}/${'f'.repeat(200)}`;
  const low = await addSampleLayer(store, { 'etc/motd': 'hello\n', 'etc/gone': 'x', [long]: 'long' });
  const high = await addSampleLayer(store, { 'etc/gone': undefined, 'app/größe': 'ß' });
  image = addSampleImage(store, [low, high, low], { names: [APP, TEAM], cmd: ['/app/main'] });
  other = addSampleImage(store, [high], { names: [ODD], author: 'other' });
  saved = await save(store, [
    { ...image, names: [APP, TEAM] },
    { ...other, names: [] },
  ]);
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
    for (let rest = bytes; rest.length > 0; ) rest = rest.subarray(writeSync(fd, rest));
  });
  closeSync(fd);
  return file;
}

function run(args: readonly string[]): Buffer {
  const result = command(args);
  if (result.status !== 0)
    throw new Error(`${args.join(' ')} ended with ${result.status}:\n${result.stderr}`);
  return result.stdout;
}

/** Loads into a store of its own; what came, checked. */
async function load(file: string) {
  const fresh = openStore(join(base, `fresh-${++counter}`), { privilege });
  try {
    const loaded = await loadArchive(fresh, file);
    expect(await fresh.verify()).toEqual([]);
    return loaded;
  } finally {
    fresh.close();
  }
}

describe.skipIf(!skopeo)('skopeo', () => {
  // On its way into a layout skopeo compresses what isn't, unless the digests are to stay.
  const copy = (from: string, to: string) => {
    const keep = to.startsWith('oci') ? ['--preserve-digests'] : [];
    return run([skopeo!, 'copy', '-q', ...keep, from, to]);
  };

  test('reads the live store by the names it shows', () => {
    for (const reference of ['app:latest', 'localhost:5000/team/app:1.0']) {
      const out = join(base, `copy-${++counter}`);
      copy(`oci:${store.root}:${reference}`, `oci:${out}:x`);
      const index = JSON.parse(readFileSync(join(out, 'index.json'), 'utf8'));
      expect(index.manifests[0].digest).toBe(image.manifestDigest);
    }
    const index = JSON.parse(readFileSync(join(store.root, 'index.json'), 'utf8'));
    const odd = index.manifests.find((m: { digest: string }) => m.digest === other.manifestDigest);
    copy(
      `oci:${store.root}:${odd.annotations['org.opencontainers.image.ref.name']}`,
      `dir:${join(base, 'odd')}`,
    );
  });

  test('reads a saved archive as either kind', () => {
    const oci = join(base, `copy-${++counter}`);
    copy(`oci-archive:${saved}:app:latest`, `oci:${oci}:x`);
    expect(readFileSync(join(oci, 'index.json'), 'utf8')).toContain(image.manifestDigest);
    const docker = join(base, `copy-${++counter}`);
    copy(`docker-archive:${saved}:localhost:5000/team/app:1.0`, `dir:${docker}`);
    const manifest = JSON.parse(readFileSync(join(docker, 'manifest.json'), 'utf8'));
    expect(manifest.config.digest).toBe(image.imageId);
  });

  test('writes archives that load, with the same image in them', async () => {
    const docker = join(base, `docker-${++counter}.tar`);
    copy(`oci:${store.root}:app:latest`, `docker-archive:${docker}:app:latest`);
    expect(await load(docker)).toMatchObject([{ imageId: image.imageId, names: [APP] }]);
    const oci = join(base, `oci-${++counter}.tar`);
    copy(`oci:${store.root}:app:latest`, `oci-archive:${oci}:localhost:5000/team/app:1.0`);
    expect(await load(oci)).toEqual([{ ...image, names: [TEAM] }]);
    const packed = join(base, `packed-${++counter}`);
    run([
      skopeo!,
      'copy',
      '-q',
      '--dest-compress',
      `oci:${store.root}:app:latest`,
      `oci:${packed}:app:latest`,
    ]);
    expect(await load(packed)).toMatchObject([{ imageId: image.imageId, names: [APP] }]);
  });
});

describe.skipIf(!umoci || privilege !== 'root')('umoci', () => {
  test('unpacks from the live store', () => {
    const bundle = join(base, `bundle-${++counter}`);
    run([umoci!, 'unpack', '--image', `${store.root}:localhost:5000/team/app:1.0`, bundle]);
    expect(readFileSync(join(bundle, 'rootfs/etc/motd'), 'utf8')).toBe('hello\n');
    expect(readFileSync(join(bundle, 'rootfs/app/größe'), 'utf8')).toBe('ß');
    expect(run([umoci!, 'ls', '--layout', store.root]).toString().split('\n')).toContain('app:latest');
  });
});

describe('docker', () => {
  let docker: Docker | undefined;
  beforeAll(async () => {
    docker = await findDocker(join(base, 'docker'));
  }, 120_000);
  afterAll(async () => {
    await docker?.stop();
  });

  const asked = (args: readonly string[], stdin?: Uint8Array) => {
    const result = docker!.run(args, stdin ? { stdin } : {});
    if (result.status !== 0) throw new Error(`docker ${args.join(' ')}: ${result.stderr}`);
    return result.stdout.toString().trim();
  };

  test('loads what is saved, under the same names and ids; what it saves is loaded again', async () => {
    if (!docker) return;
    const said = asked(['load'], readFileSync(saved));
    expect(said).toContain('Loaded image: localhost:5000/team/app:1.0');
    try {
      for (const name of ['app:latest', 'localhost:5000/team/app:1.0', other.imageId]) {
        const id = name === other.imageId ? other.imageId : image.imageId;
        expect(asked(['image', 'inspect', '--format', '{{.Id}} {{json .Config.Cmd}}', name])).toStartWith(id);
      }
      const file = join(base, `docker-save-${++counter}.tar`);
      asked(['save', '-o', file, 'app:latest', 'localhost:5000/team/app:1.0', other.imageId]);
      const loaded = await load(file);
      expect(loaded.map(({ imageId }) => imageId).sort()).toEqual([image.imageId, other.imageId].sort());
      expect(loaded.find(({ imageId }) => imageId === image.imageId)!.names).toEqual([APP, TEAM]);
      // What a container of it sees.
      const container = asked(['create', 'app:latest']);
      const exported = docker.run(['export', container]).stdout;
      asked(['rm', container]);
      const list = Bun.spawnSync(['tar', 't'], { stdin: exported }).stdout.toString();
      expect(list).toContain('etc/motd');
      expect(list).toContain('etc/gone');
    } finally {
      asked(['rmi', '-f', image.imageId, other.imageId]);
    }
  }, 120_000);

  test('shows what is in its images, by its socket', async () => {
    if (!docker) return;
    asked(['load'], readFileSync(saved));
    const before = process.env.DOCKER_HOST;
    process.env.DOCKER_HOST = docker.host;
    const empty = openStore(join(base, `absent-${++counter}`), { privilege, readOnly: true });
    try {
      for (const name of ['docker-daemon:app', 'docker://localhost:5000/team/app:1.0', 'app:latest']) {
        const opened = await openWith(empty, name);
        expect(opened).toMatchObject({ origin: 'docker', imageId: image.imageId });
        expect((await contentsOf(opened)).map((lines) => lines.filter((line) => line.includes('=')))).toEqual(
          [0, 1, 0].map((i) => [expect.arrayContaining(['etc/motd=hello\n']), ['app/größe=ß']][i]!),
        );
        await opened.close();
      }
      await expect(openWith(empty, 'docker-daemon:nothing')).rejects.toMatchObject({ code: 'image-missing' });
    } finally {
      if (before === undefined) delete process.env.DOCKER_HOST;
      else process.env.DOCKER_HOST = before;
      empty.close();
      asked(['rmi', '-f', image.imageId, other.imageId]);
    }
  }, 120_000);

  test('reads an image with a zstd layer, too', async () => {
    if (!docker || !Bun.which('zstd')) return;
    const target = openStore(join(base, `zstd-${++counter}`), { privilege });
    const layer = await addSampleLayer(target, { zstd: 'z'.repeat(10_000) });
    const packed = Bun.zstdCompressSync(target.readBlob(layer.descriptor.digest, 1 << 20));
    const blob = target.putBlob(packed);
    const mediaType = 'application/vnd.oci.image.layer.v1.tar+zstd';
    const toc = target.toc(layer.diffId);
    target.addLayer({ info: target.layer(layer.diffId)!.info, toc, descriptor: { mediaType, ...blob } });
    const zstd = addSampleImage(target, [{ ...layer, descriptor: { mediaType, ...blob } }]);
    const file = await save(target, [{ ...zstd, names: ['docker.io/library/zstd:1'] }]);
    target.close();
    try {
      expect(asked(['load'], readFileSync(file))).toContain('Loaded image: zstd:1');
      expect(asked(['image', 'inspect', '--format', '{{.Id}}', 'zstd:1'])).toBe(zstd.imageId);
    } finally {
      asked(['rmi', '-f', 'zstd:1']);
    }
  }, 120_000);
});
