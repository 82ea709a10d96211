import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOfHex } from '../../../core/index.ts';
import { addSampleImage, addSampleLayer } from '../../../testkit/index.ts';
import { MEDIA } from '../../image/index.ts';
import { needsPacking, openStore, repackLayer, type Store } from '../index.ts';

let base = '';
let store: Store;

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'mille-repack-'));
  store = openStore(join(base, 'store'), { privilege: 'root' });
});
afterAll(() => {
  store.close();
  rmSync(base, { recursive: true, force: true });
});

async function layerBytes(diffId: Parameters<Store['streamLayer']>[0]): Promise<number> {
  let bytes = 0;
  for await (const chunk of store.streamLayer(diffId)) bytes += chunk.length;
  return bytes;
}

test.each([
  ['gzip', MEDIA.layerGzip],
  ['zstd', MEDIA.layerZstd],
] as const)('%s: the layer stays what it is, packed once', async (kind, mediaType) => {
  const layer = await addSampleLayer(store, { [`of-${kind}`]: 'text '.repeat(4000) });
  let read = 0;
  const progress = (bytes: number) => {
    read = bytes;
  };
  const packed = await repackLayer(store, layer.diffId, { kind }, progress);
  expect(packed.mediaType).toBe(mediaType);
  expect(packed.size).toBeLessThan(layer.descriptor.size / 10);
  expect(read).toBe(layer.descriptor.size);
  expect(store.findByBlob(packed.digest)?.info.diffId).toBe(layer.diffId);
  expect(store.layer(layer.diffId)?.descriptor.digest).toBe(layer.descriptor.digest);
  read = 0;
  expect(await repackLayer(store, layer.diffId, { kind }, progress)).toEqual(packed);
  expect(read).toBe(0);
  const best = await repackLayer(store, layer.diffId, { kind, level: 9 }, progress);
  expect(best.digest).not.toBe(packed.digest);
  addSampleImage(store, [{ ...layer, descriptor: best }], { names: ['docker.io/library/best:1'] });
  expect(await store.verify()).toEqual([]);
  // Only what the image needs is kept; what is gone is packed again.
  store.collect();
  expect(store.findByBlob(packed.digest)).toBeUndefined();
  expect(await layerBytes(layer.diffId)).toBe(layer.descriptor.size);
  expect(await repackLayer(store, layer.diffId, { kind }, progress)).toEqual(packed);
  expect(read).toBe(layer.descriptor.size);
  const plain = await repackLayer(store, layer.diffId, { kind: 'uncompressed', force: true });
  expect(plain).toEqual({ mediaType: MEDIA.layerTar, digest: layer.diffId, size: layer.descriptor.size });
});

test('interrupted: nothing is left', async () => {
  const layer = await addSampleLayer(store, { file: 'interrupted' });
  const stop = () => {
    throw new Error('stop');
  };
  const before = store.listBlobs().length;
  await expect(repackLayer(store, layer.diffId, { kind: 'zstd' }, stop)).rejects.toThrow('stop');
  expect(store.listBlobs()).toHaveLength(before);
});

test('which layers are packed', () => {
  const layer = (mediaType: string) => ({ mediaType, digest: digestOfHex('0'.repeat(64)), size: 1 });
  const plain = [MEDIA.layerTar, MEDIA.dockerLayerTar].map(layer);
  const gzip = [MEDIA.layerGzip, MEDIA.dockerLayerGzip].map(layer);
  const zstd = [layer(MEDIA.layerZstd)];
  const needing = (packing: Parameters<typeof needsPacking>[1]) =>
    [...plain, ...gzip, ...zstd].filter((one) => needsPacking(one, packing));
  expect(needing({ kind: 'zstd' })).toEqual(plain);
  expect(needing({ kind: 'gzip', level: 1 })).toEqual(plain);
  expect(needing({ kind: 'uncompressed' })).toEqual([]);
  expect(needing({ kind: 'zstd', force: true })).toEqual([...plain, ...gzip]);
  expect(needing({ kind: 'gzip', force: true })).toEqual([...plain, ...zstd]);
  expect(needing({ kind: 'uncompressed', force: true })).toEqual([...gzip, ...zstd]);
});
