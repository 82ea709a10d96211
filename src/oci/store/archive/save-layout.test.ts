import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Digest } from '../../../core/index.ts';
import { addSampleImage, addSampleLayer } from '../../../testkit/index.ts';
import { loadArchive, openStore, type Store, saveLayout } from '../index.ts';

const APP = 'docker.io/library/app:latest';
const OTHER = 'docker.io/library/other:1';

let base = '';
let store: Store;
let counter = 0;

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'mille-layout-'));
  store = openStore(join(base, 'store'), { privilege: 'root' });
});
afterAll(() => {
  store.close();
  rmSync(base, { recursive: true, force: true });
});

async function image(text: string) {
  const layer = await addSampleLayer(store, { file: text });
  return store.image(addSampleImage(store, [layer]).manifestDigest);
}

interface Entry {
  readonly digest: Digest;
  readonly annotations?: Readonly<Record<string, string>>;
}

function index(directory: string): { manifests: Entry[]; annotations?: object } {
  return JSON.parse(readFileSync(join(directory, 'index.json'), 'utf8'));
}

/** Which image each name leads to. */
function names(directory: string): [string | undefined, Digest][] {
  return index(directory).manifests.map(({ digest, annotations = {} }) => [
    annotations['io.containerd.image.name'] ?? annotations['org.opencontainers.image.ref.name'],
    digest,
  ]);
}

function place(): string {
  return join(base, `out-${++counter}`, 'deep');
}

test('a new layout loads again', async () => {
  const directory = place();
  const one = await image('one');
  await saveLayout(store, [{ images: [one], names: [APP, OTHER] }], directory);
  expect(readdirSync(directory).sort()).toEqual(['blobs', 'index.json', 'oci-layout']);
  expect(readdirSync(join(directory, 'blobs/sha256'))).toHaveLength(3);
  const target = openStore(join(base, `target-${++counter}`), { privilege: 'root' });
  expect(await loadArchive(target, directory)).toEqual([
    { manifestDigest: one.manifestDigest, imageId: one.imageId, names: [APP, OTHER] },
  ]);
  expect(await target.verify()).toEqual([]);
  target.close();
});

test('a layout is added to: names move, other images and annotations stay', async () => {
  const directory = place();
  const [one, two] = [await image('1'), await image('2')];
  await saveLayout(store, [{ images: [one], names: [APP, OTHER] }], directory);
  const written = index(directory);
  writeFileSync(join(directory, 'index.json'), JSON.stringify({ ...written, annotations: { own: 'x' } }));
  await saveLayout(store, [{ images: [two], names: [APP], annotations: { more: 'y' } }], directory);
  expect(names(directory)).toEqual([
    [OTHER, one.manifestDigest],
    [APP, two.manifestDigest],
  ]);
  expect(index(directory)).toMatchObject({ annotations: { own: 'x' } });
  expect(index(directory).manifests[1]!.annotations).toMatchObject({ more: 'y' });
  await saveLayout(store, [{ images: [one], names: [] }], directory);
  await saveLayout(store, [{ images: [two], names: [] }], directory);
  expect(names(directory)).toEqual([
    [OTHER, one.manifestDigest],
    [APP, two.manifestDigest],
    ['latest', two.manifestDigest],
  ]);
});

test('an interrupted one shows nothing new, and is taken up again', async () => {
  const directory = place();
  const [one, two] = [await image('first'), await image('second')];
  await saveLayout(store, [{ images: [one], names: [APP] }], directory);
  let chunks = 0;
  const stop = () => {
    if (++chunks === 2) throw new Error('stop');
  };
  await expect(saveLayout(store, [{ images: [two], names: [APP] }], directory, stop)).rejects.toThrow('stop');
  expect(names(directory)).toEqual([[APP, one.manifestDigest]]);
  expect(readdirSync(join(directory, 'blobs/sha256')).filter((name) => name.includes('.'))).toEqual([]);
  await saveLayout(store, [{ images: [two], names: [APP] }], directory);
  expect(names(directory)).toEqual([[APP, two.manifestDigest]]);
});

test('a damaged blob of the store gets no name', async () => {
  const directory = place();
  const one = await image('damaged');
  const file = store.blobPath(one.manifest.layers[0]!.digest);
  writeFileSync(file, readFileSync(file, 'latin1').replace('damaged', 'Damaged'), 'latin1');
  await expect(saveLayout(store, [{ images: [one], names: [APP] }], directory)).rejects.toMatchObject({
    code: 'digest-mismatch',
  });
  expect(readdirSync(directory)).toEqual(['blobs']);
});

test('two writers at once: both are there', async () => {
  const directory = place();
  const images = await Promise.all(['a', 'b', 'c'].map(image));
  await Promise.all(
    images.map((one, i) =>
      saveLayout(store, [{ images: [one], names: [`docker.io/library/n${i}:1`] }], directory),
    ),
  );
  expect(names(directory).sort()).toEqual(
    images.map((one, i) => [`docker.io/library/n${i}:1`, one.manifestDigest]),
  );
});

test.each(['{}', 'no JSON', '{"layers":[],"manifests":[]}'])(
  'an index.json that is none: %s',
  async (text) => {
    const directory = place();
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, 'index.json'), text);
    const saved = saveLayout(store, [{ images: [await image('x')], names: [] }], directory);
    await expect(saved).rejects.toMatchObject({ code: 'image-invalid' });
    expect(readdirSync(directory)).toEqual(['index.json']);
  },
);
