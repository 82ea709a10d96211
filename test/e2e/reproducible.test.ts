// `--reproducible`: the same inputs give the same digest on any store, in any directory, at any time, as root or
// not. Without it file times are kept, as Docker keeps them.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { chmodSync, cpSync, mkdirSync, readFileSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { findBusybox, testUser } from '../../src/testkit/index.ts';
import { busyboxBase } from '../support/base-images.ts';
import { command } from '../support/docker.ts';
import {
  type Built,
  type Mille,
  makePlace,
  mille,
  programFor,
  removePlace,
  repeatsCommands,
  writeTree,
} from '../support/mille.ts';

repeatsCommands();

const EPOCH = 1_600_000_000;

let place = '';
let counter = 0;

beforeAll(() => {
  place = makePlace('reproducible');
});
afterAll(() => removePlace(place));

const DOCKERFILE = `FROM busybox AS build
COPY src /src
RUN mkdir /out && cat /src/* >/out/all && ln -s all /out/link
FROM busybox
ARG VERSION=1
LABEL version=$VERSION
WORKDIR /app
COPY --from=build /out .
COPY src/a src/b ./src/
ADD archive.tar /archive
RUN for i in 1 2 3; do echo $i >$i; done && mkfifo fifo && chmod 700 /app
CMD ["cat", "all"]
`;

/** A copy of the project in a directory of its own, with times of its own. */
function project(dockerfile = DOCKERFILE): string {
  const source = join(place, 'source');
  writeTree(source, { 'src/a': 'a\n', 'src/b': 'b\n' });
  command(['tar', '--sort=name', '--mtime=@1500000000', '-cf', 'archive.tar', 'src'], { cwd: source });
  const directory = join(place, `copy${++counter}`);
  cpSync(source, directory, { recursive: true });
  writeTree(directory, { Dockerfile: dockerfile });
  for (const name of ['src/a', 'src/b', 'src', 'archive.tar', 'Dockerfile']) {
    utimesSync(join(directory, name), 1e9 + counter * 1000, 1e9 + counter * 1000);
  }
  chmodSync(directory, 0o755);
  return directory;
}

async function freshStore(): Promise<Mille> {
  const directory = join(place, `machine${++counter}`);
  mkdirSync(directory);
  return mille(join(directory, 'store'));
}

/** The digest of the manifest, as the store's index shows it. */
function manifestOf(program: Mille, name: string): string {
  const index = JSON.parse(readFileSync(join(program.root, 'index.json'), 'utf8')) as {
    manifests: { digest: string; annotations?: Record<string, string> }[];
  };
  const found = index.manifests.find(
    ({ annotations }) => annotations?.['org.opencontainers.image.ref.name'] === `${name}:latest`,
  );
  if (!found) throw new Error(`${name} is not in index.json`);
  return found.digest;
}

interface Made {
  readonly built: Built;
  readonly manifest: string;
  readonly program: Mille;
}

async function make(
  options: { dockerfile?: string; args?: string[]; env?: Record<string, string> } = {},
): Promise<Made> {
  const program = await freshStore();
  const args = ['-t', 'app', ...(options.args ?? ['--reproducible']), project(options.dockerfile)];
  const built = await program.build(args, options.env ? { env: options.env } : {});
  return { built, manifest: manifestOf(program, 'app'), program };
}

describe.skipIf(!findBusybox())('--reproducible', () => {
  test('gives the same digest on another machine, from another directory, at another time', async () => {
    const first = await make();
    // Times are written in seconds: the second build must not fall into the same one by chance.
    await Bun.sleep(1100);
    const second = await make();
    expect(second.built.imageId).toBe(first.built.imageId);
    expect(second.manifest).toMatch(/^sha256:/);
    expect(second.manifest).toBe(first.manifest);
  }, 120_000);

  test('gives the same again without the cache, and with half of it', async () => {
    const { built, program } = await make();
    const directory = project();
    const again = await program.build(['--reproducible', '--no-cache', directory]);
    expect(again.imageId).toBe(built.imageId);
    await program.build(['--reproducible', '--target', 'build', '--no-cache', directory]);
    expect((await program.build(['--reproducible', directory])).imageId).toBe(built.imageId);
  }, 120_000);

  test('is not disturbed by an earlier build with times, nor disturbs a later one', async () => {
    const expected = await make();
    const program = await freshStore();
    const directory = project();
    const timed = await program.build(['-t', 'timed', directory]);
    const clamped = await program.build(['-t', 'app', '--reproducible', directory]);
    expect(clamped.imageId).toBe(expected.built.imageId);
    expect((await program.build(['-t', 'timed', directory])).imageId).toBe(timed.imageId);
    expect(await program.must(['run', 'timed', 'stat', '-c', '%Y', '/app/src/a'])).not.toBe(
      await program.must(['run', 'app', 'stat', '-c', '%Y', '/app/src/a']),
    );
  }, 120_000);

  test.skipIf(!testUser())(
    'gives a plain user the digest of root',
    async () => {
      const user = testUser()!;
      const expected = await make();
      const home = join(place, 'home');
      mkdirSync(home);
      const base = await busyboxBase();
      cpSync(base!.path, join(home, 'base.tar'));
      const directory = project();
      command(['chown', '-R', `${user.uid}:${user.gid}`, home, directory]);
      const own = await mille(join(home, 'store'), { user, program: programFor(place), base: false });
      await own.must(['load', '-q', '-i', join(home, 'base.tar')]);
      const built = await own.build(['-t', 'app', '--reproducible', directory]);
      expect(built.imageId).toBe(expected.built.imageId);
      expect(manifestOf(own, 'app')).toBe(expected.manifest);
    },
    120_000,
  );

  test('keeps the time of a file that is older than the epoch, and no time is later', async () => {
    const { program } = await make({ env: { SOURCE_DATE_EPOCH: String(EPOCH) }, args: ['--reproducible'] });
    const list = 'find /app /archive -exec stat -c "%Y %n" {} +';
    const times = (await program.must(['run', 'app', 'sh', '-c', list])).trim().split('\n');
    expect(times.length).toBeGreaterThan(10);
    for (const line of times) expect(Number(line.split(' ')[0])).toBeLessThanOrEqual(EPOCH);
    expect(times).toContain('1500000000 /archive/src/a');
    expect(times).toContain(`${EPOCH} /app/1`);
    const [document] = JSON.parse(await program.must(['inspect', 'app']));
    expect(Date.parse(document.Created)).toBe(EPOCH * 1000);
  }, 120_000);

  test('cannot hide a step that writes the time: its digest differs', async () => {
    const dockerfile = 'FROM busybox\nRUN date +%s%N >/date; cat /proc/sys/kernel/random/uuid >/id\n';
    const [first, second] = [await make({ dockerfile }), await make({ dockerfile })];
    expect(second.built.imageId).not.toBe(first.built.imageId);
  }, 120_000);
});

describe.skipIf(!findBusybox())('times before the one that all are clamped to', () => {
  const env = { SOURCE_DATE_EPOCH: String(EPOCH) };
  const dockerfile = `FROM busybox AS made
COPY src /src
RUN mkdir /copied && cp -a /src/. /copied/
FROM busybox
COPY --from=made /copied /copied
COPY src/a /a
RUN --mount=source=src/b,target=/m cp -p /m /b
`;

  test('count: a file that was only touched is another', async () => {
    const warm = await freshStore();
    const directory = project(dockerfile);
    const built = await warm.build([directory], { env });
    utimesSync(join(directory, 'src/b'), 1.2e9, 1.2e9);
    const touched = await warm.build([directory], { env });
    expect(touched.output).toMatch(/time of src\/b: 2001-.* → 2008-01-10T21:20:00Z/);
    expect(touched.ran).toHaveLength(5);
    expect(touched.imageId).not.toBe(built.imageId);
    const cold = await freshStore();
    expect((await cold.build([directory], { env })).imageId).toBe(touched.imageId);
    // Later times are all one.
    utimesSync(join(directory, 'src/a'), EPOCH + 1, EPOCH + 1);
    const later = await warm.build([directory], { env });
    utimesSync(join(directory, 'src/a'), EPOCH + 2, EPOCH + 2);
    expect((await warm.build([directory], { env })).ran).toEqual([]);
    expect((await warm.build([directory], { env })).imageId).toBe(later.imageId);
  }, 120_000);
});

describe.skipIf(!findBusybox())('SOURCE_DATE_EPOCH', () => {
  const dockerfile = 'FROM busybox\nRUN echo "$SOURCE_DATE_EPOCH" >/epoch\n';
  const env = { SOURCE_DATE_EPOCH: String(EPOCH) };

  test('in the environment is enough, and RUN sees it', async () => {
    const first = await make({ dockerfile, env, args: [] });
    expect(await first.program.must(['run', 'app', 'cat', '/epoch'])).toBe(`${EPOCH}\n`);
    const second = await make({ dockerfile, env, args: ['--reproducible'] });
    expect(second.built.imageId).toBe(first.built.imageId);
    const other = await make({ dockerfile, env: { SOURCE_DATE_EPOCH: '1' }, args: [] });
    expect(other.built.imageId).not.toBe(first.built.imageId);
    // It is no variable of the image.
    expect(await first.program.must(['run', 'app', 'env'])).not.toContain('SOURCE_DATE_EPOCH');
  }, 120_000);

  test('as a build argument, as with Docker', async () => {
    const byArgument = await make({ dockerfile, args: ['--build-arg', `SOURCE_DATE_EPOCH=${EPOCH}`] });
    const byEnvironment = await make({ dockerfile, env, args: [] });
    expect(byArgument.built.imageId).toBe(byEnvironment.built.imageId);
  }, 120_000);

  test('neither, and the times of files are kept', async () => {
    const program = await freshStore();
    const directory = project();
    await program.build(['-t', 'app', directory]);
    const time = Math.floor(1e9 + counter * 1000);
    expect(await program.must(['run', 'app', 'stat', '-c', '%Y', '/app/src/a'])).toBe(`${time}\n`);
    const made = Number(await program.must(['run', 'app', 'stat', '-c', '%Y', '/app/1']));
    expect(Math.abs(made - Date.now() / 1000)).toBeLessThan(300);
  }, 120_000);
});
