// A COPY that runs again takes what did not change from the layer that it made before, and comes to the same layer as
// a build from nothing; whatever became of the earlier layer's blob.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import {
  chmodSync,
  linkSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';

repeatsCommands();

const SECRET = 'aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzQQKEYabc\n';
const FILES = {
  a: 'aaaa\n',
  b: 'bbbb\n',
  'd/same': 'same\n',
  'd/too': 'same\n',
  'd/large': 'x'.repeat(300_000),
};
/** Every build promises its digest. */
const env = { SOURCE_DATE_EPOCH: '1600000000' };

let place = '';
let context = '';
let warm: Mille;
let counter = 0;

beforeAll(async () => {
  place = makePlace('earlier');
  context = join(place, 'context');
  writeTree(context, { ...FILES, 'settings.ini': SECRET, Dockerfile: 'FROM scratch\nCOPY . /app\n' });
  // What changed this very moment may change again unnoticed, and its digest is not remembered.
  await Bun.sleep(2600);
  warm = await mille(join(place, 'warm'), { base: false });
  await build();
}, 120_000);
afterAll(() => removePlace(place));

/** Builds with what was before, and from nothing: the same image. @returns what was said */
async function build(): Promise<string> {
  const ours = await warm.build([context], { env });
  const cold = await mille(join(place, `cold${++counter}`), { base: false });
  expect(await cold.must(['build', '-q', context], { env })).toBe(`${ours.imageId}\n`);
  return ours.output;
}

const file = (name: string) => join(context, name);

/** The blob of the layer that the last build made. */
function layerBlob(): string {
  const blob = (digest: string) => join(warm.root, 'blobs/sha256', digest.replace('sha256:', ''));
  const index = JSON.parse(readFileSync(join(warm.root, 'index.json'), 'utf8'));
  const newest = index.manifests.map(({ digest }: { digest: string }) => blob(digest)).sort(byTime)[0];
  return blob(JSON.parse(readFileSync(newest, 'utf8')).layers[0].digest);
}

function byTime(a: string, b: string): number {
  return statSync(b).mtimeMs - statSync(a).mtimeMs;
}

describe('a layer made with the help of an earlier one', () => {
  const changes: Record<string, () => void> = {
    'a file grew, another shrank': () => {
      writeFileSync(file('a'), 'aaaa, and more\n');
      writeFileSync(file('d/large'), 'x');
    },
    'a mode and a time': () => {
      chmodSync(file('b'), 0o755);
      utimesSync(file('d/same'), 1e9, 1e9);
    },
    'a hard link, a new name, a removal': () => {
      linkSync(file('b'), file('b2'));
      renameSync(file('d/too'), file('d/other'));
      rmSync(file('a'));
    },
  };
  for (const [name, change] of Object.entries(changes))
    test(name, async () => {
      change();
      // A secret in a file that did not change is told again.
      expect(await build()).toContain('settings.ini:1');
      expect(await warm.verify()).toEqual([]);
    }, 120_000);

  const damages: Record<string, (blob: string) => void> = {
    gone: unlinkSync,
    'cut short': (blob) => truncateSync(blob, 1500),
    'not what it was': (blob) => {
      const bytes = readFileSync(blob);
      const at = bytes.indexOf('same\n');
      expect(at).toBeGreaterThan(0);
      bytes.write('lame\n', at);
      writeFileSync(blob, bytes);
    },
  };
  for (const [name, damage] of Object.entries(damages))
    test(`the earlier blob is ${name}`, async () => {
      damage(layerBlob());
      writeFileSync(file('b'), `for one that is ${name}\n`);
      expect(await build()).not.toContain('blob');
    }, 120_000);
});
