// Flags about the image that a build makes: --squash, --annotation, --metadata-file, --no-cache-filter.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../../src/sys/index.ts';
import { busyboxBase } from '../support/base-images.ts';
import { command } from '../support/docker.ts';
import { commitAll, git } from '../support/git.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';

repeatsCommands();

let place = '';
let self: Mille;
let enabled = false;

beforeAll(async () => {
  enabled = process.getuid?.() === 0 && (await busyboxBase()) !== undefined;
  if (!enabled) return;
  place = makePlace('image-flags');
  self = await mille(join(place, 'store'));
}, 120_000);

afterAll(() => removePlace(place));

function project(name: string, files: Readonly<Record<string, string>>): string {
  writeTree(join(place, name), files);
  return join(place, name);
}

/** A document of an archive. */
function member<T>(archive: string, path: string): T {
  return JSON.parse(command(['tar', 'xOf', archive, path]).stdout.toString()) as T;
}

interface Config {
  readonly history: readonly { created_by?: string; comment?: string; empty_layer?: boolean }[];
  readonly rootfs: { readonly diff_ids: readonly string[] };
}

async function saved(name: string): Promise<{ archive: string; config: Config; layers: readonly string[] }> {
  const archive = join(place, `${name}.tar`);
  await self.must(['save', '-o', archive, name]);
  const [image] = member<{ Config: string; Layers: string[] }[]>(archive, 'manifest.json');
  return { archive, config: member<Config>(archive, image!.Config), layers: image!.Layers };
}

/** Names and kinds of what a layer holds, in its order. */
function listing(archive: string, layer: string): string[] {
  const bytes = command(['tar', 'xOf', archive, layer]).stdout;
  const { stdout } = command(['tar', 'tvf', '-', '--numeric-owner'], { stdin: bytes });
  const lines = stdout.toString().trim().split('\n');
  return lines.map((line) => line.replace(/^(\S+) 0\/0 +(\d+) \S+ \S+ /, '$1 $2 '));
}

describe('--squash', () => {
  const base =
    'FROM busybox\nRUN mkdir -p /d/keep /d/gone/deep /e /f && echo 1 >/d/keep/a && echo 2 >/d/gone/deep/b && ' +
    'echo 3 >/e/c && echo 4 >/f/x && echo 5 >/f/y && ln /f/x /f/hard && echo m >/mode && echo l >/lnk\n';
  const dockerfile = [
    'FROM squash-base',
    'ENV A=1',
    'RUN echo added >/added && rm -rf /d/gone && rm /e/c',
    'RUN rm /added && echo two >/two && chmod 700 /mode',
    'COPY new /d/new',
    'RUN rm -rf /f && mkdir /f && echo again >/f/z && echo x >/f/x',
    'RUN rm /lnk && mkdir /lnk && echo in >/lnk/in && ln /two /two2 && ln -s two /sym',
    'RUN rm -rf /e && echo file >/e',
    'WORKDIR /w',
  ].join('\n');

  test('one layer with the changes, as Docker makes it; the same files, and steps that are found again', async () => {
    if (!enabled) return;
    await self.must(['build', '-t', 'squash-base', project('squash-base', { Dockerfile: base })]);
    const directory = project('squash', { Dockerfile: dockerfile, new: 'new\n' });
    await self.must(['build', '-t', 'whole', directory]);
    const built = await self.build(['--squash', '-t', 'squashed', directory]);
    expect(built.ran).toEqual([]);
    const whole = await saved('whole');
    const { archive, config, layers } = await saved('squashed');
    expect(layers).toHaveLength(3);
    expect(config.rootfs.diff_ids.slice(0, 2)).toEqual(whole.config.rootfs.diff_ids.slice(0, 2));
    // What `docker build --squash` of 28.5 (experimental) gives for the same Dockerfile.
    expect(listing(archive, layers[2]!)).toEqual([
      'drwxr-xr-x 0 d/',
      '---------- 0 d/.wh.gone',
      '-rw-r--r-- 4 d/new',
      '-rw-r--r-- 5 e',
      'drwxr-xr-x 0 f/',
      '---------- 0 f/.wh.hard',
      '-rw-r--r-- 2 f/x',
      '---------- 0 f/.wh.y',
      '-rw-r--r-- 6 f/z',
      'drwxr-xr-x 0 lnk/',
      '-rw-r--r-- 3 lnk/in',
      '-rwx------ 2 mode',
      'lrwxrwxrwx 0 sym -> two',
      '-rw-r--r-- 4 two',
      'hrw-r--r-- 0 two2 link to two',
      'drwxr-xr-x 0 w/',
    ]);
    const own = config.history.slice(2);
    expect(own.slice(0, -1).every((entry) => entry.empty_layer)).toBe(true);
    expect(own.map((entry) => entry.created_by)).toEqual([
      ...whole.config.history.slice(2).map((entry) => entry.created_by),
      undefined,
    ]);
    expect(own.at(-1)).not.toHaveProperty('empty_layer');
    expect(own.at(-1)?.comment).toMatch(/^merge sha256:[0-9a-f]{64} to sha256:[0-9a-f]{64}$/);
    for (const [name, flags] of [
      ['whole', []],
      ['squashed', ['--squash']],
    ] as const)
      await self.must([
        'build',
        ...flags,
        '-o',
        `type=tar,dest=${join(place, `${name}.files.tar`)}`,
        directory,
      ]);
    const files = (name: string) =>
      command(['tar', 'tvf', join(place, `${name}.files.tar`), '--full-time']).stdout.toString();
    expect(files('squashed')).toBe(files('whole'));
    const again = await self.build(['--squash', '-t', 'squashed', directory]);
    expect(again.imageId).toBe((await self.build(['--squash', directory])).imageId);
    expect(again.output).toMatch(/squash \d layers into one\n#\d+ CACHED/);
    expect(await self.must(['run', '--rm', 'squashed', 'sh', '-c', 'cat /f/x /e; ls /d /f /lnk'])).toBe(
      'x\nfile\n/d:\nkeep\nnew\n\n/f:\nx\nz\n\n/lnk:\nin\n',
    );
    expect(await self.verify()).toEqual([]);
  });

  test('nothing to squash, one layer, and no base', async () => {
    if (!enabled) return;
    const one = project('one-layer', { Dockerfile: 'FROM busybox\nCOPY Dockerfile /d\nENV A=1' });
    await self.must(['build', '--squash', '-t', 'one', one]);
    expect((await saved('one')).config.history.at(-1)?.comment).toMatch(/^merge /);
    await self.must([
      'build',
      '--squash',
      '-t',
      'none',
      project('no-layer', { Dockerfile: 'FROM busybox\nENV A=1' }),
    ]);
    expect((await saved('none')).config.history.at(-1)?.created_by).toBe('ENV A=1');
    const scratch = project('scratch', {
      Dockerfile: 'FROM scratch AS a\nCOPY Dockerfile /a/\nFROM a\nCOPY Dockerfile /b/',
    });
    await self.must(['build', '--squash', '-t', 'scratch', scratch]);
    const { config, layers } = await saved('scratch');
    expect(layers).toHaveLength(1);
    expect(config.history.at(-1)?.comment).toMatch(/^create new from sha256:[0-9a-f]{64}$/);
  });
});

test('--annotation: in the manifest, and beside the name in an archive', async () => {
  if (!enabled) return;
  const directory = project('annotated', { Dockerfile: 'FROM busybox\nENV A=1' });
  const archive = join(place, 'annotated.oci.tar');
  const flags = [
    '--annotation',
    'b=2',
    '--annotation',
    'manifest:a=1',
    '--annotation',
    'manifest[linux/s390x]:no=1',
    '--annotation',
    'manifest-descriptor:c=3',
    '--annotation',
    'b=last',
  ];
  await self.must([
    'build',
    ...flags,
    '-t',
    'annotated',
    '--load',
    '-o',
    `type=oci,dest=${archive}`,
    directory,
  ]);
  const index = member<{ manifests: { digest: string; annotations: object }[] }>(archive, 'index.json');
  const [entry] = index.manifests;
  expect(entry!.annotations).toMatchObject({
    c: '3',
    'org.opencontainers.image.ref.name': 'annotated:latest',
  });
  const manifest = member<{ annotations: object }>(archive, `blobs/sha256/${entry!.digest.slice(7)}`);
  expect(JSON.stringify(manifest.annotations)).toBe('{"a":"1","b":"last"}');
  const [document] = JSON.parse(await self.must(['inspect', 'annotated'])) as {
    Descriptor: { digest: string };
  }[];
  expect(document!.Descriptor.digest).toBe(entry!.digest);
  const plain = await self.build(['-t', 'plain', directory]);
  const image = await self.build([...flags, '-t', 'annotated', directory]);
  expect(image.imageId).toBe(plain.imageId);
});

test('--metadata-file describes what was made', async () => {
  if (!enabled) return;
  const directory = project('metadata', { Dockerfile: 'FROM busybox\nENV A=1' });
  const file = join(place, 'metadata.json');
  await self.must(['build', '--metadata-file', file, '-t', 'meta', '-t', 'localhost:5000/meta:2', directory]);
  const metadata = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>;
  const [document] = JSON.parse(await self.must(['inspect', 'meta'])) as {
    Id: string;
    Descriptor: object;
    Architecture: string;
  }[];
  expect(metadata).toMatchObject({
    'buildx.build.ref': expect.stringMatching(/^default\/default\/\S+$/) as string,
    'containerimage.config.digest': document!.Id,
    'containerimage.descriptor': {
      ...document!.Descriptor,
      platform: { os: 'linux', architecture: document!.Architecture },
    },
    'image.name': 'docker.io/library/meta:latest,localhost:5000/meta:2',
  });
});

test('--no-cache-filter runs the steps of some stages', async () => {
  if (!enabled) return;
  const directory = project('filter', {
    Dockerfile:
      'FROM busybox AS One\nRUN echo 1 >/1\nFROM busybox AS two\nRUN echo 2 >/2\nFROM two\nCOPY --from=one /1 /\nRUN echo 3 >/3\n',
  });
  await self.must(['build', directory]);
  const ran = async (...flags: string[]) => [...(await self.build([...flags, directory])).ran].sort();
  expect(await ran()).toEqual([]);
  expect(await ran('--no-cache-filter', 'oNe')).toEqual(['RUN echo 1 >/1']);
  expect(await ran('--no-cache-filter=one,two')).toEqual(['RUN echo 1 >/1', 'RUN echo 2 >/2']);
  const { output } = await self.build(['--no-cache-filter', 'tow', '--no-cache-filter', 'two', directory]);
  expect(output).toContain("warning: --no-cache-filter: no stage is called 'tow'");
  expect(output).toContain('runs because of --no-cache-filter');
});

test('BUILDX_GIT_LABELS labels the image with its commit, as buildx does', async () => {
  if (!enabled || findProgram('git') === undefined) return;
  const top = project('labelled', {
    'app/Dockerfile': 'FROM busybox\nLABEL org.opencontainers.image.revision=own\n',
  });
  git(top, 'init', '-q');
  commitAll(top, 'all');
  git(top, 'remote', 'add', 'origin', 'https://me:pass@example.org/app.git');
  const labels = async (asked: string) => {
    const args = [
      'build',
      '-q',
      '-t',
      'labelled',
      '--label',
      'org.opencontainers.image.source=flag',
      join(top, 'app'),
    ];
    await self.must(args, { env: { BUILDX_GIT_LABELS: asked } });
    return (JSON.parse(await self.must(['inspect', 'labelled'])) as { Config: { Labels: object } }[])[0]!
      .Config.Labels;
  };
  expect(await labels('1')).toEqual({
    'com.docker.image.source.entrypoint': 'app/Dockerfile',
    'org.opencontainers.image.revision': git(top, 'rev-parse', 'HEAD').trim(),
    'org.opencontainers.image.source': 'https://example.org/app.git',
  });
  expect(await labels('0')).toEqual({
    'org.opencontainers.image.revision': 'own',
    'org.opencontainers.image.source': 'flag',
  });
});
