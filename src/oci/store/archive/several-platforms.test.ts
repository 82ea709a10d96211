import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'bun:test';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Digest, digestHex } from '../../../core/index.ts';
import { sha256 } from '../../../sys/index.ts';
import { addSampleImage, addSampleLayer, sampleIndex } from '../../../testkit/index.ts';
import { MEDIA, type Platform } from '../../image/index.ts';
import { hostPlatform, loadArchive, openStore, type Store, saveArchive, saveLayout } from '../index.ts';

const APP = 'docker.io/library/app:latest';
const OTHER = 'docker.io/library/other:1';
const OWN = hostPlatform();
const [FOREIGN, STRANGE] = ['s390x', 'riscv64', 'ppc64le']
  .filter((architecture) => architecture !== OWN.architecture)
  .map((architecture): Platform => ({ os: 'linux', architecture })) as [Platform, Platform];

let base = '';
let counter = 0;
/** Has an index of a foreign image, our own, and one that is not there. */
let source: Store;
let target: Store;
let foreign: Digest;
let own: Digest;
let index: Digest;

beforeAll(async () => {
  base = mkdtempSync(join(tmpdir(), 'mille-platforms-'));
  source = openStore(join(base, 'source'), { privilege: 'root' });
  const shared = await addSampleLayer(source, { shared: 's' });
  const add = async ({ architecture }: Platform) => {
    const layer = await addSampleLayer(source, { architecture });
    return addSampleImage(source, [shared, layer], { architecture }).manifestDigest;
  };
  [foreign, own] = [await add(FOREIGN), await add(OWN)];
  const absent = { mediaType: MEDIA.manifest, digest: sha256('absent'), size: 9, platform: STRANGE };
  index = source.putIndex(sampleIndex(source, [foreign, own], [absent]));
});
beforeEach(() => {
  target = openStore(join(base, `target-${++counter}`), { privilege: 'root' });
});
afterEach(async () => {
  expect(await target.verify()).toEqual([]);
  target.close();
});
afterAll(() => {
  source.close();
  rmSync(base, { recursive: true, force: true });
});

function toSave(names: readonly string[]) {
  const images = [foreign, own].map((digest) => source.image(digest));
  return { images, index: source.index(index)!, names };
}

async function save(images: Parameters<typeof saveArchive>[1]): Promise<string> {
  const file = join(base, `saved-${++counter}.tar`);
  const fd = openSync(file, 'w');
  await saveArchive(source, images, (bytes) => {
    writeSync(fd, bytes);
  });
  closeSync(fd);
  return file;
}

const idOf = (digest: Digest) => source.image(digest).imageId;

describe('an index', () => {
  test('is saved with the images that are there, and loads as the same', async () => {
    const archive = await save([toSave([APP])]);
    expect(await loadArchive(target, archive)).toEqual([
      { manifestDigest: own, imageId: idOf(own), names: [APP] },
    ]);
    expect(target.indexOf(APP)).toBe(index);
    expect(target.index(index)?.members.map((member) => member.manifestDigest)).toEqual([foreign, own]);
    expect(target.image(foreign).names).toEqual([APP]);
    const docker = JSON.parse(Bun.spawnSync(['tar', 'xOf', archive, 'manifest.json']).stdout.toString());
    expect(docker).toMatchObject([
      { Config: `blobs/sha256/${digestHex(idOf(own))}`, RepoTags: ['app:latest'] },
    ]);
    const again = await save([toSave([APP])]);
    expect(readFileSync(again).equals(readFileSync(archive))).toBe(true);
  });

  test('comes from a layout in a directory too', async () => {
    const directory = join(base, `layout-${++counter}`);
    await saveLayout(source, [toSave([APP, OTHER])], directory);
    const [loaded] = await loadArchive(target, directory);
    expect(loaded!.names).toEqual([APP, OTHER]);
    expect(target.indexOf(OTHER)).toBe(index);
  });

  test('and one of its images under other names stay apart', async () => {
    const images = [{ images: [source.image(own)], names: [OTHER] }, toSave([APP])];
    for (const given of [images, images.toReversed()]) {
      const fresh = openStore(join(base, `fresh-${++counter}`), { privilege: 'root' });
      await loadArchive(fresh, await save(given));
      expect(fresh.indexOf(APP)).toBe(index);
      expect(fresh.indexOf(OTHER)).toBeUndefined();
      expect(fresh.resolveName(OTHER)).toBe(own);
      expect(await fresh.verify()).toEqual([]);
      fresh.close();
    }
  });

  test('of which only a foreign image is there', async () => {
    const archive = await save([{ ...toSave([APP]), images: [source.image(foreign)] }]);
    await loadArchive(target, archive);
    expect(target.resolveName(APP)).toBe(foreign);
    // The other one, from elsewhere, joins it.
    await loadArchive(target, await save([{ images: [source.image(own)], names: [] }]));
    expect(target.resolveName(APP)).toBe(own);
  });
});

describe('a platform that is asked for', () => {
  test('is the only one that is loaded; the name is that of the index', async () => {
    const archive = await save([toSave([APP])]);
    const [loaded] = await loadArchive(target, archive, { platform: FOREIGN });
    expect(loaded!.manifestDigest).toBe(foreign);
    expect(target.indexOf(APP)).toBe(index);
    expect(target.listImages()).toHaveLength(1);
    await loadArchive(target, archive, { platform: OWN });
    expect(target.resolveName(APP)).toBe(own);
  });

  test('and is not there', async () => {
    const several = await save([toSave([APP])]);
    const one = await save([{ images: [source.image(own)], names: [APP] }]);
    for (const archive of [several, one]) {
      const loading = loadArchive(target, archive, { platform: STRANGE });
      await expect(loading).rejects.toMatchObject({ code: 'platform-unsupported' });
    }
    // Not even where the index has one image only.
    const foreignOnly = await save([{ ...toSave([APP]), images: [source.image(foreign)] }]);
    await expect(loadArchive(target, foreignOnly, { platform: OWN })).rejects.toMatchObject({
      code: 'platform-unsupported',
    });
    expect(target.listBlobs()).toEqual([]);
  });
});

test('an index of indexes gives one image', async () => {
  const directory = join(base, `nested-${++counter}`);
  await saveLayout(source, [toSave([APP])], directory);
  const { mediaType, size } = source.index(index)!;
  const nested = JSON.stringify({ schemaVersion: 2, manifests: [{ mediaType, digest: index, size }] });
  writeFileSync(join(directory, 'blobs/sha256', digestHex(sha256(nested))), nested);
  const entry = { mediaType: MEDIA.index, digest: sha256(nested), size: nested.length };
  const annotations = { 'io.containerd.image.name': APP };
  const top = { schemaVersion: 2, manifests: [{ ...entry, annotations }] };
  writeFileSync(join(directory, 'index.json'), JSON.stringify(top));
  expect(await loadArchive(target, directory)).toMatchObject([{ manifestDigest: own, names: [APP] }]);
  expect(target.indexOf(APP)).toBeUndefined();
});

test('a damaged index brings nothing', async () => {
  const directory = join(base, `damaged-${++counter}`);
  await saveLayout(source, [toSave([APP])], directory);
  const file = join(directory, 'blobs/sha256', digestHex(index));
  writeFileSync(file, readFileSync(file, 'utf8').replace('linux', 'Linux'));
  await expect(loadArchive(target, directory)).rejects.toMatchObject({ code: 'digest-mismatch' });
  expect(target.listBlobs()).toEqual([]);
});
