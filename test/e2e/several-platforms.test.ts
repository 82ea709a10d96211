// Images of several platforms under one name: loaded, shown, built on, tagged, saved and removed.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { command, findDocker } from '../support/docker.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';
import { layoutOfSeveral, OTHER, OWN } from '../support/several-platforms.ts';

repeatsCommands();

let place = '';
/** A layout whose index holds an image for either platform, as app:1. */
let layout = '';
let index = '';

beforeAll(async () => {
  place = makePlace('several-platforms');
  const self = await mille(join(place, 'store'), { base: false });
  ({ layout, index } = await layoutOfSeveral(self, place, true));
}, 120_000);

afterAll(() => removePlace(place));

let counter = 0;

async function fresh(): Promise<Mille> {
  const made = await mille(join(place, `store-${++counter}`), { base: false });
  expect(await made.must(['load', '-i', layout])).toBe('Loaded image: app:1\n');
  return made;
}

interface Document {
  readonly Id: string;
  readonly Architecture: string;
  readonly RepoTags: readonly string[];
  readonly RepoDigests: readonly string[];
}

async function inspect(store: Mille, name: string, ...flags: string[]): Promise<Document> {
  return (JSON.parse(await store.must(['inspect', ...flags, name])) as Document[])[0]!;
}

test('loaded, listed, inspected', async () => {
  const store = await fresh();
  const lines = (await store.must(['images'])).trim().split('\n');
  expect(lines[0]).toContain('PLATFORM');
  const rows = lines.slice(1).map((line) => line.split(/\s+/).slice(0, 3).join(' '));
  expect(rows.sort()).toEqual(['app 1 linux/amd64', 'app 1 linux/arm64']);
  const own = await inspect(store, 'app:1');
  expect(own).toMatchObject({ Architecture: OWN, RepoTags: ['app:1'], RepoDigests: [`app@${index}`] });
  const other = await inspect(store, 'app:1', '--platform', OTHER);
  expect(other.Architecture).toBe(OTHER);
  expect((await inspect(store, `app@${index}`)).Id).toBe(own.Id);
  expect((await inspect(store, index, '--platform', `linux/${OTHER}`)).Id).toBe(other.Id);
  expect(await store.must(['history', '--no-trunc', '--platform', OTHER, 'app:1'])).toContain(other.Id);
  const none = await store.run(['inspect', '--platform', 's390x', 'app:1']);
  expect(none.stderr).toContain('the image app:1 is for linux/amd64, linux/arm64, not for linux/s390x');
  expect(await store.verify()).toEqual([]);
});

describe('FROM', () => {
  const architectureOf = async (store: Mille, dockerfile: string, ...flags: string[]) => {
    const directory = join(place, `from-${++counter}`);
    writeTree(directory, { Dockerfile: dockerfile });
    const out = join(directory, 'out');
    await store.must(['build', ...flags, '-t', 'built', '-o', out, '--load', directory]);
    return [readFileSync(join(out, 'arch'), 'utf8').trim(), (await inspect(store, 'built')).Architecture];
  };

  test('takes the image for the platform, by name and by every digest', async () => {
    const store = await fresh();
    const own = [`for ${OWN}`, OWN];
    const other = [`for ${OTHER}`, OTHER];
    for (const name of ['app:1', `app@${index}`, `app:1@${index}`, `elsewhere:9@${index}`]) {
      expect(await architectureOf(store, `FROM ${name}\n`)).toEqual(own);
      expect(await architectureOf(store, `FROM ${name}\n`, '--platform', OTHER)).toEqual(other);
      expect(await architectureOf(store, `FROM --platform=linux/${OTHER} ${name}\n`)).toEqual(other);
      const crossed = `FROM --platform=$BUILDPLATFORM ${name}\n`;
      expect(await architectureOf(store, crossed, '--platform', OTHER)).toEqual([`for ${OWN}`, OTHER]);
    }
    const copied = 'FROM scratch\nCOPY --from=app:1 /arch /\n';
    expect(await architectureOf(store, copied, '--platform', OTHER)).toEqual(other);
    const manifests = (await store.must(['images', '--digests', '--no-trunc', 'app'])).split('\n');
    const digest = manifests.find((line) => line.includes(`linux/${OTHER}`))!.split(/\s+/)[3]!;
    expect(await architectureOf(store, `FROM app@${digest}\n`, '--platform', OTHER)).toEqual(other);
    const refused = join(place, 'refused');
    writeTree(refused, { Dockerfile: 'FROM app:1\n' });
    const failed = await store.run(['build', '--pull=never', '--platform', 's390x', refused]);
    expect(failed.stderr).toContain(
      'the image app:1 in the store is for linux/amd64, linux/arm64, not linux/s390x',
    );
  });
});

test('tagged, saved and loaded again: the digest stays', async () => {
  const store = await fresh();
  await store.must(['tag', 'app:1', 'again:2']);
  const archive = join(place, 'again.tar');
  await store.must(['save', '-o', archive, 'again:2', 'app:1']);
  const target = await mille(join(place, `store-${++counter}`), { base: false });
  expect(await target.must(['load', '-i', archive])).toBe('Loaded image: again:2\nLoaded image: app:1\n');
  expect((await inspect(target, 'again:2')).RepoDigests).toEqual([`again@${index}`, `app@${index}`]);
  const saved = join(place, 'one.tar');
  await store.must(['save', '--platform', OTHER, '-o', saved, 'app:1']);
  const single = await mille(join(place, `store-${++counter}`), { base: false });
  await single.must(['load', '-i', saved]);
  expect((await inspect(single, `app@${index}`)).Architecture).toBe(OTHER);
  const refused = await single.run(['load', '--platform', OWN, '-i', saved]);
  expect(refused.stderr).toContain(`the image is for linux/${OTHER}, not for linux/${OWN}`);
  const skopeo = Bun.which('skopeo');
  if (!skopeo) return;
  for (const source of [`oci-archive:${archive}:again:2`, `oci:${store.root}:app:1`]) {
    const config = command([skopeo, 'inspect', '--config', '--override-arch', OTHER, source]);
    expect(JSON.parse(config.stdout.toString())).toMatchObject({ architecture: OTHER });
  }
});

test('docker takes the image for its own platform', async () => {
  const docker = await findDocker(join(place, 'docker'));
  if (!docker) return;
  try {
    const store = await fresh();
    await store.must(['tag', 'app:1', 'several-platforms-test:1']);
    const archive = join(place, 'docker.tar');
    await store.must(['save', '-o', archive, 'several-platforms-test:1']);
    docker.run(['load', '-i', archive]);
    const id = docker.run(['image', 'inspect', '-f', '{{.Architecture}}', 'several-platforms-test:1']);
    expect(id.stdout.toString().trim()).toBe(OWN);
    docker.run(['rmi', 'several-platforms-test:1']);
  } finally {
    await docker.stop();
  }
});

describe('removed', () => {
  test('with the last name, all of them', async () => {
    const store = await fresh();
    const both = [await inspect(store, 'app:1'), await inspect(store, 'app:1', '--platform', OTHER)];
    await store.must(['tag', 'app:1', 'more']);
    expect(await store.must(['rmi', 'app:1'])).toBe('Untagged: app:1\n');
    expect((await store.must(['rmi', 'more'])).trim().split('\n').sort()).toEqual(
      ['Untagged: more:latest', ...both.map(({ Id }) => `Deleted: ${Id}`)].sort(),
    );
    expect(await store.must(['images', '-q'])).toBe('');
    expect(await store.verify()).toEqual([]);
  });

  test('one platform; the name stays for the other', async () => {
    const store = await fresh();
    const { Id } = await inspect(store, 'app:1');
    expect(await store.must(['rmi', '--platform', OWN, 'app:1'])).toBe(`Deleted: ${Id}\n`);
    expect((await inspect(store, 'app:1')).Architecture).toBe(OTHER);
    const absent = await store.run(['rmi', '--platform', OWN, 'app:1']);
    expect(absent.stderr).toContain(`the image app:1 is for linux/${OTHER}, not for linux/${OWN}`);
    // It joins the other again.
    await store.must(['load', '-i', layout]);
    expect((await inspect(store, 'app:1')).Id).toBe(Id);
    expect(await store.verify()).toEqual([]);
  });

  test('by id: the one that it is; by the digest of the index: all', async () => {
    const store = await fresh();
    const other = await inspect(store, 'app:1', '--platform', OTHER);
    expect(await store.must(['rmi', other.Id])).toBe(`Deleted: ${other.Id}\n`);
    const own = await inspect(store, 'app:1');
    await store.must(['tag', 'app:1', 'second']);
    const refused = await store.run(['rmi', index]);
    expect(refused.stderr).toContain('has several names: app:1, second:latest');
    expect(await store.must(['rmi', '-f', index])).toBe(
      `Untagged: app:1\nUntagged: second:latest\nDeleted: ${own.Id}\n`,
    );
    expect(await store.must(['images', '-q'])).toBe('');
  });

  test('a name that moves on leaves images without a name, which prune takes', async () => {
    const store = await fresh();
    const directory = join(place, 'moved');
    writeTree(directory, { Dockerfile: 'FROM scratch\nENV MOVED=1\n' });
    await store.must(['build', '-t', 'app:1', directory]);
    expect((await store.must(['images', '-q', '-f', 'dangling=true'])).trim().split('\n')).toHaveLength(2);
    await store.must(['prune', '-f']);
    expect((await store.must(['images', '-q'])).trim().split('\n')).toHaveLength(1);
    expect(await store.verify()).toEqual([]);
  });
});
