import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Digest } from '../../core/index.ts';
import { sha256 } from '../../sys/index.ts';
import { addSampleImage, addSampleLayer, sampleIndex } from '../../testkit/index.ts';
import { MEDIA } from '../image/index.ts';
import { hostPlatform, openStore, type Store } from './index.ts';

const APP = 'docker.io/library/app:latest';
const OTHER = 'docker.io/library/other:1';
const OWN = hostPlatform().architecture;
const FOREIGN = OWN === 's390x' ? 'riscv64' : 's390x';

let root = '';
let store: Store;

beforeEach(() => {
  root = join(mkdtempSync(join(tmpdir(), 'mille-indexes-')), 'store');
  store = openStore(root, { privilege: 'root' });
});
afterEach(async () => {
  expect(await store.verify()).toEqual([]);
  store.close();
  rmSync(join(root, '..'), { recursive: true, force: true });
});

async function image(architecture: string, text = architecture): Promise<Digest> {
  return addSampleImage(store, [await addSampleLayer(store, { text })], { architecture }).manifestDigest;
}

/** A foreign image, our own, and the index of both. */
async function both() {
  const [foreign, own] = [await image(FOREIGN), await image(OWN)];
  return { foreign, own, index: store.putIndex(sampleIndex(store, [foreign, own])) };
}

/** What `index.json` lists: name and digest. */
function listed(): [string | undefined, Digest][] {
  const { manifests } = JSON.parse(readFileSync(join(root, 'index.json'), 'utf8')) as {
    manifests: { digest: Digest; annotations?: Record<string, string> }[];
  };
  return manifests.map(({ digest, annotations }) => [annotations?.['io.containerd.image.name'], digest]);
}

test('a name of an index is one of all its images, and means our own', async () => {
  const { foreign, own, index } = await both();
  store.tagIndex(APP, index);
  expect(store.resolveName(APP)).toBe(own);
  expect(store.indexOf(APP)).toBe(index);
  expect(store.image(own).names).toEqual([APP]);
  expect(store.image(foreign).names).toEqual([APP]);
  expect(store.index(index)).toMatchObject({
    mediaType: MEDIA.index,
    members: [
      { manifestDigest: foreign, platform: { os: 'linux', architecture: FOREIGN } },
      { manifestDigest: own, platform: { os: 'linux', architecture: OWN } },
    ],
    usual: own,
    names: [APP],
  });
  expect(listed()).toEqual([[APP, index]]);
  expect(store.index(own)).toBeUndefined();
});

test('names move between images and indexes', async () => {
  const { foreign, own, index } = await both();
  store.tag(APP, own);
  store.tagIndex(APP, index);
  expect(store.indexOf(APP)).toBe(index);
  store.tag(APP, own);
  expect(store.indexOf(APP)).toBeUndefined();
  expect(store.image(foreign).names).toEqual([]);
  expect(store.index(index)?.names).toEqual([]);
  // Without a name the index is there all the same, and stands for its images.
  expect(listed()).toEqual([
    [undefined, index],
    [APP, own],
  ]);
  store.tagIndex(OTHER, index);
  expect(store.image(own).names).toEqual([APP, OTHER]);
  expect(store.untag(OTHER)).toBe(true);
  expect(store.image(own).names).toEqual([APP]);
});

test('an index lives as long as one of its images', async () => {
  const { foreign, own, index } = await both();
  store.tagIndex(APP, index);
  store.removeImage(own);
  expect(store.resolveName(APP)).toBe(foreign);
  expect(store.index(index)).toMatchObject({ members: [{ manifestDigest: foreign }], usual: foreign });
  // Not every tool reads an index whose images are partly missing.
  expect(listed()).toEqual([[APP, foreign]]);
  store.collect();
  expect(store.index(index)).toBeDefined();
  store.removeImage(foreign);
  expect(store.index(index)).toBeUndefined();
  expect(store.resolveName(APP)).toBeUndefined();
  expect(listed()).toEqual([]);
  store.collect();
  expect(store.listBlobs()).toEqual([]);
});

test('an image that comes later is a member at once', async () => {
  const foreign = await image(FOREIGN);
  const document = sampleIndex(store, [foreign, await image(OWN)]);
  const own = store.listImages().find(({ config }) => config.architecture === OWN)!.manifestDigest;
  store.removeImage(own);
  const index = store.putIndex(document);
  store.tagIndex(APP, index);
  expect(store.resolveName(APP)).toBe(foreign);
  await image(OWN);
  expect(store.resolveName(APP)).toBe(own);
  expect(store.image(own).names).toEqual([APP]);
  store.tagIndex(OTHER, index);
  expect(store.resolveName(OTHER)).toBe(own);
});

test('collecting keeps the document of an index', async () => {
  const { index } = await both();
  store.close();
  store = openStore(root, { privilege: 'root' });
  store.collect();
  expect(store.index(index)?.members).toHaveLength(2);
});

test('one image in two indexes, under two names', async () => {
  const own = await image(OWN);
  const one = store.putIndex(sampleIndex(store, [own]));
  const two = store.putIndex(sampleIndex(store, [await image(FOREIGN), own]));
  store.tagIndex(APP, one);
  store.tagIndex(OTHER, two);
  expect(store.image(own).names).toEqual([APP, OTHER]);
  store.removeImage(own);
  expect(store.resolveName(APP)).toBeUndefined();
  expect(store.index(one)).toBeUndefined();
  expect(store.resolveName(OTHER)).toBeDefined();
});

test('platforms that the index does not tell are those of the images; attestations are none', async () => {
  const own = await image(OWN);
  const { mediaType, manifestBytes } = store.image(own);
  const plain = { mediaType, digest: own, size: manifestBytes.length };
  const attestation = {
    ...plain,
    digest: sha256('attestation'),
    platform: { os: 'unknown', architecture: 'unknown' },
  };
  const document = { schemaVersion: 2, manifests: [plain, attestation, plain] };
  const index = store.putIndex(JSON.stringify(document));
  expect(store.index(index)).toMatchObject({
    mediaType: MEDIA.index,
    members: [{ manifestDigest: own, platform: { architecture: OWN } }],
  });
});

test('a damaged index does not keep its images from being removed', async () => {
  const { foreign, own, index } = await both();
  store.tagIndex(APP, index);
  const file = store.blobPath(index);
  const bytes = readFileSync(file);
  writeFileSync(file, 'x'.repeat(bytes.length));
  expect(() => store.index(index)).toThrow('should be');
  expect((await store.verify()).some((line) => line.startsWith(`the index ${index}`))).toBe(true);
  store.removeImage(own);
  expect(store.resolveName(APP)).toBe(foreign);
  store.removeImage(foreign);
  store.collect();
});

test('what is no index, and one of nothing that is here', async () => {
  const absent = { mediaType: MEDIA.manifest, digest: sha256('absent'), size: 1 };
  const document = (entries: readonly object[]) => JSON.stringify({ schemaVersion: 2, manifests: entries });
  const codeOf = (bytes: string) => {
    try {
      store.putIndex(bytes);
      return 'nothing thrown';
    } catch (error) {
      return (error as { code?: string }).code;
    }
  };
  expect(codeOf('{}')).toBe('image-invalid');
  expect(codeOf(document([]))).toBe('image-missing');
  expect(codeOf(document([absent]))).toBe('image-missing');
  expect(codeOf(document([{ ...absent, mediaType: MEDIA.index }]))).toBe('image-invalid');
  expect(() => store.tagIndex(APP, sha256('absent'))).toThrow('no image of the index');
  expect(store.db.all('SELECT * FROM indexes')).toEqual([]);
  store.collect();
});
