import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Digest } from '../../core/index.ts';
import { addSampleImage, addSampleLayer, type SampleLayer, sampleIndex } from '../../testkit/index.ts';
import { openStore, type Store } from './index.ts';

const APP = 'docker.io/library/app:latest';
const ORIGIN = `docker.io/library/base@sha256:${'0'.repeat(64)}`;
let root: string;
let store: Store;
let other: Store;
/** Layers and documents of an image that another store has whole. */
let layers: SampleLayer[];
let image: ReturnType<Store['image']>;

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'mille-distant-blobs-'));
  other = openStore(join(root, 'other'), { privilege: 'root' });
  layers = [await addSampleLayer(other, { a: 'a' }), await addSampleLayer(other, { b: 'b' })];
  image = other.image(addSampleImage(other, layers).manifestDigest);
  store = openStore(join(root, 'store'), { privilege: 'root' });
});
afterEach(() => {
  store.close();
  other.close();
  rmSync(root, { recursive: true, force: true });
});

const origins = (...of: readonly SampleLayer[]) =>
  new Map<Digest, string>(of.map(({ descriptor }) => [descriptor.digest, ORIGIN]));
const put = (known = origins(...layers)) =>
  store.changeNames(() => {
    const kept = store.putImage({ manifest: image.manifestBytes, config: image.configBytes, origins: known });
    store.tag(APP, kept.manifestDigest);
  });
const waiting = () => store.image(image.manifestDigest).distant.map(({ diffId }) => diffId);
const shown = () => JSON.parse(readFileSync(join(store.root, 'index.json'), 'utf8')).manifests.length;

describe('an image whose layers are elsewhere', () => {
  test('is whole, and shown to other tools, when the last of them has come', async () => {
    put();
    expect(store.image(image.manifestDigest)).toMatchObject({
      distant: layers.map(({ diffId, descriptor }) => ({ diffId, descriptor, origin: ORIGIN })),
      size: layers.reduce((sum, { descriptor }) => sum + descriptor.size, 0),
    });
    expect(store.imageDamage(image.manifestDigest)).toBeUndefined();
    expect(await store.verify()).toEqual([]);
    await addSampleLayer(store, { b: 'b' });
    expect([waiting(), shown()]).toEqual([[layers[0]!.diffId], 0]);
    await addSampleLayer(store, { a: 'a' });
    expect([waiting(), shown()]).toEqual([[], 1]);
    expect(await store.verify()).toEqual([]);
  });

  test('waits only for what is not here, and is nothing without somebody who has it', async () => {
    await addSampleLayer(store, { a: 'a' });
    expect(() => put(origins(layers[0]!))).toThrow('is not in the store');
    put();
    expect(waiting()).toEqual([layers[1]!.diffId]);
    // A layer that was here and is lost is damage, which nothing says where to repair.
    rmSync(store.blobPath(layers[0]!.descriptor.digest));
    expect(store.imageDamage(image.manifestDigest)).toContain('is not in the store');
    // Put there again by somebody who knows, it is not.
    put();
    expect(store.imageDamage(image.manifestDigest)).toBeUndefined();
    expect(waiting()).toEqual(layers.map(({ diffId }) => diffId));
  });

  test('keeps what of it has come, and leaves nothing behind', async () => {
    put();
    await addSampleLayer(store, { a: 'a' });
    await addSampleLayer(store, { c: 'nobody needs it' });
    expect(store.collect().layers).toBe(1);
    expect(store.layer(layers[0]!.diffId)).toBeDefined();
    store.removeImages([image.manifestDigest]);
    expect(store.db.all('SELECT * FROM distant_blobs')).toEqual([]);
    expect(store.collect().layers).toBe(1);
    expect(await store.verify()).toEqual([]);
  });

  test('is shown by whoever opens the store next, where a layer came in the middle of something', async () => {
    put();
    await addSampleLayer(store, { a: 'a' });
    const last = other.layer(layers[1]!.diffId)!;
    store.putBlob(new Uint8Array(readFileSync(other.blobPath(last.descriptor.digest))));
    store.db.transaction(() => store.addLayer({ ...last, toc: other.toc(last.info.diffId) }));
    expect(shown()).toBe(0);
    store.close();
    store = openStore(join(root, 'store'), { privilege: 'root' });
    expect(shown()).toBe(1);
  });

  test('hides the others of its index from no tool', async () => {
    put();
    const others = ['s390x', 'riscv64'].map(async (architecture) => {
      const layer = await addSampleLayer(store, { [architecture]: architecture });
      return addSampleImage(store, [layer], { architecture }).manifestDigest;
    });
    const digests = [image.manifestDigest, ...(await Promise.all(others))];
    const index = store.putIndex(sampleIndex(store, digests));
    store.tagIndex(APP, index);
    expect(store.resolveName(APP)).toBe(image.manifestDigest);
    const { manifests } = JSON.parse(readFileSync(join(store.root, 'index.json'), 'utf8'));
    expect(manifests.map(({ digest }: { digest: Digest }) => digest)).toEqual([index]);
    expect(await store.verify()).toEqual([]);
  });
});
