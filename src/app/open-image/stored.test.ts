import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { canonicalName, type Entry, parseReference } from '../../oci/image/index.ts';
import { openStore, type Store } from '../../oci/store/index.ts';
import { addSampleImage, addSampleLayer } from '../../testkit/index.ts';
import { findImage } from '../find-image.ts';
import { openStoredImage } from './stored.ts';

let root: string;
let store: Store;

beforeEach(() => {
  root = mkdtempSync('/tmp/mille-stored-');
  store = openStore(`${root}/store`, { privilege: 'root' });
});

afterEach(() => {
  store.close();
  rmSync(root, { recursive: true, force: true });
});

test('an image of the store has its tables, its sizes and its contents', async () => {
  const base = await addSampleLayer(store, { 'etc/a': 'one', 'etc/b': 'two' });
  const top = await addSampleLayer(store, { 'etc/a': 'three', 'etc/b': undefined });
  const put = addSampleImage(store, [base, top], { names: [canonicalName(parseReference('app:1'))] });
  const image = openStoredImage(store, findImage(store, 'app:1'));
  expect(image).toMatchObject({ title: 'app:1', origin: 'store', ...put });
  expect(image.layers.map(({ diffId }) => diffId)).toEqual([base.diffId, top.diffId]);
  expect(image.layers[0]!.blob).toEqual(base.descriptor);
  expect(await image.layers[0]!.size()).toBe(base.descriptor.size);
  const paths = (await image.layers[1]!.toc()).entries.map(({ path, type }) => `${type} ${path}`);
  expect(paths).toEqual(['dir etc', 'file etc/a', 'whiteout etc/b']);
  const seen: [Entry, string][] = [];
  await image.layers[1]!.read((entry) => {
    if (entry.type !== 'file') return undefined;
    const parts: string[] = [];
    return {
      data: (bytes) => void parts.push(Buffer.from(bytes).toString()),
      end: async () => {
        await Promise.resolve();
        seen.push([entry, parts.join('')]);
      },
    };
  });
  expect(seen.map(([, text]) => text)).toEqual(['three']);
  // The entry is that of the table, digest and all.
  expect((await image.layers[1]!.toc()).entries).toContain(seen[0]![0]);
  await image.close();
});

test('nobody removes what an opened image consists of', async () => {
  const layer = await addSampleLayer(store, { a: 'x' });
  const { manifestDigest } = addSampleImage(store, [layer]);
  const image = openStoredImage(store, findImage(store, manifestDigest));
  expect(store.removeImages([manifestDigest])).toEqual([]);
  await image.close();
  expect(store.removeImages([manifestDigest])).toEqual([manifestDigest]);
});
