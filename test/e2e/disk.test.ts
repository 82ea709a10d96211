// What holds the bytes of a store, and how they go: measured against du, pruned beside builds that run, by age and to
// a limit, as root and as a plain user.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openStore } from '../../src/oci/store/index.ts';
import { findBusybox, testUser } from '../../src/testkit/index.ts';
import { busyboxBase } from '../support/base-images.ts';
import { command } from '../support/docker.ts';
import { until } from '../support/leftovers.ts';
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
if (!ready) console.warn('disk tests skipped: they need root and busybox-static');

let place = '';
beforeAll(() => {
  place = makePlace('disk');
});
afterAll(() => removePlace(place), 60_000);

let stores = 0;
const fresh = () => mille(join(place, `store-${++stores}`));

/** A context with a Dockerfile of these lines after FROM busybox. */
function context(name: string, lines: string, files: Readonly<Record<string, string>> = {}): string {
  const directory = join(place, name);
  writeTree(directory, { ...files, Dockerfile: `FROM busybox\n${lines}\n` });
  return directory;
}

interface Row {
  readonly Type: string;
  readonly TotalCount: string;
  readonly Active: string;
  readonly Bytes: number;
  readonly ReclaimableBytes: number;
}

type Rows = Readonly<Record<string, Row>> & { readonly Database: Row };

async function df(program: Mille): Promise<Rows> {
  const lines = (await program.must(['df', '--format', 'json'])).trimEnd().split('\n');
  return Object.fromEntries(lines.map((line) => [JSON.parse(line).Type, JSON.parse(line) as Row])) as Rows;
}

interface Pruned {
  readonly SpaceReclaimed: number;
  readonly Total: number;
  readonly Removed: readonly {
    readonly Type: string;
    readonly Description: string;
    readonly Bytes: number;
  }[];
  readonly Stays: readonly { readonly Type: string; readonly Description: string; readonly Reason: string }[];
}

async function prune(program: Mille, ...args: string[]): Promise<Pruned> {
  return JSON.parse(await program.must(['prune', '-f', '--format', 'json', ...args])) as Pruned;
}

/** What du says of a store, its database left out: its log comes and goes. */
function bytesByDu(root: string): number {
  const { stdout } = command(['du', '-s', '--block-size=1', '--exclude=mille.db*', root]);
  return Number(/^\d+/.exec(stdout.toString())?.[0]);
}

/** Makes it as if records had last been used so many days ago, by a word of their instruction. */
function backdate(root: string, days: Readonly<Record<string, number>>): void {
  const store = openStore(root, { privilege: 'root' });
  for (const [word, age] of Object.entries(days)) {
    const used = Date.now() - age * 86_400_000;
    store.db.run('UPDATE cache_records SET last_used = ? WHERE instruction LIKE ?', used, `%${word}%`);
  }
  store.close();
}

const FILL = 'dd if=/dev/urandom bs=1k count=200 of=';

describe.skipIf(!ready)('the disk of a store', () => {
  test('is accounted for to the last byte', async () => {
    const program = await fresh();
    const directory = context(
      'account',
      `COPY file /file\nRUN ${FILL}/a && ln /a /hard && mkdir /d && truncate -s 10M /d/sparse\nRUN --mount=type=cache,target=/c echo x >/c/x`,
      { file: 'content' },
    );
    await program.build(['-t', 'app', directory]);
    await program.build(['-t', 'other', '--build-arg', 'A=1', directory]);
    await program.must(['rmi', 'other']);
    mkdirSync(join(program.root, 'strange'));
    writeFileSync(join(program.root, 'strange/file'), 'x'.repeat(10_000));
    writeFileSync(join(program.root, 'blobs/sha256/no-digest'), 'x'.repeat(5000));
    mkdirSync(join(program.root, 'vulnerabilities'));
    writeFileSync(join(program.root, 'vulnerabilities/Debian.db'), 'x'.repeat(5000));
    writeFileSync(join(program.root, 'tmp/left'), 'x'.repeat(5000));
    const rows = await df(program);
    const { Database, ...rest } = rows;
    const sum = Object.values(rest).reduce((total, { Bytes }) => total + Bytes, 0);
    expect(sum).toBe(bytesByDu(program.root));
    expect(Database.Bytes).toBeGreaterThan(50_000);
    expect(rows.Images).toMatchObject({ TotalCount: '2', Active: '0', ReclaimableBytes: 0 });
    expect(rows['Unpacked Layers']!.Bytes).toBeGreaterThan(200_000);
    expect(rows['Unpacked Layers']!.Bytes).toBeLessThan(4_000_000);
    expect(rows['Cache Mounts']).toMatchObject({ TotalCount: '1' });
    expect(rows.Leftovers).toMatchObject({ TotalCount: '1', Bytes: 8192 });
    expect(rows['Vulnerability Data']).toMatchObject({ TotalCount: '1', ReclaimableBytes: 0 });
    expect(rows['Vulnerability Data']!.Bytes).toBeGreaterThan(8191);
    // A second time most of it is known, and it is the same.
    expect({ ...(await df(program)), Database }).toEqual(rows);
    const { Images, TotalBytes } = JSON.parse(await program.must(['df', '-v', '--format', 'json']));
    const app = Images.find(({ Names }: { Names: string[] }) => Names.includes('app:latest'));
    expect(app.SharedBytes + app.UniqueBytes).toBe(app.Bytes);
    expect(app.UniqueBytes).toBeGreaterThan(200_000);
    // The database's log grows with what each command writes, and goes into the database now and then.
    expect(TotalBytes - sum).toBeGreaterThan(50_000);
    expect(TotalBytes - sum).toBeLessThan(Database.Bytes + 2_000_000);
  }, 120_000);

  test('prune removes what can be made again; it is, and gives the same image', async () => {
    const program = await fresh();
    const kept = context('kept', 'COPY file /file\nRUN cat /file >/copy', { file: 'kept' });
    const lost = context('lost', `RUN ${FILL}/a\nRUN --mount=type=cache,id=m,target=/c echo x >/c/x`);
    const { imageId } = await program.build(['-t', 'kept', kept]);
    await program.build(['-t', 'lost', lost]);
    await program.must(['rmi', 'lost']);
    const [{ stdout }, before] = [await program.run(['prune', '--dry-run']), bytesByDu(program.root)];
    expect(stdout).toContain('Would be removed:\n');
    expect(bytesByDu(program.root)).toBe(before);
    const unanswered = await program.run(['prune']);
    expect([unanswered.status, unanswered.stderr]).toEqual([2, expect.stringContaining('nobody to answer')]);
    const refused = await program.run(['prune'], { stdin: new TextEncoder().encode('n\n') });
    expect([refused.status, refused.stderr]).toEqual([1, expect.stringContaining('nothing was removed')]);
    expect(bytesByDu(program.root)).toBe(before);

    const pruned = await prune(program);
    const types = (all: readonly { Type: string }[]) => [...new Set(all.map(({ Type }) => Type))].sort();
    expect(types(pruned.Removed)).toEqual(['mount', 'record', 'unpacked']);
    expect(
      pruned.Stays.filter(({ Type }) => Type !== 'log').map(({ Type, Reason }) => `${Type} ${Reason}`),
    ).toEqual(['image named', 'image named', 'record shared', 'record shared']);
    // Directories shrink as well, which nobody promised.
    expect(before - bytesByDu(program.root)).toBeGreaterThanOrEqual(pruned.SpaceReclaimed);
    expect(before - bytesByDu(program.root)).toBeLessThan(pruned.SpaceReclaimed + 60_000);
    expect(await program.verify()).toEqual([]);
    expect(await program.must(['run', 'kept', 'cat', '/copy'])).toBe('kept');
    expect(await program.build(['-t', 'kept', kept])).toMatchObject({ imageId, ran: [] });
    expect((await program.build(['-t', 'lost', lost])).ran).toHaveLength(2);

    const all = await prune(program, '--all');
    expect(types(all.Stays)).toEqual([]);
    expect(await program.must(['images', '-q'])).toBe('');
    expect(readdirSync(join(program.root, 'blobs/sha256'))).toEqual([]);
    expect(readdirSync(join(program.root, 'layers'))).toEqual([]);
    expect(await program.verify()).toEqual([]);
  }, 120_000);

  test('prune goes by age and to a limit, what was used longest ago first', async () => {
    const program = await fresh();
    for (const name of ['one', 'two', 'three']) {
      await program.build(['-t', name, context(`age-${name}`, `RUN : ${name}; ${FILL}/${name}`)]);
      await program.must(['rmi', name]);
    }
    backdate(program.root, { one: 30, two: 20, three: 10 });
    const records = async (...args: string[]) =>
      (await prune(program, ...args)).Removed.filter(({ Type }) => Type === 'record').map(
        ({ Description }) => /: (\w+);/.exec(Description)![1],
      );
    expect(await records('--older-than', '40d')).toEqual([]);
    expect(await records('--older-than', '25d')).toEqual(['one']);
    const bytes = (await df(program))['Build Cache']!.Bytes;
    expect(await records('--scope', 'cache', '--filter', 'type=record', '--keep', String(bytes))).toEqual([]);
    expect(await records('--scope', 'cache', '--filter', 'type=record', '--keep', String(bytes - 1))).toEqual(
      ['two'],
    );
    expect((await program.build(['-t', 'three', join(place, 'age-three')])).ran).toEqual([]);
    expect((await program.build(['-t', 'two', join(place, 'age-two')])).ran).toHaveLength(1);
    expect(await program.verify()).toEqual([]);
  }, 120_000);

  test('prune disturbs neither builds nor containers that run', async () => {
    const program = await fresh();
    const waits = (name: string) => `touch /c/${name}; while [ ! -e /c/end ]; do sleep 0.05; done`;
    const mount = '--mount=type=cache,id=wait,target=/c';
    const directory = context(
      'beside',
      `COPY file /file\nRUN ${FILL}/a && md5sum /a >/sum\nRUN ${mount} ${waits('begun')}\nRUN md5sum -c /sum && cat /file >/copy`,
      { file: 'content' },
    );
    // Steps that will be hits, and go on standing on layers that only their records hold.
    const once = context('beside-once', `COPY file /file\nRUN ${FILL}/a && md5sum /a >/sum`, {
      file: 'content',
    });
    await program.build(['-t', 'once', once]);
    await program.build(['-t', 'idle', context('idle', `RUN ${FILL}/idle`)]);
    const container = Bun.spawn(
      [...program.command, 'run', '--rm', '-i', 'idle', 'sh', '-c', 'echo up; read end; md5sum /idle'],
      { env: { ...process.env, ...program.env }, stdin: 'pipe', stdout: 'pipe', stderr: 'inherit' },
    );
    const building = program.build(['-t', 'beside', directory]);
    const begun = () => {
      const mounts = join(program.root, 'cache-mounts');
      return readdirSync(mounts).some((name) => existsSync(join(mounts, name, 'data/begun')));
    };
    const said = container.stdout.pipeThrough(new TextDecoderStream()).getReader();
    expect((await said.read()).value).toBe('up\n');
    expect(await until(begun)).toBe(true);
    expect((await df(program))['Cache Mounts']).toMatchObject({ Active: '1' });
    for (let i = 0; i < 3; i++) await prune(program, '--all');
    // The base of the build, and the image of the container.
    expect((await program.must(['images', '-q'])).trimEnd().split('\n')).toHaveLength(2);
    const mounts = join(program.root, 'cache-mounts');
    command(['touch', join(mounts, readdirSync(mounts)[0]!, 'data/end')]);
    await building;
    expect(await program.must(['run', 'beside', 'cat', '/copy'])).toBe('content');
    container.stdin.end();
    expect((await said.read()).value).toMatch(/^[0-9a-f]{32} {2}\/idle\n$/);
    expect(await container.exited).toBe(0);
    await prune(program, '--all');
    expect(await program.verify()).toEqual([]);
  }, 120_000);

  test('prune works on a disk that is full', async () => {
    const small = join(place, 'small');
    mkdirSync(small);
    expect(command(['mount', '-t', 'tmpfs', '-o', 'size=100m', 'tmpfs', small]).status).toBe(0);
    try {
      const program = await mille(join(small, 'store'));
      for (const name of ['a', 'b', 'c']) {
        await program.build([
          '-t',
          name,
          context(`full-${name}`, `RUN dd if=/dev/urandom of=/${name} bs=1M count=2`),
        ]);
        await program.must(['rmi', name]);
      }
      command(['sh', '-c', `dd if=/dev/zero of=${small}/ballast bs=4k 2>&1 || true`]);
      const { Removed } = await prune(program);
      expect(Removed.map(({ Type }) => Type)).toContain('record');
      command(['rm', join(small, 'ballast')]);
      expect(await program.verify()).toEqual([]);
      expect((await df(program))['Build Cache']!.Bytes).toBe(0);
    } finally {
      // A process that stays for further commands may still hold it.
      command(['umount', '--lazy', small]);
    }
  }, 120_000);

  const user = testUser();
  test.skipIf(!user)(
    'a plain user counts and prunes likewise',
    async () => {
      const mine = join(place, 'mine');
      mkdirSync(mine);
      const own = await mille(join(mine, 'store'), { user: user!, program: programFor(place), base: false });
      command(['cp', (await busyboxBase())!.path, join(mine, 'base.tar')]);
      writeTree(join(mine, 'context'), {
        Dockerfile: `FROM busybox\nRUN ${FILL}/a && chmod 0 /a && chown 5:5 /a\n`,
      });
      command(['chown', '-R', `${user!.uid}:${user!.gid}`, mine]);
      await own.must(['load', '-q', '-i', join(mine, 'base.tar')]);
      await own.build(['-t', 'app', join(mine, 'context')]);
      const { Database, ...rest } = await df(own);
      expect(Object.values(rest).reduce((total, { Bytes }) => total + Bytes, 0)).toBe(bytesByDu(own.root));
      await own.must(['rmi', 'app']);
      expect((await prune(own)).Removed.map(({ Type }) => Type)).toEqual(
        expect.arrayContaining(['record', 'unpacked']),
      );
      expect(readdirSync(join(own.root, 'layers'))).toEqual([]);
      expect(await own.verify()).toEqual([]);
    },
    120_000,
  );
});
