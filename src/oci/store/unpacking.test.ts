import { afterEach, beforeEach, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Digest } from '../../core/index.ts';
import { effectiveUid, sha256 } from '../../sys/index.ts';
import { type Entry, type ImageConfig, type Manifest, MEDIA } from '../image/index.ts';
import { type LayerSourceEntry, writeLayer } from '../layer/index.ts';
import { openStore, receiveLayers, type Store } from './index.ts';

const privilege = effectiveUid() === 0 ? 'root' : 'rootless';
let root: string;
let store: Store;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mille-unpacking-'));
  store = openStore(root, { privilege });
});
afterEach(() => {
  store.close();
  rmSync(root, { recursive: true, force: true });
});

const OWN = { uid: process.getuid!(), gid: process.getgid!(), mtime: 1_600_000_000 };

function file(path: string, content: string): LayerSourceEntry {
  const bytes = Buffer.from(content);
  let at = 0;
  const read = (target: Uint8Array) => {
    const part = bytes.subarray(at, at + target.length);
    target.set(part);
    at += part.length;
    return part.length;
  };
  const entry: Entry = { ...OWN, path, type: 'file', mode: 0o640, size: bytes.length };
  return { entry, open: () => ({ read, close: () => {} }) };
}

function other(path: string, type: 'dir' | 'whiteout'): LayerSourceEntry {
  return { entry: { ...OWN, path, type, mode: 0o755, size: 0 } };
}

/** A layer, gzipped, that comes with whatever is done to its bytes. */
async function receive(entries: LayerSourceEntry[], spoil = (bytes: Uint8Array) => bytes): Promise<Digest> {
  const tar: Uint8Array[] = [];
  const { info } = await writeLayer(entries, (bytes) => void tar.push(bytes.slice()));
  const bytes = Bun.gzipSync(Buffer.concat(tar));
  const layer = { mediaType: MEDIA.layerGzip, digest: sha256(bytes), size: bytes.length };
  const image = {
    manifest: { layers: [layer] } as unknown as Manifest,
    config: { rootfs: { diff_ids: [info.diffId] } } as unknown as ImageConfig,
    async *open() {
      yield spoil(bytes);
    },
  };
  await receiveLayers(store, image, { unpack: true });
  return info.diffId;
}

const unpackedNames = () => readdirSync(join(root, 'layers'));

test('a layer is unpacked as it comes, as it would be later', async () => {
  const diffId = await receive([
    other('etc', 'dir'),
    file('etc/motd', 'hello'),
    file('top', 'x'.repeat(300_000)),
  ]);
  expect(unpackedNames()).toEqual([diffId.slice(7)]);
  const made: Digest[] = [];
  const [layer] = await store.ensureUnpacked([diffId], { onUnpack: (one) => made.push(one) });
  expect(made).toEqual([]);
  expect(readFileSync(join(layer!.directory, 'etc/motd'), 'utf8')).toBe('hello');
  expect(await store.verify()).toEqual([]);
});

test('one that leans on those below is only received', async () => {
  const below = await receive([other('etc', 'dir'), file('etc/motd', 'hello')]);
  const orphan = await receive([file('top', 'x'), file('etc/issue', 'y')]);
  const deletion = await receive([other('etc', 'dir'), other('etc/motd', 'whiteout')]);
  expect(unpackedNames()).toEqual([below.slice(7)]);
  const stack = await store.ensureUnpacked([below, orphan, deletion]);
  expect(existsSync(join(stack[1]!.directory, 'etc/issue'))).toBe(true);
  expect(stack[2]!.key).not.toBe(deletion);
  expect(await store.verify()).toEqual([]);
});

test('of one that is not what was promised nothing is seen', async () => {
  const spoil = (bytes: Uint8Array) =>
    Bun.gzipSync(Buffer.concat([Bun.gunzipSync(bytes as Uint8Array<ArrayBuffer>), Buffer.alloc(512)]));
  await expect(receive([file('top', 'x')], spoil)).rejects.toThrow('should be');
  expect(unpackedNames()).toEqual([]);
  expect(store.listBlobs()).toEqual([]);
  store.close();
  expect(readdirSync(join(root, 'tmp'))).toEqual([]);
});
