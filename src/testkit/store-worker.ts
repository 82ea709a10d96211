// A program for tests that kill it: does everything that changes a store, without end. Arguments: the store's
// directory and a number to begin with. Prints a line once it has started.

import { mkdirSync, writeFileSync } from 'node:fs';
import { MilleError } from '../core/index.ts';
import { openStore } from '../oci/store/index.ts';
import { nextTurn } from '../sys/index.ts';
import { addSampleImage, addSampleLayer, sampleIndex } from './sample-image.ts';

const [root, first] = process.argv.slice(2) as [string, string];
const store = openStore(root, { privilege: 'root' });
console.log('started');

for (let i = Number(first); ; i++) {
  // Sizes and names repeat, so that two of these programs get in each other's way.
  const content = String.fromCharCode(97 + (i % 26)).repeat(1 + ((i * 7919) % 400_000));
  const held = store.lockShared();
  const low = await addSampleLayer(store, { [`d/${i % 7}`]: content, 'd/deep/er': `${i % 5}` });
  const top = await addSampleLayer(store, { top: content.slice(0, 100) });
  const names = [`docker.io/library/app:${i % 5}`];
  const image = addSampleImage(store, [low, top], { names });
  await store.ensureUnpacked([low.diffId, top.diffId]);
  const upper = `${store.makeTemporary('run').path}/upper`;
  mkdirSync(upper);
  writeFileSync(`${upper}/top`, content.slice(0, 100));
  store.adoptUnpacked(upper, [low.diffId, top.diffId]);
  try {
    const other = addSampleImage(store, [low], { architecture: 's390x', author: `${i % 3}` });
    const index = store.putIndex(sampleIndex(store, [image.manifestDigest, other.manifestDigest]));
    if (i % 2 === 0) store.tagIndex(`docker.io/library/several:${i % 4}`, index);
    if (i % 6 === 0) store.removeImage(other.manifestDigest);
  } catch (error) {
    // The other one may have removed an image meanwhile.
    if (!(error instanceof MilleError) || error.code !== 'image-missing') throw error;
  }
  held.release();
  if (i % 3 === 0) store.untag(names[0]!);
  if (i % 4 === 0) store.removeImage(image.manifestDigest);
  if (i % 5 === 0) store.collect();
  await nextTurn();
}
