// Base images for end-to-end tests, as archives that `mille load` and `docker load` take. They are put together with
// GNU tar and not with the program under test, made once and kept below node_modules/.cache: the small one (a static
// busybox) in milliseconds, for most tests; the Debian one with Python and pip in half a minute, once a day and after
// each change of the room that makes it.

import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootstrapBase } from '../../src/insight/base/index.ts';
import { findBusybox, makeBusyboxRoot } from '../../src/testkit/index.ts';

/** An archive with one image of one layer. */
export interface BaseArchive {
  readonly path: string;
  /** The name it has once loaded. */
  readonly name: string;
}

const ROOT = join(import.meta.dir, '../..');
const CACHE = join(ROOT, 'node_modules/.cache/mille-test');
const BUSYBOX = 'busybox:latest';
const PYTHON = 'python:3.11-slim';

/** busybox under all its names, root in /etc/passwd, and nothing else; undefined, with a word, without busybox. */
export async function busyboxBase(): Promise<BaseArchive | undefined> {
  const busybox = findBusybox();
  if (!busybox) {
    console.warn('skipped: no static busybox here (Debian: busybox-static)');
    return undefined;
  }
  const key = digest([readFileSync(busybox), readFileSync(join(ROOT, 'src/testkit/busybox-root.ts'))]);
  return cached(BUSYBOX, key, async (directory) => {
    makeBusyboxRoot(join(directory, 'root'));
    const layer = join(directory, 'layer.tar');
    const owner = ['--numeric-owner', '--owner=0', '--group=0', '--sort=name', '--mtime=@1700000000'];
    await run(['tar', ...owner, '-C', join(directory, 'root'), '-cf', layer, '.']);
    return { layer, config: { Env: ['PATH=/bin'], Cmd: ['sh'] } };
  });
}

/** Debian bookworm with python3 and pip; undefined, with a word, where it cannot be made. */
export async function pythonBase(): Promise<BaseArchive | undefined> {
  if (process.getuid?.() !== 0 || !Bun.which('mmdebstrap')) {
    console.warn('skipped: a Debian base image needs root and mmdebstrap');
    return undefined;
  }
  const room = join(ROOT, 'src/insight/base');
  // The advice on bases, and a profile that is not this one's, do not make it.
  const sources = readdirSync(room, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && !/^(alternatives|set)\//.test(name),
  );
  const day = new Date().toISOString().slice(0, 10);
  const key = `${day}-${digest(sources.sort().map((name) => readFileSync(join(room, name))))}`;
  return cached(PYTHON, key, async (directory) => {
    const base = await bootstrapBase({
      ...({ distribution: 'debian', suite: 'bookworm', include: ['python3', 'python3-pip'] } as const),
      tmpDir: directory,
    });
    return { layer: base.tarPath, config: base.config };
  });
}

interface Made {
  /** A plain tar. */
  readonly layer: string;
  readonly config: object;
}

/** The archive of that key, made if need be; older ones of the same name are removed. */
async function cached(
  name: string,
  key: string,
  make: (directory: string) => Promise<Made>,
): Promise<BaseArchive> {
  const stem = name.replace(/[:/]/g, '_');
  const file = `${stem}-${key}.tar`;
  const path = join(CACHE, file);
  if (existsSync(path)) return { path, name };
  mkdirSync(CACHE, { recursive: true });
  const directory = mkdtempSync(join(tmpdir(), 'mille-base-'));
  try {
    const { layer, config } = await make(directory);
    const archive = await pack(directory, { layer, config, name });
    // Another run may make the same: whoever is last replaces it whole. /tmp may be another file system.
    cpSync(archive, `${path}.${process.pid}`);
    renameSync(`${path}.${process.pid}`, path);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
  for (const other of readdirSync(CACHE)) {
    if (other.startsWith(`${stem}-`) && other.endsWith('.tar') && other !== file) rmSync(join(CACHE, other));
  }
  return { path, name };
}

/** The archive that `docker save` writes: a list of images, a config, a layer. */
async function pack(directory: string, image: Made & { readonly name: string }): Promise<string> {
  const parts = join(directory, 'archive');
  mkdirSync(parts);
  renameSync(image.layer, join(parts, 'layer.tar'));
  const hasher = new Bun.CryptoHasher('sha256');
  for await (const chunk of Bun.file(join(parts, 'layer.tar')).stream()) hasher.update(chunk);
  const created = '2023-11-14T22:13:20Z';
  const config = JSON.stringify({
    created,
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
    os: 'linux',
    config: image.config,
    rootfs: { type: 'layers', diff_ids: [`sha256:${hasher.digest('hex')}`] },
    history: [{ created, created_by: 'base image for tests' }],
  });
  const id = createHash('sha256').update(config).digest('hex');
  writeFileSync(join(parts, `${id}.json`), config);
  const list = [{ Config: `${id}.json`, RepoTags: [image.name], Layers: ['layer.tar'] }];
  writeFileSync(join(parts, 'manifest.json'), JSON.stringify(list));
  const archive = join(directory, 'archive.tar');
  await run(['tar', '-C', parts, '-cf', archive, 'manifest.json', `${id}.json`, 'layer.tar']);
  return archive;
}

async function run(command: readonly string[]): Promise<void> {
  const child = Bun.spawn([...command], { stdout: 'ignore', stderr: 'inherit' });
  if ((await child.exited) !== 0) throw new Error(`${command[0]} failed`);
}

function digest(parts: readonly Uint8Array[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex').slice(0, 16);
}
