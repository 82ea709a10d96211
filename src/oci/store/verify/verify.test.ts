// Everything that can be wrong with a store is found, and forgotten by a repair; a sound store has no problems.

import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sha256 } from '../../../sys/index.ts';
import { addSampleImage, addSampleLayer, type SampleLayer, sampleIndex } from '../../../testkit/index.ts';
import { openStore, type Store } from '../index.ts';

const APP = 'docker.io/library/app:latest';
let base: string;
let root: string;
let store: Store;
let low: SampleLayer;
let top: SampleLayer;
let image: ReturnType<typeof addSampleImage>;

beforeEach(async () => {
  base = mkdtempSync(join(tmpdir(), 'mille-verify-'));
  root = join(base, 'store');
  store = openStore(root, { privilege: 'root' });
  low = await addSampleLayer(store, { 'd/a': 'a', 'd/b': 'b' });
  top = await addSampleLayer(store, { 'd/c': 'c'.repeat(3000), 'd/b': undefined });
  image = addSampleImage(store, [low, top], { names: [APP] });
  await store.ensureUnpacked([low.diffId, top.diffId]);
});
afterEach(() => {
  store.close();
  rmSync(base, { recursive: true, force: true });
});

const blob = (digest: string) => join(root, 'blobs/sha256', digest.slice(7));
const lowDirectory = () => join(root, 'layers', low.diffId.slice(7));

/** What is done to the store, what is said of it, and whether only a deep look shows it. */
const DAMAGES: Readonly<Record<string, { do: () => void; says: RegExp; deep?: true; stays?: true }>> = {
  'a layer without its blob': {
    do: () => rmSync(blob(low.diffId)),
    says: /^layer sha256:\w+ has lost its blob$/,
  },
  'a layer without a blob in the database': {
    do: () => void store.db.run('DELETE FROM layer_blobs WHERE diff_id = ?', low.diffId),
    says: /^layer sha256:\w+ has lost its blob$/,
  },
  'a blob that is too short': {
    do: () => truncateSync(blob(low.diffId), 100),
    says: /^the blob sha256:\w+ is 100 bytes long and should be \d+$/,
  },
  'a layer that was altered': {
    do: () => {
      const bytes = readFileSync(blob(top.diffId));
      bytes[bytes.indexOf('ccc')] = 120;
      writeFileSync(blob(top.diffId), bytes);
    },
    says: /^the blob sha256:\w+ is damaged: a blob should be sha256:\w+ but is sha256:/,
    deep: true,
  },
  'a table of contents that cannot be read': {
    do: () => void store.db.run('UPDATE layers SET toc = ? WHERE diff_id = ?', Buffer.from('x'), low.diffId),
    says: /has an unreadable table of contents/,
  },
  'a table of contents of something else': {
    do: () =>
      void store.db.run(
        'UPDATE layers SET (toc, files, content_id) = (SELECT toc, files, content_id FROM layers WHERE diff_id = ?) WHERE diff_id = ?',
        ...[top.diffId, low.diffId],
      ),
    says: /does not hold what its table of contents says/,
    deep: true,
  },
  'a manifest that is gone': {
    do: () => rmSync(blob(image.manifestDigest)),
    says: /^the image app:latest is damaged: the blob sha256:\w+ is not in the store$/,
  },
  'a config that was altered': {
    do: () => writeFileSync(blob(image.imageId), '{}'),
    says: /^the image app:latest is damaged: the blob '.*' should be/,
  },
  'a name of no image': {
    do: () => {
      store.db.script('PRAGMA foreign_keys=OFF');
      store.db.run(
        "INSERT INTO names (name, manifest, moved) VALUES ('docker.io/library/b:1', ?, 0)",
        sha256('none'),
      );
    },
    says: /^the name docker.io\/library\/b:1 points to no image$/,
  },
  'an index of other names': {
    do: () => {
      const index = readFileSync(join(root, 'index.json'), 'utf8');
      writeFileSync(join(root, 'index.json'), index.replace('app:latest', 'app:other'));
    },
    says: /^index.json does not show the current names$/,
  },
  'a directory that is gone': {
    do: () => rmSync(join(root, 'l'), { recursive: true }),
    says: /^l\/ is missing$/,
  },
  'a layout without its mark': {
    do: () => writeFileSync(join(root, 'oci-layout'), '{"imageLayoutVersion":"2"}'),
    says: /^oci-layout does not say/,
  },
  'an unpacked layer that nobody knows': {
    do: () => mkdirSync(join(root, 'layers', 'f'.repeat(64))),
    says: /^the unpacked layer 'f{64}' is not in the database$/,
  },
  'an unpacked layer without its layer': {
    do: () => void store.db.run('UPDATE unpacked SET diff_ids = ? WHERE key = ?', sha256('gone'), low.diffId),
    says: /^the unpacked layer '\w+' stands on the layer sha256:\w+, which is gone$/,
  },
  'an unpacked layer that lost a file': {
    do: () => rmSync(join(lowDirectory(), 'd/a')),
    says: /^the unpacked layer '\w+' lacks '\/d\/a'$/,
    deep: true,
  },
  'an unpacked file that was altered': {
    do: () => writeFileSync(join(lowDirectory(), 'd/a'), 'x'),
    says: /^the unpacked layer '\w+' has another content for '\/d\/a'$/,
    deep: true,
  },
  'an unpacked file of another mode': {
    do: () => chmodSync(join(lowDirectory(), 'd/a'), 0o600),
    says: /has another mode or owner for '\/d\/a'$/,
    deep: true,
  },
  'a short name that leads elsewhere': {
    do: () => symlinkSync('../layers/elsewhere', join(root, 'l/zz')),
    says: /^the short name 'zz' leads elsewhere$/,
  },
  'a directory among the blobs': {
    do: () => mkdirSync(blob(sha256('x'))),
    says: /^'\w{64}' among the blobs is none$/,
  },
  'a stranger among the blobs': {
    do: () => writeFileSync(join(root, 'blobs/sha256/notes.txt'), 'x'),
    says: /^'notes.txt' among the blobs is none$/,
    stays: true,
  },
};

describe.each(Object.keys(DAMAGES))('%s', (name) => {
  const { do: harm, says, deep = false, stays = false } = DAMAGES[name]!;

  test('is found, and forgotten by a repair', async () => {
    expect(await store.findProblems({ deep: true })).toEqual([]);
    harm();
    const quick = await store.findProblems({ deep: false });
    if (deep) expect(quick).toEqual([]);
    else expect(quick.map(({ message }) => message).join('\n')).toMatch(new RegExp(says.source, 'm'));
    const problems = await store.findProblems({ deep: true });
    expect(problems.some(({ message }) => says.test(message))).toBe(true);
    for (const { remedy, harmless } of problems)
      expect([remedy === '', harmless]).toEqual([false, undefined]);
    for (let round = 0; round < 3; round++) store.repair(await store.findProblems({ deep: true }));
    expect((await store.findProblems({ deep: true })).length).toBe(stays ? 1 : 0);
    if (!stays) {
      // And nothing else is lost: the same again is sound.
      await addSampleLayer(store, { 'd/a': 'a', 'd/b': 'b' });
      await addSampleLayer(store, { 'd/c': 'c'.repeat(3000), 'd/b': undefined });
      addSampleImage(store, [low, top], { names: [APP] });
      await store.ensureUnpacked([low.diffId, top.diffId]);
      expect(await store.verify()).toEqual([]);
      expect(store.listImages()).toHaveLength(1);
    }
  });
});

test('a damaged index of several platforms goes, its image keeps the name', async () => {
  const index = store.putIndex(sampleIndex(store, [image.manifestDigest]));
  store.tagIndex(APP, index);
  expect(await store.verify()).toEqual([]);
  truncateSync(blob(index), 10);
  const problems = await store.findProblems({ deep: false });
  expect(problems.map(({ kind, message }) => [kind, message])).toEqual([
    ['image-index', expect.stringMatching(/^the index sha256:\w+ is damaged: the blob/)],
  ]);
  store.repair(problems);
  expect(await store.verify()).toEqual([]);
  expect(store.image(store.resolveName(APP)!).names).toEqual([APP]);
  expect(store.indexOf(APP)).toBeUndefined();
});

test('what killed processes left is told, and harms nobody', async () => {
  mkdirSync(join(root, 'tmp/left/deep'), { recursive: true });
  writeFileSync(join(root, 'tmp/file'), 'x');
  const problems = await store.findProblems({ deep: false });
  expect(problems.map(({ kind, subject, harmless }) => [kind, subject, harmless])).toEqual([
    ['leftover', 'file', true],
    ['leftover', 'left', true],
  ]);
  expect(await store.verify()).toEqual([]);
  store.repair(problems);
  expect(readdirSync(join(root, 'tmp')).filter((name) => name === 'left' || name === 'file')).toEqual([]);
});

test('what somebody relies on stays', async () => {
  const other = openStore(root, { privilege: 'root' });
  const work = other.lockShared();
  other.layer(low.diffId);
  truncateSync(blob(low.diffId), 100);
  store.repair(await store.findProblems({ deep: false }));
  expect(existsSync(blob(low.diffId))).toBe(true);
  work.release();
  other.close();
  store.repair(await store.findProblems({ deep: false }));
  expect(existsSync(blob(low.diffId))).toBe(false);
});

test('a store without its database is not taken for an empty one', async () => {
  store.close();
  rmSync(join(root, 'mille.db'));
  store = openStore(root, { privilege: 'root', readOnly: true });
  expect((await store.verify()).join()).toContain('mille.db is missing, though there are blobs');
  store.close();
  store = openStore(join(base, 'none'), { privilege: 'root', readOnly: true });
  expect(await store.verify()).toEqual([]);
});
