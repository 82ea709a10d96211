import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import {
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { effectiveUid } from '../../sys/index.ts';
import {
  addSampleImage,
  addSampleLayer,
  asUser,
  placeProgram,
  type SampleLayer,
  testUser,
} from '../../testkit/index.ts';
import { writeLayer } from '../layer/index.ts';
import { lowerNames, openStore, repackLayer, type Store } from './index.ts';

const privilege = effectiveUid() === 0 ? 'root' : 'rootless';
let base: string;
let root: string;
let store: Store;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'mille-unpacked-'));
  root = join(base, 'store');
  store = openStore(root, { privilege });
});
afterEach(() => {
  store.close();
  rmSync(base, { recursive: true, force: true });
});

/** A layer that lists `path` without its parents: its unpacked form depends on what is below. */
async function orphanLayer(path: string): Promise<SampleLayer> {
  const writer = store.createBlobWriter();
  const entry = { path, type: 'symlink', link: 'x', mode: 0o777, uid: 0, gid: 0, size: 0, mtime: 0 } as const;
  const { info, toc } = await writeLayer([{ entry }], (bytes) => writer.write(bytes));
  const { digest, size } = writer.commit();
  const descriptor = { mediaType: 'application/vnd.oci.image.layer.v1.tar', digest, size };
  store.addLayer({ info, toc, descriptor });
  return { diffId: info.diffId, descriptor };
}

test('a stack is unpacked once; layers that depend on nothing are shared', async () => {
  const one = await addSampleLayer(store, { 'etc/passwd': 'root', 'bin/sh': 'sh' });
  const two = await addSampleLayer(store, { 'app/main': 'main' });
  const made: string[] = [];
  const onUnpack = (diffId: string) => made.push(diffId);
  const stack = await store.ensureUnpacked([one.diffId, two.diffId], { onUnpack });
  expect(stack.map(({ key }) => key)).toEqual([one.diffId, two.diffId]);
  expect(readFileSync(join(stack[1]!.directory, 'app/main'), 'utf8')).toBe('main');
  for (const { directory, shortName } of stack) {
    expect(shortName.length).toBeLessThanOrEqual(2);
    expect(realpathSync(join(store.linksDirectory, shortName))).toBe(realpathSync(directory));
  }
  expect(await store.ensureUnpacked([two.diffId, one.diffId], { onUnpack })).toEqual(stack.toReversed());
  expect(made).toEqual([one.diffId, two.diffId]);
  expect(readdirSync(join(root, 'tmp')).every((name) => !name.endsWith('.lock'))).toBe(true);
  expect(await store.verify()).toEqual([]);
});

test('overlayfs is given no directory twice: the topmost counts', async () => {
  const one = await addSampleLayer(store, { a: '1' });
  const two = await addSampleLayer(store, { a: '2' });
  const stack = await store.ensureUnpacked([one.diffId, two.diffId, one.diffId, one.diffId]);
  expect(lowerNames(stack)).toEqual([stack[0]!.shortName, stack[1]!.shortName]);
});

test('a layer whose parents are below belongs to its stack', async () => {
  const lib = await addSampleLayer(store, { 'usr/lib/file': 'x' });
  const other = await addSampleLayer(store, { 'opt/file': 'y' });
  const orphan = await orphanLayer('usr/lib/link');
  const [, top] = await store.ensureUnpacked([lib.diffId, orphan.diffId]);
  const [, elsewhere] = await store.ensureUnpacked([other.diffId, orphan.diffId]);
  expect(top!.key).not.toBe(orphan.diffId);
  expect(elsewhere!.key).not.toBe(top!.key);
  expect(lstatSync(join(top!.directory, 'usr/lib/link')).isSymbolicLink()).toBe(true);
  expect(store.unpacked([lib.diffId, orphan.diffId])).toEqual(top!);
  expect(store.unpacked([orphan.diffId])).toBeUndefined();
  store.collect({ roots: () => [lib.diffId, orphan.diffId] });
  expect(existsSync(top!.directory)).toBe(true);
  expect(existsSync(elsewhere!.directory)).toBe(false);
  expect(await store.verify()).toEqual([]);
});

test('an adopted directory serves its own stack only, and the loser of a race disappears', async () => {
  const one = await addSampleLayer(store, { a: 'a' });
  const two = await addSampleLayer(store, { b: 'b' });
  const upper = () => {
    const path = join(store.makeTemporary('run').path, 'upper');
    mkdirSync(path);
    writeFileSync(join(path, 'b'), 'b');
    return path;
  };
  const adopted = store.adoptUnpacked(upper(), [one.diffId, two.diffId]);
  const late = upper();
  expect(store.adoptUnpacked(late, [one.diffId, two.diffId])).toEqual(adopted);
  expect(existsSync(late)).toBe(false);
  expect(store.unpacked([one.diffId, two.diffId])).toEqual(adopted);
  expect(store.unpacked([two.diffId])).toBeUndefined();
  expect((await store.ensureUnpacked([one.diffId, two.diffId]))[1]).toEqual(adopted);
  const [shared] = await store.ensureUnpacked([two.diffId]);
  expect(shared!.directory).not.toBe(adopted.directory);
  expect(await store.verify()).toEqual([]);
});

test('tasks and processes that want the same layer share the work', async () => {
  const files = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`d/${i}`, `${i}`]));
  const { diffId } = await addSampleLayer(store, files);
  const other = openStore(root, { privilege });
  const made: string[] = [];
  const onUnpack = (id: string) => made.push(id);
  const results = await Promise.all(
    [store, other, store, other].map((one) => one.ensureUnpacked([diffId], { onUnpack })),
  );
  other.close();
  expect(made).toEqual([diffId]);
  expect(new Set(results.map(([layer]) => layer!.directory)).size).toBe(1);
});

test('a damaged layer leaves nothing unpacked', async () => {
  const { diffId, descriptor } = await addSampleLayer(store, { a: 'content of a file' });
  const file = store.blobPath(descriptor.digest);
  writeFileSync(file, readFileSync(file, 'latin1').replace('content', 'CONTENT'), 'latin1');
  await expect(store.ensureUnpacked([diffId])).rejects.toMatchObject({ code: 'digest-mismatch' });
  expect(readdirSync(join(root, 'layers'))).toEqual([]);
});

describe.skipIf(effectiveUid() !== 0)('overlayfs mounts', () => {
  const program = join(import.meta.dir, '../../testkit/stack-program.ts');
  const check = (command: readonly string[]) => {
    const { stdout, stderr } = Bun.spawnSync([...command]);
    expect(`${stderr}`).toBe('');
    const { said, errors, seen, problems } = JSON.parse(`${stdout}`);
    expect({ errors, problems }).toEqual({ errors: '', problems: [] });
    // The top layer but one is odd: it deletes `gone`. 120 files, `last` and the link.
    expect(said).toEqual(['d', '122', '119', '33:44', '']);
    expect(seen).toBe(123);
  };

  test('120 layers by their short names, as root', () => {
    const own = ['unshare', '--mount', '--propagation', 'private'];
    check([...own, process.execPath, program, join(base, 'stack'), 'root', '120']);
  }, 120_000);

  const user = testUser();
  test.skipIf(!user)(
    '120 layers in a user namespace, with the owners that the layers say',
    async () => {
      const place = mkdtempSync('/tmp/mille-rootless-');
      try {
        chownSync(place, user!.uid, user!.gid);
        const own = [
          'unshare',
          '--user',
          '--map-root-user',
          '--map-auto',
          '--mount',
          '--propagation',
          'private',
        ];
        const run = await placeProgram(program, place);
        const inside = (command: readonly string[]) => asUser(user!, [...own, ...command]);
        check(inside([...run, join(place, 'store'), 'rootless', '120']));
      } finally {
        rmSync(place, { recursive: true, force: true });
      }
    },
    120_000,
  );
});

test('a layer stays as long as an unpacked one stands on it, and goes with it', async () => {
  const layer = await addSampleLayer(store, { f: 'f' });
  const [form] = await store.ensureUnpacked([layer.diffId]);
  const { manifestDigest } = addSampleImage(store, [layer]);
  // A second blob of it is none that anything stands on.
  const packed = await repackLayer(store, layer.diffId, { kind: 'gzip' });
  expect(store.collect().blobs.map(({ digest }) => digest)).toEqual([packed.digest]);
  store.removeImages([manifestDigest]);
  // As by somebody who made it between the two looks of a collection, and was killed before the second.
  const held = store.claims.hold(`unpacked:${form!.key}`);
  expect(store.collect()).toMatchObject({ layers: 0, unpacked: { forms: [] } });
  expect(await store.verify()).toEqual([]);
  held.release();
  expect(store.collect()).toMatchObject({ layers: 1, unpacked: { forms: [{ name: form!.key.slice(7) }] } });
  expect(await store.verify()).toEqual([]);
});
