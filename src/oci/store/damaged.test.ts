// One damaged image: the others are listed, collected and verified as before, and it can be removed or made whole.

import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { addSampleImage, addSampleLayer, type SampleLayer } from '../../testkit/index.ts';
import { openStore, type Store } from './index.ts';

const GOOD = 'docker.io/library/good:latest';
const BAD = 'docker.io/library/bad:latest';
let base: string;
let store: Store;
let own: SampleLayer;
let bad: ReturnType<typeof addSampleImage>;

beforeEach(async () => {
  base = mkdtempSync(join(tmpdir(), 'mille-damaged-'));
  store = openStore(join(base, 'store'), { privilege: 'root' });
  const shared = await addSampleLayer(store, { a: 'a' });
  own = await addSampleLayer(store, { b: 'b' });
  addSampleImage(store, [shared], { names: [GOOD] });
  bad = addSampleImage(store, [shared, own], { names: [BAD] });
});
afterEach(() => {
  store.close();
  rmSync(base, { recursive: true, force: true });
});

const file = (part: 'manifest' | 'config') =>
  join(store.paths.blobs, (part === 'manifest' ? bad.manifestDigest : bad.imageId).slice(7));

const DAMAGES: Readonly<Record<string, (path: string) => void>> = {
  missing: (path) => rmSync(path),
  truncated: (path) => truncateSync(path, 20),
  altered: (path) =>
    writeFileSync(path, readFileSync(path, 'utf8').replace('linux', 'lynux').replace('2', '3')),
  empty: (path) => truncateSync(path, 0),
  'a directory': (path) => {
    rmSync(path);
    mkdirSync(path);
  },
};

const cases = (['manifest', 'config'] as const).flatMap((part) =>
  Object.keys(DAMAGES).map((how) => [part, how] as const),
);

describe.each(cases)('an image whose %s is %s', (part, how) => {
  beforeEach(() => DAMAGES[how]!(file(part)));

  test('is told apart from the others', () => {
    const { sound, damaged } = store.surveyImages();
    expect(sound.map(({ names }) => names)).toEqual([[GOOD]]);
    expect(damaged).toMatchObject([{ ...bad, names: [BAD] }]);
    expect(damaged[0]!.damage).not.toBe('');
    expect(store.listImages()).toHaveLength(1);
    expect(store.imageEntries().map(({ names }) => names)).toEqual([[BAD], [GOOD]]);
    expect(store.imageEntry(bad.manifestDigest).imageId).toBe(bad.imageId);
    expect(() => store.image(bad.manifestDigest)).toThrow('the image bad:latest is damaged: ');
  });

  test('keeps what can be read of it while others are collected, and goes like any other', () => {
    store.collect();
    expect(store.layer(own.diffId) !== undefined).toBe(part === 'config');
    expect(store.removeImages([bad.manifestDigest])).toEqual([bad.manifestDigest]);
    store.collect();
    expect(store.layer(own.diffId)).toBeUndefined();
    expect(store.listImages()).toHaveLength(1);
  });

  test.skipIf(how === 'a directory')('is whole again when it is put there again', async () => {
    const shared = await addSampleLayer(store, { a: 'a' });
    addSampleImage(store, [shared, own], { names: [BAD] });
    expect(store.surveyImages()).toMatchObject({ damaged: [] });
    expect(await store.verify()).toEqual([]);
  });
});

test('a layer that was damaged without a change of its size is whole again when it is written again', async () => {
  const path = join(store.paths.blobs, own.descriptor.digest.slice(7));
  writeFileSync(path, Buffer.alloc(own.descriptor.size, 'x'));
  expect(await store.verify()).not.toEqual([]);
  await addSampleLayer(store, { b: 'b' });
  expect(await store.verify()).toEqual([]);
});

test('listing images claims none of them', () => {
  const work = store.lockShared();
  store.listImages();
  expect(store.claims.isClaimed(bad.manifestDigest)).toBe(false);
  store.image(bad.manifestDigest);
  expect(store.claims.isClaimed(bad.manifestDigest)).toBe(true);
  work.release();
});
