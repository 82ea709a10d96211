// The verbs about images: names given and taken, what is told of an image, archives out and in again.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { findBusybox, testUser } from '../../src/testkit/index.ts';
import {
  type Mille,
  makePlace,
  mille,
  programFor,
  removePlace,
  repeatsCommands,
  writeTree,
} from '../support/mille.ts';

repeatsCommands();

const ready = process.getuid?.() === 0 && findBusybox() !== undefined;
if (!ready) console.warn('skipped: these tests need root and busybox-static');
const user = ready ? testUser() : undefined;

let place = '';
let program: Mille;
let stores = 0;

const DOCKERFILE = `FROM busybox
LABEL kind=test
RUN echo made >/made
ENV A=1
COPY file /file
CMD ["cat", "/made", "/file"]
`;

/** A store with busybox and an image `app` made from it. */
async function freshStore(): Promise<Mille> {
  const fresh = await mille(join(place, `store${++stores}`));
  writeTree(join(place, 'context'), { Dockerfile: DOCKERFILE, file: 'copied\n' });
  await fresh.build(['-t', 'app', '-t', 'team/app:1', join(place, 'context')]);
  return fresh;
}

beforeAll(async () => {
  if (!ready) return;
  place = makePlace('images');
  program = await freshStore();
}, 120_000);
afterAll(() => removePlace(place));

async function names(on: Mille, ...args: string[]): Promise<string[]> {
  const rows = readRows(await on.must(['images', '--format', 'json', ...args]));
  return rows.map((row) => `${row.Repository}:${row.Tag}`).sort();
}

/** One document a line. */
function readRows(text: string): Record<string, unknown>[] {
  const lines = text.split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line));
}

async function document(on: Mille, name: string): Promise<Record<string, unknown>> {
  return JSON.parse(await on.must(['inspect', name]))[0];
}

describe.skipIf(!ready)('what is told', () => {
  test('images, by name and by pattern', async () => {
    expect(await names(program)).toEqual(['app:latest', 'busybox:latest', 'team/app:1']);
    expect(await names(program, 'app')).toEqual(['app:latest']);
    expect(await names(program, '*/app:1')).toEqual(['team/app:1']);
    expect(await names(program, 'nothing')).toEqual([]);
  });

  test('a history, newest first, whose sizes are those of the layers', async () => {
    const rows = readRows(await program.must(['history', '--format', 'json', 'app']));
    const texts = rows.map((row) => String(row.CreatedBy));
    expect(rows.map((row) => row.EmptyLayer)).toEqual([true, false, true, false, true, false]);
    expect(rows.filter((row) => Number(row.Bytes) > 0)).toHaveLength(3);
    expect(texts[0]).toContain('CMD ["cat"');
    expect(texts.at(-1)).toBe('base image for tests');
    expect(texts).toHaveLength(6);
  });

  test("an image in full, with Docker's names of things", async () => {
    const app = await document(program, 'app');
    expect(app).toMatchObject({
      RepoTags: ['app:latest', 'team/app:1'],
      Os: 'linux',
      Config: { Cmd: ['cat', '/made', '/file'], Env: ['PATH=/bin', 'A=1'], Labels: { kind: 'test' } },
      RootFS: { Type: 'layers' },
    });
    expect((app.RootFS as { Layers: string[] }).Layers).toHaveLength(3);
    expect(Date.parse((app.Metadata as { LastTagTime: string }).LastTagTime)).toBeGreaterThan(1.7e12);
    const both = JSON.parse(await program.must(['inspect', 'busybox', 'app:latest']));
    expect(both.map((one: { RepoTags: string[] }) => one.RepoTags[0])).toEqual([
      'busybox:latest',
      'app:latest',
    ]);
  });

  test('one missing among several is an error', async () => {
    const { status, stderr, stdout } = await program.run(['inspect', 'app', 'nothing-here']);
    expect(status).toBe(20);
    expect(stderr).toContain('no such image: nothing-here');
    expect(stdout).not.toContain('RepoTags');
  });

  test('nothing of a store that is not there, which is not made by asking', async () => {
    const none = await mille(join(place, 'none'), { base: false });
    expect(await names(none)).toEqual([]);
    expect((await none.run(['history', 'app'])).status).toBe(20);
    expect(existsSync(none.root)).toBe(false);
  });
});

describe.skipIf(!ready)('names', () => {
  test('are given, moved, and refused where malformed', async () => {
    const own = await freshStore();
    await own.must(['tag', 'app', 'host:5000/x/y:2']);
    await own.must(['tag', 'busybox', 'team/app:1']);
    expect(await names(own)).toEqual(['app:latest', 'busybox:latest', 'host:5000/x/y:2', 'team/app:1']);
    expect((await document(own, 'team/app:1')).Id).toBe((await document(own, 'busybox')).Id);
    expect((await own.run(['tag', 'app', 'Upper'])).status).toBe(21);
    expect((await own.run(['tag', 'app', `x@sha256:${'0'.repeat(64)}`])).status).toBe(21);
    expect((await own.run(['tag', 'missing', 'x'])).status).toBe(20);
    expect(await own.verify()).toEqual([]);
  }, 120_000);

  test('the image goes with its last one', async () => {
    const own = await freshStore();
    const { Id } = await document(own, 'app');
    expect(await own.must(['rmi', 'team/app:1'])).toBe('Untagged: team/app:1\n');
    expect(await own.must(['rmi', 'app'])).toBe(`Untagged: app:latest\nDeleted: ${Id}\n`);
    expect(await names(own)).toEqual(['busybox:latest']);
    expect(await own.verify()).toEqual([]);
  }, 120_000);

  test('an id with several needs --force, and then takes them all', async () => {
    const own = await freshStore();
    const id = String((await document(own, 'app')).Id).slice(7, 19);
    const refused = await own.run(['rmi', id]);
    expect(refused.status).toBe(24);
    expect(refused.stderr).toContain('app:latest, team/app:1');
    expect((await names(own)).length).toBe(3);
    expect(await own.must(['rmi', '-f', id])).toMatch(
      /^Untagged: app:latest\nUntagged: team\/app:1\nDeleted: sha256:/,
    );
    expect(await names(own)).toEqual(['busybox:latest']);
    const base = String((await document(own, 'busybox')).Id).slice(7, 19);
    expect(await own.must(['rmi', base])).toContain('Untagged: busybox:latest');
    expect(await names(own)).toEqual([]);
  }, 120_000);

  test('of several, one unknown: nothing is removed', async () => {
    const own = await freshStore();
    expect((await own.run(['rmi', 'app', 'unknown'])).status).toBe(20);
    expect(await names(own)).toEqual(['app:latest', 'busybox:latest', 'team/app:1']);
  }, 120_000);

  test('what the build cache can use stays: a removed image is built again without running', async () => {
    const own = await freshStore();
    await own.must(['rmi', 'app', 'team/app:1']);
    const again = await own.build(['-t', 'app', join(place, 'context')]);
    expect(again.ran).toEqual([]);
    expect(await own.must(['run', '--rm', 'app'])).toBe('made\ncopied\n');
  }, 120_000);

  test('files that only a removed image needed are gone', async () => {
    const own = await mille(join(place, 'only'));
    await own.must(['run', '--rm', 'busybox', 'true']);
    await own.must(['rmi', 'busybox']);
    for (const name of ['blobs/sha256', 'layers', 'l']) expect(readdirSync(join(own.root, name))).toEqual([]);
  });

  test('a running container keeps its files', async () => {
    const own = await mille(join(place, 'running'));
    const child = Bun.spawn(
      [...own.command, 'run', '--rm', '-i', 'busybox', 'sh', '-c', 'echo started; read x; ls /bin/busybox'],
      {
        env: { ...process.env, ...own.env },
        stdin: 'pipe',
        stdout: 'pipe',
      },
    );
    const reader = child.stdout.getReader();
    await reader.read();
    await own.must(['rmi', 'busybox']);
    child.stdin.write('go\n');
    child.stdin.end();
    expect(Buffer.from((await reader.read()).value!).toString()).toBe('/bin/busybox\n');
    expect(await child.exited).toBe(0);
  });
});

describe.skipIf(!ready)('archives', () => {
  test('bring the same image back, to a file and through a pipe', async () => {
    const archive = join(place, 'app.tar');
    await program.must(['save', '-o', archive, 'app', 'team/app:1', 'busybox']);
    const other = await mille(join(place, 'other'), { base: false });
    expect(await other.must(['load', '-i', archive])).toBe(
      'Loaded image: app:latest\nLoaded image: team/app:1\nLoaded image: busybox:latest\n',
    );
    const [here, there] = [await document(program, 'app'), await document(other, 'app')];
    expect({ ...there, Metadata: null }).toEqual({ ...here, Metadata: null });
    expect(await other.must(['run', '--rm', 'app'])).toBe('made\ncopied\n');
    expect(await other.verify()).toEqual([]);

    const piped = await mille(join(place, 'piped'), { base: false });
    expect(await piped.must(['load'], { stdin: readFileSync(archive) })).toContain(
      'Loaded image: app:latest',
    );
    expect(statSync(archive).mode & 0o777).toBe(0o644);
  }, 120_000);

  test('of an image with the same layer several times can be run and built on', async () => {
    const dockerfile = 'FROM busybox\nRUN touch -d @1 /etc\nRUN touch -d @1 /etc\nRUN touch -d @1 /etc\n';
    writeTree(join(place, 'same'), { Dockerfile: dockerfile });
    await program.build(['-t', 'same', '--reproducible', join(place, 'same')]);
    const { Layers } = (await document(program, 'same')).RootFS as { Layers: string[] };
    expect(new Set(Layers).size).toBeLessThan(Layers.length);
    const archive = join(place, 'same.tar');
    await program.must(['save', '-o', archive, 'same']);
    const other = await mille(join(place, 'same-store'), { base: false });
    await other.must(['load', '-i', archive]);
    expect(await other.must(['run', '--rm', 'same', 'echo', 'runs'])).toBe('runs\n');
    writeTree(join(place, 'onsame'), {
      Dockerfile: 'FROM same\nRUN --mount=from=same,target=/m ls /m/bin/busybox > /seen\n',
    });
    await other.build(['-t', 'onsame', join(place, 'onsame')]);
    expect(await other.must(['run', '--rm', 'onsame', 'cat', '/seen'])).toBe('/m/bin/busybox\n');
  }, 120_000);

  test('by id hold no name', async () => {
    const { Id } = await document(program, 'app');
    const archive = join(place, 'id.tar');
    await program.must(['save', '-o', archive, String(Id).slice(7, 19)]);
    const other = await mille(join(place, 'byid'), { base: false });
    expect(await other.must(['load', '-i', archive])).toBe(`Loaded image ID: ${Id}\n`);
    expect(await names(other)).toEqual(['<none>:<none>']);
  });

  test('are whole or not there; what is there already is not harmed', async () => {
    const gone = await program.run(['save', '-o', join(place, 'gone.tar'), 'app', 'unknown']);
    expect(gone.status).toBe(20);
    expect(existsSync(join(place, 'gone.tar'))).toBe(false);
    await program.must(['save', '-o', '/dev/null', 'app']);
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
    expect((await program.run(['load', '-i', join(place, 'gone.tar')])).status).not.toBe(0);
    const broken = await program.run(['load'], { stdin: Buffer.from('no archive') });
    expect(broken.status).toBeGreaterThan(2);
    expect(broken.stderr).toContain('hint:');
  });
});

describe.skipIf(!user)('without root', () => {
  test('the same verbs, on a store of their own', async () => {
    const home = join(place, 'user');
    mkdirSync(home);
    chownSync(home, user!.uid, user!.gid);
    chmodSync(home, 0o755);
    const own = await mille(join(home, 'store'), { user: user!, program: programFor(place) });
    await own.must(['tag', 'busybox', 'second']);
    expect(await names(own)).toEqual(['busybox:latest', 'second:latest']);
    await own.must(['save', '-o', join(home, 'x.tar'), 'second']);
    expect(statSync(join(home, 'x.tar')).uid).toBe(user!.uid);
    expect(await own.must(['run', '--rm', 'second', 'id', '-u'])).toBe('0\n');
    await own.must(['rmi', 'busybox', 'second']);
    expect(await names(own)).toEqual([]);
    expect(readdirSync(join(own.root, 'layers'))).toEqual([]);
    expect(await own.must(['load', '-i', join(home, 'x.tar')])).toBe('Loaded image: second:latest\n');
  }, 120_000);
});
