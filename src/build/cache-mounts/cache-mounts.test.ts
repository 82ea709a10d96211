import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openStore, type Store } from '../../oci/store/index.ts';
import { CWD, closeFd, effectiveUid, lockFd, O, openAt, privilege, sha256 } from '../../sys/index.ts';
import { chunksOf, describeTree, entry, file, layerBytes } from '../../testkit/layers.ts';
import {
  clearMounts,
  exportMounts,
  importMounts,
  listMounts,
  lockOf,
  type MountIdentity,
  markUsed,
  mountHash,
  noteMountUse,
  openMount,
} from './index.ts';
import { describeMount } from './list.ts';

let place = '';
let store: Store;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'mille-caches-'));
  store = openStore(join(place, 'store'), { privilege: privilege() });
});
afterEach(() => {
  store.close();
  rmSync(place, { recursive: true, force: true });
});

const NPM: MountIdentity = { id: 'npm', origin: '', mode: 0o755, uid: 0, gid: 0 };
const PIP: MountIdentity = { id: '/root/.cache', origin: sha256('base'), path: 'root/.cache' };

/** What a build does with a cache. */
function use(identity: MountIdentity, files: Readonly<Record<string, string>>, into = store): void {
  const mount = openMount(into, identity);
  const data = join(mount.directory, 'data');
  closeFd(openAt(CWD, lockOf(data), { flags: O.RDWR | O.CREAT, mode: 0o600 }));
  markUsed(data);
  mkdirSync(data, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(data, name), content);
  mount.release();
}

test('caches are listed with what they take, who used them and when', () => {
  const before = Date.now() - 2000;
  use(NPM, { a: 'x'.repeat(10_000), b: 'y' });
  use(PIP, {});
  const step = { scope: 's', stage: '0', step: 'RUN npm ci', build: 'b1', used: 5 };
  noteMountUse(store.db, mountHash(NPM), step);
  noteMountUse(store.db, mountHash(NPM), { ...step, step: 'RUN npm test', used: 7 });
  noteMountUse(store.db, mountHash(NPM), { ...step, build: 'b2', used: 6 });
  const found = listMounts(store).find(({ hash }) => hash === mountHash(NPM))!;
  expect(found).toMatchObject({ identity: NPM, copies: 1, inUse: false });
  expect(found.size.files).toBe(2);
  expect(found.size.bytes).toBeGreaterThan(10_000);
  expect(found.lastUsed).toBeGreaterThan(before);
  expect(found.uses.map(({ step: title, build }) => [title, build])).toEqual([
    ['RUN npm test', 'b1'],
    ['RUN npm ci', 'b2'],
  ]);
  expect(describeMount(store, mountHash(PIP))).toMatchObject({ identity: PIP, uses: [] });
  expect(describeMount(store, sha256('none'))).toBeUndefined();
});

test('a size is measured again once a build has used the cache, and not before', () => {
  use(NPM, { a: 'x' });
  const hash = mountHash(NPM);
  const first = describeMount(store, hash)!;
  // Nobody changes a cache behind the program's back: this one shows that nothing was walked.
  writeFileSync(join(first.directory, 'data/a'), 'x'.repeat(100_000));
  expect(describeMount(store, hash)!.size).toEqual(first.size);
  const mount = openMount(store, NPM);
  expect(describeMount(store, hash)!.inUse).toBe(true);
  expect(describeMount(store, hash)!.size.bytes).toBeGreaterThan(100_000);
  markUsed(join(mount.directory, 'data'));
  mount.release();
  expect(describeMount(store, hash)!.size.bytes).toBeGreaterThan(100_000);
});

test('clearing removes all of a cache, but none that is used', () => {
  use(NPM, { a: 'x' });
  use(PIP, { b: 'y' });
  const other = openStore(store.root, { privilege: privilege() });
  const held = openMount(other, PIP);
  expect(clearMounts(store, [mountHash(NPM), mountHash(PIP)])).toEqual([mountHash(NPM)]);
  expect(listMounts(store).map(({ identity }) => identity)).toEqual([PIP]);
  held.release();
  expect(clearMounts(store, [mountHash(PIP)])).toHaveLength(1);
  expect(readdirSync(store.paths.cacheMounts)).toEqual([]);
  expect(store.db.all('SELECT * FROM sizes')).toEqual([]);
  other.close();
});

// Owners are set, which only root may.
describe.skipIf(effectiveUid() !== 0)('archives', () => {
  async function exported(): Promise<Buffer> {
    const parts: Buffer[] = [];
    await exportMounts(store, listMounts(store), (bytes) => void parts.push(Buffer.from(bytes)));
    return Buffer.concat(parts);
  }
  const read = (tar: Uint8Array, into: Store = store) => importMounts(into, chunksOf(tar));

  function fill(): void {
    use(NPM, { a: 'x'.repeat(5000), '.wh.b': 'y' });
    use(PIP, {});
    const { directory } = describeMount(store, mountHash(NPM))!;
    mkdirSync(join(directory, 'data-1'));
    writeFileSync(join(directory, 'data-1/copy'), 'z');
    linkSync(join(directory, 'data/a'), join(directory, 'data/same'));
    symlinkSync('/etc', join(directory, 'data/link'));
    chmodSync(join(directory, 'data/a'), 0o4750);
  }

  test('bring caches to another store as they were', async () => {
    fill();
    const tar = await exported();
    const other = openStore(join(place, 'other'), { privilege: privilege() });
    const { mounts, skipped } = await read(Bun.gzipSync(new Uint8Array(tar)), other);
    expect(skipped).toEqual([]);
    expect(mounts.map(({ identity, replaced }) => [identity.id, replaced])).toEqual(
      listMounts(store).map(({ identity }) => [identity!.id, false]),
    );
    for (const { hash, directory } of listMounts(store)) {
      const contents = (path: string) =>
        describeTree(path).filter((line) => !/\.lock"|"about.json"/.test(line));
      const there = describeMount(other, hash)!;
      expect(contents(there.directory)).toEqual(contents(directory));
      expect(readFileSync(join(there.directory, 'about.json'))).toEqual(
        readFileSync(join(directory, 'about.json')),
      );
    }
    expect(readdirSync(other.paths.tmp).flatMap((name) => readdirSync(join(other.paths.tmp, name)))).toEqual(
      [],
    );
    other.close();
  });

  test('take the place of what is there', async () => {
    use(NPM, { a: 'old' });
    const tar = await exported();
    use(NPM, { a: 'new', more: 'x' });
    expect((await read(tar)).mounts).toMatchObject([{ files: 1, bytes: 3, replaced: true }]);
    const { directory } = describeMount(store, mountHash(NPM))!;
    expect(readdirSync(join(directory, 'data'))).toEqual(['a']);
    expect(readFileSync(join(directory, 'data/a'), 'utf8')).toBe('old');
  });

  test('are neither written nor read while a build uses one', async () => {
    use(NPM, { a: 'old' });
    use(PIP, {});
    const tar = await exported();
    clearMounts(store, [mountHash(PIP)]);
    const held = openMount(store, NPM);
    await expect(read(tar)).rejects.toMatchObject({ code: 'cache-in-use' });
    expect(describeMount(store, mountHash(PIP))).toBeUndefined();
    const fd = openAt(CWD, lockOf(join(held.directory, 'data')), { flags: O.RDWR });
    lockFd(fd, { exclusive: false, wait: false });
    await expect(exported()).rejects.toMatchObject({ code: 'cache-in-use' });
    closeFd(fd);
    expect((await exported()).length).toBeGreaterThan(0);
    held.release();
  });

  const head = (...mounts: unknown[]) =>
    file('millefeuille-cache.json', JSON.stringify({ format: 1, mounts }));
  const tail = (count: number, digest = sha256('')) =>
    file('digests.json', JSON.stringify({ mounts: Array(count).fill({ digest, files: 0, bytes: 0 }) }));
  const data = entry('mounts/0/data', 'dir');
  const cases: [string, string, Parameters<typeof layerBytes>[0]][] = [
    ['of something else', 'archive-broken', [file('manifest.json', '[]')]],
    ['of another format', 'archive-broken', [file('millefeuille-cache.json', '{"format":2}')]],
    ['without its end', 'archive-broken', [head(NPM), data]],
    ['without its begin', 'archive-broken', [data, head(NPM), tail(1)]],
    ['that lies about its content', 'digest-mismatch', [head(NPM), data, tail(1)]],
    ['with more than it lists', 'archive-broken', [head(NPM), data, entry('mounts/1/data', 'dir'), tail(1)]],
    ['with less than it lists', 'archive-broken', [head(NPM, PIP), data, tail(2)]],
    [
      'that writes beside the contents',
      'archive-broken',
      [head(NPM), file('mounts/0/about.json', '{}'), tail(1)],
    ],
    ['that climbs', 'archive-escape', [head(NPM), file('mounts/0/data/../../../x', ''), tail(1)]],
    [
      'that writes through its own link',
      'archive-escape',
      [
        head(NPM),
        data,
        entry('mounts/0/data/l', 'symlink', { link: '../../../..' }),
        file('mounts/0/data/l/x', 'x'),
        tail(1),
      ],
    ],
    ['whose mount cannot be', 'archive-broken', [head({ ...NPM, uid: -1 }), data, tail(1)]],
    ['whose mount begins elsewhere', 'archive-broken', [head({ ...PIP, origin: '../x' }), data, tail(1)]],
  ];
  test.each(cases)('%s are refused', async (_, code, entries) => {
    use(NPM, { a: 'old' });
    const { tar } = await layerBytes(entries);
    await expect(read(tar)).rejects.toMatchObject({ code });
    expect(listMounts(store)).toHaveLength(1);
    expect(readFileSync(join(describeMount(store, mountHash(NPM))!.directory, 'data/a'), 'utf8')).toBe('old');
    expect(existsSync(join(place, 'x'))).toBe(false);
  });

  test('damaged anywhere are refused, and leave everything as it was', async () => {
    fill();
    const tar = await exported();
    const before = listMounts(store).map(({ directory }) => describeTree(directory));
    for (let at = 700; at < tar.length - 1100; at += 397) {
      const damaged = Buffer.from(tar);
      damaged[at] = damaged[at]! ^ 0x11;
      // What means nothing may differ: padding, and fields that say the same in another way.
      const outcome = await read(damaged).catch((error: { code?: string }) => error.code);
      if (typeof outcome !== 'object') expect(outcome).toMatch(/^archive-|digest-mismatch|io/);
    }
    for (const cut of [100, 1024, 3000, tar.length - 2000])
      await expect(read(tar.subarray(0, cut))).rejects.toMatchObject({ code: 'archive-broken' });
    expect(listMounts(store).map(({ directory }) => describeTree(directory).length)).toEqual(
      before.map((lines) => lines.length - lines.filter((line) => /\.lock"/.test(line)).length),
    );
  });
});
