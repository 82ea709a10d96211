import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Digest, MilleError } from '../../core/index.ts';
import { sha256 } from '../../sys/index.ts';
import { addSampleImage, addSampleLayer } from '../../testkit/index.ts';
import { type Collected, defaultStoreRoot, openStore, type Store } from './index.ts';
import { layoutReference } from './index-file.ts';

const APP = 'docker.io/library/app:latest';
let base: string;
let root: string;
let store: Store;

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'mille-store-'));
  root = join(base, 'store');
  store = openStore(root, { privilege: 'root' });
});
afterEach(() => {
  store.close();
  rmSync(base, { recursive: true, force: true });
});

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof MilleError ? error.code : String(error);
  }
  return 'nothing thrown';
}

async function collectChunks(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk.slice());
  return Buffer.concat(all).toString();
}

describe('opening', () => {
  test('makes an OCI layout, and finds it again', () => {
    expect(JSON.parse(readFileSync(join(root, 'oci-layout'), 'utf8'))).toEqual({
      imageLayoutVersion: '1.0.0',
    });
    const index = JSON.parse(readFileSync(join(root, 'index.json'), 'utf8'));
    expect(index).toMatchObject({ schemaVersion: 2, manifests: [] });
    store.setValue('runtime', '/usr/sbin/runc');
    store.close();
    store = openStore(root, { privilege: 'root' });
    expect(store.getValue('runtime')).toBe('/usr/sbin/runc');
    expect(store.getValue('generation')).toBeUndefined();
  });

  const WITHOUT_4 = 'DROP TABLE distant_blobs;';
  const WITHOUT_3 = `${WITHOUT_4} DROP TABLE indexes; DROP TABLE index_members; DROP INDEX names_of_index; ALTER TABLE names DROP COLUMN image_index;`;
  test.each([
    [1, `DROP TABLE uses; DROP TABLE sizes; ${WITHOUT_3}`],
    [2, WITHOUT_3],
    [3, WITHOUT_4],
  ])('a store of version %d gets what it lacks', async (version, older) => {
    const layer = await addSampleLayer(store, { f: 'f' });
    const image = addSampleImage(store, [layer], { names: ['docker.io/library/app:1'] });
    store.db.script(`${older} PRAGMA user_version=${version}`);
    store.close();
    store = openStore(root, { privilege: 'root' });
    expect(store.db.get('PRAGMA user_version')).toEqual({ user_version: 4 });
    expect(store.db.all('SELECT * FROM uses')).toEqual([]);
    expect(store.resolveName('docker.io/library/app:1')).toBe(image.manifestDigest);
    expect(store.indexOf('docker.io/library/app:1')).toBeUndefined();
    expect(await store.verify()).toEqual([]);
  });

  test('refuses a store of the other kind of user, of a newer program, and what is no database', () => {
    expect(codeOf(() => openStore(root, { privilege: 'rootless' }))).toBe('store-invalid');
    store.db.run('PRAGMA user_version=999');
    expect(codeOf(() => openStore(root, { privilege: 'root' }))).toBe('store-invalid');
    const other = join(base, 'other');
    mkdirSync(other);
    writeFileSync(
      join(other, 'mille.db'),
      'this is not a database, though it is long enough to be one'.repeat(50),
    );
    expect(codeOf(() => openStore(other, { privilege: 'root' }))).toBe('store-invalid');
  });

  test('to read only makes nothing', () => {
    const absent = join(base, 'absent');
    const empty = openStore(absent, { privilege: 'root', readOnly: true });
    expect(empty.listImages()).toEqual([]);
    empty.close();
    expect(existsSync(absent)).toBe(false);
  });

  test('writes an index again that does not show the current names', async () => {
    addSampleImage(store, [await addSampleLayer(store, { a: 'a' })], { names: [APP] });
    const good = readFileSync(join(root, 'index.json'), 'utf8');
    for (const bad of [
      '',
      '{"schemaVersion":2,"manifests":[]}',
      good.replace(/generation":"\d+/, 'generation":"1'),
    ]) {
      writeFileSync(join(root, 'index.json'), bad);
      openStore(root, { privilege: 'root' }).close();
      expect(await store.verify()).toEqual([]);
      expect(JSON.parse(readFileSync(join(root, 'index.json'), 'utf8')).manifests).toHaveLength(1);
    }
  });

  test('its default place', () => {
    expect(defaultStoreRoot({ MILLE_ROOT: '/data/m/' })).toBe('/data/m');
    expect(defaultStoreRoot({ MILLE_ROOT: 'm', PWD: '/home/u' })).toBe('/home/u/m');
    expect(defaultStoreRoot({ HOME: '/root' }, { rootless: false })).toBe('/var/lib/millefeuille');
    expect(defaultStoreRoot({ HOME: '/home/u' }, { rootless: true })).toBe(
      '/home/u/.local/share/millefeuille',
    );
    expect(defaultStoreRoot({ HOME: '/home/u', XDG_DATA_HOME: '/x' }, { rootless: true })).toBe(
      '/x/millefeuille',
    );
  });
});

describe('blobs', () => {
  test('are written, found, read and streamed', async () => {
    const { digest, size } = store.putBlob('hello');
    expect({ digest, size }).toEqual({ digest: sha256('hello'), size: 5 });
    expect(store.hasBlob(digest)).toBe(true);
    expect(store.hasBlob(digest, 6)).toBe(false);
    expect(Buffer.from(store.readBlob(digest, 5)).toString()).toBe('hello');
    expect(await collectChunks(store.streamBlob(digest))).toBe('hello');
    expect(store.listBlobs()).toEqual([{ digest, size }]);
    expect(statSync(store.blobPath(digest)).mode & 0o777).toBe(0o644);
  });

  test('appear when committed only, and once', () => {
    const first = store.createBlobWriter();
    const second = store.createBlobWriter();
    for (const writer of [first, second]) writer.write(Buffer.from('same'));
    expect(store.listBlobs()).toEqual([]);
    expect(first.commit()).toEqual(second.commit(sha256('same')));
    expect(store.listBlobs()).toHaveLength(1);
    const third = store.createBlobWriter();
    third.write(Buffer.from('dropped'));
    third.abort();
    third.abort();
    expect(store.listBlobs()).toHaveLength(1);
  });

  test('that are not what was promised are not kept', async () => {
    const writer = store.createBlobWriter();
    writer.write(Buffer.from('x'));
    expect(codeOf(() => writer.commit(sha256('y')))).toBe('digest-mismatch');
    expect(store.listBlobs()).toEqual([]);
    const { digest } = store.putBlob('good');
    writeFileSync(store.blobPath(digest), 'evil');
    expect(codeOf(() => store.readBlob(digest, 100))).toBe('digest-mismatch');
    await expect(collectChunks(store.streamBlob(digest))).rejects.toThrow('should be');
    expect((await store.verify()).join()).toContain('should be');
  });

  test('damaged in size are replaced when written again', () => {
    const { digest } = store.putBlob('whole');
    writeFileSync(store.blobPath(digest), 'who');
    store.putBlob('whole');
    expect(Buffer.from(store.readBlob(digest, 100)).toString()).toBe('whole');
  });

  test('absent or too large are errors that say so', () => {
    expect(codeOf(() => store.blobPath(sha256('no')))).toBe('image-missing');
    const { digest } = store.putBlob('too large');
    expect(codeOf(() => store.readBlob(digest, 3))).toBe('image-invalid');
  });
});

describe('layers', () => {
  test('are remembered with their contents', async () => {
    const { diffId, descriptor } = await addSampleLayer(store, { 'etc/passwd': 'root', gone: undefined });
    store.close();
    store = openStore(root, { privilege: 'root' });
    expect(store.layer(diffId)).toMatchObject({ descriptor, info: { diffId, files: 3 } });
    expect(store.findByBlob(descriptor.digest)?.info.diffId).toBe(diffId);
    expect(store.toc(diffId).entries.map((entry) => [entry.path, entry.type])).toEqual([
      ['etc', 'dir'],
      ['etc/passwd', 'file'],
      ['gone', 'whiteout'],
    ]);
    expect((await collectChunks(store.streamLayer(diffId))).length).toBe(descriptor.size);
  });

  test('without their blob are unknown', async () => {
    const { diffId, descriptor } = await addSampleLayer(store, { a: 'a' });
    rmSync(store.blobPath(descriptor.digest));
    expect(store.layer(diffId)).toBeUndefined();
    expect(store.findByBlob(descriptor.digest)).toBeUndefined();
    await expect(collectChunks(store.streamLayer(diffId))).rejects.toThrow('is not in the store');
    expect(await store.verify()).toEqual([`layer ${diffId} has lost its blob`]);
  });
});

describe('images and names', () => {
  test('a name points to one image at a time; an image without a name stays', async () => {
    const layer = await addSampleLayer(store, { a: 'a' });
    const one = addSampleImage(store, [layer], { names: [APP, 'docker.io/library/app:1'] });
    const two = addSampleImage(store, [layer], { names: [APP], author: 'two' });
    expect(store.resolveName(APP)).toBe(two.manifestDigest);
    expect(store.image(one.manifestDigest).names).toEqual(['docker.io/library/app:1']);
    expect(store.listImages().map((image) => image.imageId)).toEqual([two.imageId, one.imageId]);
    expect(store.untag(APP)).toBe(true);
    expect(store.untag(APP)).toBe(false);
    expect(store.resolveName(APP)).toBeUndefined();
    expect(store.image(two.manifestDigest)).toMatchObject({ names: [], size: layer.descriptor.size });
    expect(store.removeImage(two.manifestDigest)).toBe(true);
    expect(codeOf(() => store.image(two.manifestDigest))).toBe('image-missing');
    expect(codeOf(() => store.tag(APP, two.manifestDigest))).toBe('image-missing');
    expect(await store.verify()).toEqual([]);
  });

  test('are found by the beginning of their id', async () => {
    const layer = await addSampleLayer(store, { a: 'a' });
    const images = Array.from({ length: 40 }, (_, i) => addSampleImage(store, [layer], { author: `${i}` }));
    const { imageId, manifestDigest } = images[7]!;
    for (const text of [
      imageId,
      imageId.slice(7),
      imageId.slice(0, 25),
      imageId.slice(7, 19),
      manifestDigest,
    ]) {
      expect(store.findById(text)).toBe(manifestDigest);
    }
    for (const text of ['', 'abc', 'sha256:abc', 'g'.repeat(12), `${imageId}0`, "a' OR 1=1"]) {
      expect(store.findById(text)).toBeUndefined();
    }
    store.db.run(
      "INSERT INTO images SELECT 'sha256:' || hex(randomblob(32)), ?, media_type, size, added FROM images LIMIT 1",
      `${imageId.slice(0, 20)}${'f'.repeat(51)}`,
    );
    expect(codeOf(() => store.findById(imageId.slice(7, 15)))).toBe('reference-invalid');
    expect(store.findById(imageId)).toBe(manifestDigest);
  });

  test('whose parts do not fit together are refused', async () => {
    const layer = await addSampleLayer(store, { a: 'a' });
    const { manifestDigest } = addSampleImage(store, [layer]);
    const { manifestBytes, configBytes } = store.image(manifestDigest);
    const manifest = Buffer.from(manifestBytes).toString();
    const config = Buffer.from(configBytes).toString();
    const other = sha256('other');
    const bad: [string, string][] = [
      [manifest, `${config} `],
      [manifest.replaceAll(layer.diffId, other), config],
      ['{}', config],
    ];
    for (const [m, c] of bad) {
      expect(codeOf(() => store.putImage({ manifest: m, config: c }))).toBe('image-invalid');
    }
    expect(store.listImages()).toHaveLength(1);
  });

  test('several changes are one', async () => {
    const { manifestDigest } = addSampleImage(store, [await addSampleLayer(store, { a: 'a' })], {
      names: [APP],
    });
    const index = readFileSync(join(root, 'index.json'), 'utf8');
    const failing = () =>
      store.changeNames(() => {
        store.tag('docker.io/library/b:latest', manifestDigest);
        store.untag(APP);
        throw new Error('no');
      });
    expect(failing).toThrow('no');
    expect(store.image(manifestDigest).names).toEqual([APP]);
    expect(readFileSync(join(root, 'index.json'), 'utf8')).toBe(index);
    expect(() => store.db.transaction(() => store.untag(APP))).toThrow('inside a transaction');
  });

  test('have names in the layout that its grammar allows', () => {
    const grammar = /^[A-Za-z0-9]+(([-._:@+]|--)[A-Za-z0-9]+)*(\/[A-Za-z0-9]+(([-._:@+]|--)[A-Za-z0-9]+)*)*$/;
    expect(layoutReference(APP)).toBe('app:latest');
    expect(layoutReference('localhost:5000/team/app:1.0')).toBe('localhost:5000/team/app:1.0');
    for (const odd of ['docker.io/library/a__b:x', 'docker.io/a/b---c:_v1.', 'docker.io/library/a:x__']) {
      expect(layoutReference(odd)).toMatch(grammar);
      expect(layoutReference(odd)).not.toBe(layoutReference(`${odd}y`));
    }
  });
});

describe('temporaries', () => {
  test('are removed with the store, and after a process that left them', () => {
    const left = join(root, 'tmp', 'left-by-somebody');
    mkdirSync(join(left, 'deep', 'er'), { recursive: true });
    const own = store.makeTemporary('x');
    writeFileSync(join(own.path, 'file'), 'x');
    expect(existsSync(left)).toBe(false);
    const other = openStore(root, { privilege: 'root' });
    other.makeTemporary('y');
    expect(existsSync(own.path)).toBe(true);
    own.remove();
    own.remove();
    expect(existsSync(own.path)).toBe(false);
    other.close();
    store.close();
    expect(readdirSync(join(root, 'tmp'))).toEqual([]);
  });
});

const counts = ({ blobs, layers, unpacked }: Collected) => ({
  blobs: blobs.length,
  layers,
  unpacked: unpacked.forms.length,
});

describe('collection', () => {
  test('keeps what images and roots need, and nothing else', async () => {
    const [shared, cached, dead] = [
      await addSampleLayer(store, { a: 'a' }),
      await addSampleLayer(store, { b: 'b' }),
      await addSampleLayer(store, { c: 'c' }),
    ];
    const kept = addSampleImage(store, [shared], { names: [APP] });
    const gone = addSampleImage(store, [shared, dead], { author: 'gone' });
    store.removeImage(gone.manifestDigest);
    const result = store.collect({ roots: () => [cached.diffId, sha256('unknown') as Digest] });
    expect(counts(result)).toMatchObject({ blobs: 3, layers: 1 });
    expect(store.layer(dead.diffId)).toBeUndefined();
    expect(store.layer(cached.diffId)).toBeDefined();
    expect(store.image(kept.manifestDigest).names).toEqual([APP]);
    expect(await store.verify()).toEqual([]);
    expect(counts(store.collect())).toMatchObject({ blobs: 1, layers: 1 });
    expect(counts(store.collect())).toEqual({ blobs: 0, layers: 0, unpacked: 0 });
  });

  test('waits for nobody, and leaves alone what somebody relies on', async () => {
    const other = openStore(root, { privilege: 'root' });
    const held = other.lockShared();
    const { digest } = other.putBlob('x');
    const made = await addSampleLayer(other, { a: 'a' });
    const found = await addSampleLayer(store, { b: 'b' });
    const loose = await addSampleLayer(store, { c: 'c' });
    expect(other.layer(found.diffId)).toBeDefined();
    expect(other.peekLayer(loose.diffId)).toBeDefined();
    const [unpacked] = await other.ensureUnpacked([found.diffId]);
    await store.ensureUnpacked([made.diffId]);
    expect(counts(store.collect())).toMatchObject({ blobs: 1, layers: 1, unpacked: 1 });
    expect(store.peekLayer(loose.diffId)).toBeUndefined();
    for (const each of [made, found]) expect(other.layer(each.diffId)).toBeDefined();
    expect(existsSync(unpacked!.directory)).toBe(true);
    expect(other.hasBlob(digest)).toBe(true);
    held.release();
    held.release();
    expect(counts(store.collect())).toMatchObject({ blobs: 3, layers: 2, unpacked: 1 });
    const mine = store.lockShared();
    store.putBlob('y');
    expect(counts(store.collect())).toMatchObject({ blobs: 0 });
    mine.release();
    expect(counts(store.collect())).toMatchObject({ blobs: 1 });
    other.close();
    expect(await store.verify()).toEqual([]);
  });

  test('frees what a layer takes in another form, and not what an image needs of it', async () => {
    const { diffId, descriptor } = await addSampleLayer(store, { a: 'a' });
    const gzip = Bun.gzipSync(readFileSync(store.blobPath(descriptor.digest)));
    const { digest, size } = store.putBlob(gzip);
    const { info } = store.layer(diffId)!;
    const compressed = { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest, size };
    store.addLayer({ info, toc: store.toc(diffId), descriptor: compressed });
    const image = addSampleImage(store, [{ diffId, descriptor: compressed }], { names: [APP] });
    expect(counts(store.collect({ roots: () => [diffId] }))).toMatchObject({ blobs: 1, layers: 0 });
    expect(store.hasBlob(descriptor.digest)).toBe(false);
    expect(store.layer(diffId)?.descriptor.digest).toBe(digest);
    store.removeImage(image.manifestDigest);
    expect(counts(store.collect({ roots: () => [diffId] }))).toMatchObject({ blobs: 2, layers: 0 });
    expect(counts(store.collect({ rootBlobs: () => [digest] }))).toMatchObject({ blobs: 0, layers: 0 });
    expect(counts(store.collect())).toMatchObject({ blobs: 1, layers: 1 });
    expect(await store.verify()).toEqual([]);
  });
});
