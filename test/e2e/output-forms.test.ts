// What `-o` can say of an image: names, annotations, compression, a layout in a directory, the store.

import { afterAll, beforeAll, expect, test } from 'bun:test';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { busyboxBase } from '../support/base-images.ts';
import { command } from '../support/docker.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';

repeatsCommands();

let place = '';
let self: Mille;
let context = '';
let enabled = false;

beforeAll(async () => {
  enabled = process.getuid?.() === 0 && (await busyboxBase()) !== undefined;
  if (!enabled) return;
  place = makePlace('output-forms');
  self = await mille(join(place, 'store'));
  context = join(place, 'context');
  const dockerfile = 'FROM busybox\nCOPY big /big\nRUN echo made > /made\nCMD ["cat", "/made"]\n';
  writeTree(context, { Dockerfile: dockerfile, big: 'words and more words\n'.repeat(5000) });
}, 120_000);

afterAll(() => removePlace(place));

interface Manifest {
  readonly layers: readonly { readonly mediaType: string; readonly digest: string; readonly size: number }[];
  readonly annotations?: Readonly<Record<string, string>>;
}

function member<T>(archive: string, path: string): T {
  return JSON.parse(command(['tar', 'xOf', archive, path]).stdout.toString()) as T;
}

function entryOf(archive: string) {
  const index = member<{ manifests: { digest: string; annotations?: Record<string, string> }[] }>(
    archive,
    'index.json',
  );
  expect(index.manifests).toHaveLength(1);
  return index.manifests[0]!;
}

function manifestOf(archive: string): Manifest {
  return member(archive, `blobs/sha256/${entryOf(archive).digest.slice(7)}`);
}

async function idOf(name: string): Promise<string> {
  return (JSON.parse(await self.must(['inspect', name])) as { Id: string }[])[0]!.Id;
}

async function exported(file: string, spec: string, ...flags: string[]): Promise<string> {
  const archive = join(place, file);
  await self.must(['build', ...flags, '-o', `${spec},dest=${archive}`, context]);
  return archive;
}

test('layers are compressed as asked, and the image stays the same', async () => {
  if (!enabled) return;
  await self.must(['build', '-t', 'plain', context]);
  const id = await idOf('plain');
  for (const kind of ['gzip', 'zstd']) {
    const archive = await exported(`${kind}.tar`, `type=oci,name=${kind},compression=${kind}`);
    const { layers } = manifestOf(archive);
    const types = layers.map(({ mediaType }) => mediaType.replace(/.*layer\.v1\./, ''));
    expect(types).toEqual([`tar+${kind}`, `tar+${kind}`, `tar+${kind}`]);
    const blob = command(['tar', 'xOf', archive, `blobs/sha256/${layers[1]!.digest.slice(7)}`]).stdout;
    const { stdout } = command([kind, '-dc'], { stdin: blob });
    expect(command(['tar', 'tf', '-'], { stdin: stdout }).stdout.toString()).toBe('big\n');
    // Not every Docker reads zstd: there is nothing for it then.
    const members = command(['tar', 'tf', archive]).stdout.toString().split('\n');
    expect(members.includes('manifest.json')).toBe(kind === 'gzip');
    await self.must(['load', '-i', archive]);
    expect(await idOf(kind)).toBe(id);
    expect(await self.must(['run', '--rm', kind])).toBe('made\n');
  }
  const small = await exported('small.tar', 'type=oci,compression=zstd,compression-level=19');
  const quick = await exported('quick.tar', 'type=oci,compression=zstd,compression-level=1');
  expect(manifestOf(small).layers[0]!.size).toBeLessThan(manifestOf(quick).layers[0]!.size);
});

test('an image that came compressed: only force-compression changes its layers', async () => {
  if (!enabled) return;
  const gzip = await exported('base.tar', 'type=oci,name=gzipped,compression=gzip');
  const other = await mille(join(place, 'other'), { base: false });
  await other.must(['load', '-i', gzip]);
  const directory = join(place, 'on-gzip');
  writeTree(directory, { Dockerfile: 'FROM gzipped\nCOPY Dockerfile /\n' });
  const kinds = async (spec: string) => {
    const archive = join(place, 'kinds.tar');
    await other.must(['build', '-o', `type=oci,dest=${archive},${spec}`, directory]);
    return manifestOf(archive).layers.map(({ mediaType }) => mediaType.replace(/.*\.tar\+?/, ''));
  };
  expect(await kinds('compression=zstd')).toEqual(['gzip', 'gzip', 'gzip', 'zstd']);
  expect(await kinds('compression=zstd,force-compression=true')).toEqual(['zstd', 'zstd', 'zstd', 'zstd']);
  expect(await kinds('compression=uncompressed,force-compression=true')).toEqual(['', '', '', '']);
});

test('an archive for Docker with zstd layers has plain ones too', async () => {
  if (!enabled) return;
  const archive = await exported('docker.tar', 'type=docker,compression=zstd', '-t', 'for-docker');
  const [entry] = member<{ RepoTags: string[]; Layers: string[] }[]>(archive, 'manifest.json');
  expect(entry!.RepoTags).toEqual(['for-docker:latest']);
  expect(entry!.Layers.every((path) => path.startsWith('plain/'))).toBe(true);
  expect(manifestOf(archive).layers.every(({ mediaType }) => mediaType.endsWith('+zstd'))).toBe(true);
});

test('compressed in the store, with names and annotations of its own; built on again', async () => {
  if (!enabled) return;
  const spec = 'type=image,"name=stored,stored:2",annotation.a=own,annotation.b=own,compression=gzip';
  await self.must(['build', '--annotation', 'b=flag', '-o', spec, context]);
  expect(await idOf('stored')).toBe(await idOf('stored:2'));
  const saved = join(place, 'stored.tar');
  await self.must(['save', '-o', saved, 'stored']);
  expect(manifestOf(saved).annotations).toEqual({ a: 'own', b: 'flag' });
  expect(manifestOf(saved).layers.every(({ mediaType }) => mediaType.endsWith('+gzip'))).toBe(true);
  const directory = join(place, 'on-stored');
  writeTree(directory, { Dockerfile: 'FROM stored\nRUN cat /made > /again\nCMD ["cat", "/again"]\n' });
  await self.must(['build', '-t', 'on-stored', directory]);
  expect(await self.must(['run', '--rm', 'on-stored'])).toBe('made\n');
  expect(await self.verify()).toEqual([]);
});

test('-t goes before name=', async () => {
  if (!enabled) return;
  const archive = await exported('named.tar', 'type=oci,name=own', '-t', 'flag');
  expect(entryOf(archive).annotations).toMatchObject({
    'io.containerd.image.name': 'docker.io/library/flag:latest',
  });
});

test('a layout in a directory is read by skopeo, and is a named context', async () => {
  if (!enabled) return;
  const layout = join(place, 'layout');
  const spec = `type=oci,tar=false,dest=${layout}`;
  await self.must(['build', '-o', spec, context]);
  await self.must(['build', '-t', 'kept', '-o', `${spec},compression=zstd`, context]);
  expect(readdirSync(layout).sort()).toEqual(['blobs', 'index.json', 'oci-layout']);
  if (Bun.which('skopeo')) {
    for (const tag of ['latest', 'kept:latest']) {
      expect(command(['skopeo', 'inspect', `oci:${layout}:${tag}`]).status).toBe(0);
    }
  }
  const directory = join(place, 'from-layout');
  writeTree(directory, { Dockerfile: 'FROM made\nRUN cat /made > /x\n' });
  await self.must(['build', '--build-context', `made=oci-layout://${layout}`, directory]);
});

test('type=cacheonly keeps steps and no image', async () => {
  if (!enabled) return;
  const directory = join(place, 'cache-only');
  writeTree(directory, { Dockerfile: 'FROM busybox\nRUN echo only > /x\n' });
  const before = await self.must(['images', '-q']);
  const first = await self.build(['-t', 'cache-only', '-o', 'type=cacheonly', directory]);
  expect(first.ran).toEqual(['RUN echo only > /x']);
  expect((await self.run(['inspect', 'cache-only'])).status).not.toBe(0);
  expect(await self.must(['images', '-q'])).toBe(before);
  const again = await self.build(['-t', 'cache-only', directory]);
  expect(again.ran).toEqual([]);
});

test('an export leaves an image without a name alone that was there before', async () => {
  if (!enabled) return;
  const directory = join(place, 'nameless');
  writeTree(directory, { Dockerfile: 'FROM busybox\nENV NAMELESS=1\n' });
  const id = (await self.must(['build', '-q', directory])).trim();
  await self.must(['build', '-o', `type=oci,dest=${join(place, 'nameless.tar')}`, directory]);
  expect((await self.run(['inspect', id])).status).toBe(0);
});

test('several outputs, the store among them', async () => {
  if (!enabled) return;
  const archive = join(place, 'several.tar');
  const files = join(place, 'several');
  const metadata = join(place, 'several.json');
  const outputs = [`type=oci,dest=${archive}`, 'type=image,compression=gzip', files].flatMap((spec) => [
    '-o',
    spec,
  ]);
  await self.must(['build', '-t', 'several', '--metadata-file', metadata, ...outputs, context]);
  expect(existsSync(join(files, 'made'))).toBe(true);
  const [document] = JSON.parse(await self.must(['inspect', 'several'])) as {
    Descriptor: { digest: string };
  }[];
  expect(document!.Descriptor.digest).not.toBe(entryOf(archive).digest);
  const written = JSON.parse(await Bun.file(metadata).text()) as Record<string, string>;
  expect(written['containerimage.digest']).toBe(document!.Descriptor.digest);
});
