// One build for several platforms: one index under the name, what the platforms share done once, all of it or nothing.
// No emulator is needed: what runs, runs on this machine.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBusybox } from '../../src/testkit/index.ts';
import { listTar } from '../support/list-tar.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands, writeTree } from '../support/mille.ts';
import { realRegistry, type TestRegistry } from '../support/registry.ts';

repeatsCommands();

const OWN = process.arch === 'x64' ? 'amd64' : process.arch;
const OTHER = OWN === 'arm64' ? 'amd64' : 'arm64';
const BOTH = ['--platform', `linux/${OWN},linux/${OTHER}`] as const;
const env = { MILLE_OFFLINE: '0' };
/** The first platform twice, and the other way to write several. */
const REPEATED = ['--platform', OWN, '--platform', OTHER, '--platform', `linux/${OWN}`] as const;

const CROSS = [
  'FROM --platform=$BUILDPLATFORM busybox AS tools',
  'RUN echo once; echo $(cat /proc/sys/kernel/random/uuid) >/once',
  'ARG TARGETARCH',
  'RUN echo "$TARGETARCH" >/arch',
  'FROM scratch',
  'COPY a.txt /',
  'COPY --from=tools /once /arch /',
  'CMD ["/x"]',
].join('\n');

const enabled = findBusybox() !== undefined;
let place = '';
let store: Mille;
let app = '';

beforeAll(async () => {
  if (!enabled) return;
  place = makePlace('platforms-at-once');
  store = await mille(join(place, 'store'));
  app = join(place, 'app');
  writeTree(app, { Dockerfile: CROSS, 'a.txt': 'a\n' });
}, 120_000);

afterAll(() => removePlace(place));

interface Document {
  readonly Id: string;
  readonly Architecture: string;
  readonly RepoDigests: readonly string[];
}

async function inspect(self: Mille, name: string, ...flags: string[]): Promise<Document> {
  return (JSON.parse(await self.must(['inspect', ...flags, name])) as Document[])[0]!;
}

/** Which steps a build told of, in the order of their titles, each once. */
function titlesIn(text: string): string[] {
  const titles = text.split('\n').flatMap((line) => /^#\d+ (\[.*)$/.exec(line)?.[1] ?? []);
  return [...new Set(titles)].sort();
}

describe.skipIf(!enabled)('a build for several platforms', () => {
  test('does once what they share, and gives one index under the name', async () => {
    const iid = join(place, 'iid');
    const metadata = join(place, 'metadata');
    const files = ['--iidfile', iid, '--metadata-file', metadata];
    const args = ['build', '--progress', 'plain', ...REPEATED, '-t', 'app', ...files, app];
    const { status, stderr } = await store.run(args);
    expect(status).toBe(0);
    const arrow = `linux/${OWN}->${OTHER}`;
    expect(titlesIn(stderr)).toEqual(
      [
        `[linux/${OWN} tools 1/3] FROM docker.io/library/busybox:latest`,
        `[linux/${OWN} tools 2/3] RUN echo once; echo $(cat /proc/sys/kernel/random/uuid) >/once`,
        `[linux/${OWN} tools 3/3] RUN echo "${OWN}" >/arch`,
        `[${arrow} tools 3/3] RUN echo "${OTHER}" >/arch`,
        ...[OWN, OTHER].flatMap((arch) => [
          `[linux/${arch} stage-1 1/2] COPY a.txt /`,
          `[linux/${arch} stage-1 2/2] COPY --from=tools /once /arch /`,
        ]),
      ].sort(),
    );
    const own = await inspect(store, 'app');
    const other = await inspect(store, 'app', '--platform', OTHER);
    expect([own.Architecture, other.Architecture]).toEqual([OWN, OTHER]);
    const index = readFileSync(iid, 'utf8');
    expect(own.RepoDigests).toEqual([`app@${index}`]);
    expect((await inspect(store, index)).Id).toBe(own.Id);
    const document = JSON.parse(readFileSync(metadata, 'utf8')) as object;
    expect(document).toMatchObject({
      'containerimage.digest': index,
      'containerimage.descriptor': { mediaType: 'application/vnd.oci.image.index.v1+json', digest: index },
    });
    expect(Object.keys(document)).not.toContain('containerimage.config.digest');
    expect(await store.must(['build', '-q', ...BOTH, '-t', 'app', app])).toBe(`${index}\n`);
    expect(await store.verify()).toEqual([]);
  });

  test('writes files of each platform into a directory of its own, or into one where it can', async () => {
    const out = join(place, 'out');
    await store.must(['build', '-q', ...BOTH, '-o', out, app]);
    expect(readdirSync(out).sort()).toEqual([`linux_${OTHER}`, `linux_${OWN}`].sort());
    const read = (arch: string, name: string) => readFileSync(join(out, `linux_${arch}`, name), 'utf8');
    expect([read(OWN, 'arch'), read(OTHER, 'arch')]).toEqual([`${OWN}\n`, `${OTHER}\n`]);
    expect(read(OWN, 'once')).toBe(read(OTHER, 'once'));
    const tar = join(place, 'out.tar');
    await store.must(['build', '-q', ...BOTH, '-o', `type=tar,dest=${tar}`, app]);
    const names = [...(await listTar(tar)).keys()];
    const wanted = [OWN, OTHER].flatMap((arch) =>
      ['', '/a.txt', '/arch', '/once'].map((name) => `/linux_${arch}${name}`),
    );
    expect(names.sort()).toEqual(wanted.sort());
    const one = ['build', '-q', ...BOTH, '-o', `type=local,dest=${join(place, 'one')},platform-split=false`];
    const refused = await store.run([...one, app]);
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain('is there for more than one platform');
    const apart = join(place, 'apart');
    writeTree(apart, { Dockerfile: 'FROM scratch\nARG TARGETARCH\nCOPY a /for-$TARGETARCH', a: 'a' });
    await store.must([...one, apart]);
    expect(readdirSync(join(place, 'one')).sort()).toEqual([`for-${OTHER}`, `for-${OWN}`].sort());
  });

  test('fails for all where one fails, says which, and moves no name', async () => {
    const before = await inspect(store, 'app');
    const failing = join(place, 'failing');
    const steps = CROSS.replace(
      'RUN echo "$TARGETARCH"',
      `RUN test $TARGETARCH = ${OWN}; echo "$TARGETARCH"`,
    );
    writeTree(failing, { Dockerfile: steps.replace('; echo "', ' && echo "'), 'a.txt': 'a\n' });
    const { status, stderr } = await store.run(['build', ...BOTH, '-t', 'app', failing]);
    expect(status).not.toBe(0);
    expect(stderr).toContain(`error: linux/${OWN}->${OTHER}: the command ended with exit code 1`);
    expect((await inspect(store, 'app')).RepoDigests).toEqual(before.RepoDigests);
    const expanding = join(place, 'expanding');
    writeTree(expanding, {
      Dockerfile: `FROM scratch\nARG TARGETARCH\nENV A=\${TARGETARCH#${OTHER}}\nENV B="\${A:?is empty}"`,
    });
    const early = await store.run(['build', ...BOTH, expanding]);
    expect(early.stderr).toContain(`error: linux/${OTHER}: `);
  });

  test('is planned and explained by platform', async () => {
    const plan = JSON.parse(await store.must(['plan', '--format', 'json', ...BOTH, app])) as {
      steps: { id: string; verdict: string }[];
    };
    const suffix = `@linux/${OTHER}`;
    expect(plan.steps.map(({ id, verdict }) => `${verdict} ${id}`)).toEqual([
      ...['0.from', '0.0', '0.2', '1.0', '1.1'].map((id) => `cached ${id}`),
      ...['0.2', '1.0', '1.1'].map((id) => `cached ${id}${suffix}`),
    ]);
    writeTree(app, { 'a.txt': 'changed\n' });
    const outcome = await store.run(['build', '--progress', 'plain', ...BOTH, '-t', 'app', app]);
    // Of the two copies one is made: nothing below them, and so nothing in their keys, is of the platform.
    expect(outcome.stderr.match(/ runs because .*/g)?.sort()).toEqual([
      ' runs because a.txt changed',
      ...[OWN, OTHER]
        .map((arch) => ` runs because the step before it changed: [linux/${arch} stage-1 1/2] COPY a.txt /`)
        .sort(),
    ]);
    const why = await store.must(['why', 'app']);
    expect(why.match(/COPY a\.txt/g)).toHaveLength(1);
    expect(why).toContain('in what followed from it: #7 and #8');
    writeTree(app, { 'a.txt': 'a\n' });
  });

  test('carries its cache to another store', async () => {
    const cache = join(place, 'cache');
    await store.must(['build', '-q', ...BOTH, '--cache-to', `type=local,dest=${cache}`, app]);
    const second = await mille(join(place, 'second'));
    const from = ['--cache-from', `type=local,src=${cache}`];
    expect((await second.build([...BOTH, ...from, app])).ran).toEqual([]);
  });
});

describe.skipIf(!enabled)('at a registry', () => {
  let registry: TestRegistry | undefined;
  beforeAll(async () => {
    registry = await realRegistry();
  });
  afterAll(() => registry?.stop());

  test('the index with all its images, and what is built on it without fetching a layer', async () => {
    if (!registry) return;
    const name = `${registry.host}/app:1`;
    await store.must(['build', '-q', ...BOTH, '-t', name, '--push', app], { env });
    const second = await mille(join(place, 'third'), { base: false });
    const directory = join(place, 'labelled');
    writeTree(directory, { Dockerfile: `FROM ${name}\nLABEL a=b` });
    const labelled = `${registry.host}/app:2`;
    const out = `type=registry,name=${labelled}`;
    await second.must(['build', '-q', ...BOTH, '-o', out, directory], { env });
    expect(await second.must(['images', '-q'])).toBe('');
    await second.must(['pull', '-q', '--platform', OTHER, labelled], { env });
    expect(await inspect(second, labelled)).toMatchObject({ Architecture: OTHER });
    const text = await second.must(['inspect', '--remote', '--raw', labelled], { env });
    const { manifests } = JSON.parse(text) as { manifests: { platform: object }[] };
    expect(manifests.map(({ platform }) => platform)).toEqual(
      [OWN, OTHER].map((architecture) => ({ architecture, os: 'linux' })),
    );
  });

  test('a cache in the image of each platform', async () => {
    if (!registry) return;
    const flat = join(place, 'flat');
    writeTree(flat, { Dockerfile: 'FROM scratch\nARG TARGETARCH\nCOPY a /$TARGETARCH', a: 'a' });
    const name = `${registry.host}/flat:1`;
    const to = ['--cache-to', 'type=inline', '--push'];
    await store.must(['build', '-q', ...BOTH, '-t', name, ...to, flat], { env });
    const fourth = await mille(join(place, 'fourth'), { base: false });
    const built = await fourth.build([...BOTH, '--cache-from', name, flat], { env });
    expect(built.ran).toEqual([]);
  });
});

test.skipIf(!enabled)('the same digest anywhere with --reproducible', async () => {
  const stable = join(place, 'stable');
  mkdirSync(stable);
  const text = CROSS.replace('RUN echo once; echo $(cat /proc/sys/kernel/random/uuid)', 'RUN echo once');
  writeTree(stable, { Dockerfile: text, 'a.txt': 'a\n' });
  const ids: string[] = [];
  for (const name of ['second', 'fifth']) {
    const self = await mille(join(place, name), { base: !existsSync(join(place, name)) });
    ids.push(await self.must(['build', '-q', '--reproducible', ...BOTH, stable]));
  }
  expect(ids[0]).toBe(ids[1]!);
});
