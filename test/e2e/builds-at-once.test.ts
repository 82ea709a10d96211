// Two builds at once that come to the same step: one runs it, the other waits for what it makes.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBusybox } from '../../src/testkit/index.ts';
import { type Mille, makePlace, mille, readBuild, removePlace, writeTree } from '../support/mille.ts';

const WAITING = 'waiting for another build that runs this step';

let place = '';
let self: Mille;
let counter = 0;

beforeAll(async () => {
  place = makePlace('at-once');
  self = await mille(join(place, 'store'));
}, 120_000);
afterAll(() => removePlace(place));

function project(dockerfile: string): string {
  const directory = join(place, `project${++counter}`);
  writeTree(directory, { Dockerfile: dockerfile });
  return directory;
}

/** A RUN that goes on when `goOn` is told so, however long builds take to get there. */
const held = (id: string, script: string) => `RUN --mount=type=cache,id=${id},target=/turn ${script}`;
const HOLD = 'while [ ! -e /turn/go ]; do sleep 0.05; done';
function goOn(): void {
  const mounts = join(self.root, 'cache-mounts');
  for (const name of readdirSync(mounts)) writeFileSync(join(mounts, name, 'data/go'), '');
}

/** Starts a build: what it said so far, until it says something, its end. */
function start(...args: readonly string[]) {
  const child = Bun.spawn([...self.command, 'build', '--progress', 'plain', ...args], {
    env: { ...process.env, ...self.env },
    stdout: 'ignore',
    stderr: 'pipe',
  });
  let text = '';
  const reading = (async () => {
    for await (const chunk of child.stderr) text += Buffer.from(chunk).toString();
  })();
  return {
    kill: () => child.kill('SIGKILL'),
    says: async (what: string) => {
      for (let i = 0; i < 1000 && !text.includes(what); i++) await Bun.sleep(20);
      expect(text).toContain(what);
    },
    end: async () => {
      const status = await child.exited;
      await reading;
      return { status, ...readBuild(text) };
    },
  };
}

describe.skipIf(!findBusybox())('the same step in two builds at once', () => {
  test('runs once, and both have what it made', async () => {
    const run = held('once', `echo going; ${HOLD}; cat /proc/sys/kernel/random/uuid >/id`);
    const directory = project(`FROM busybox\n${run}\nRUN cp /id /copy\n`);
    const first = start(directory);
    await first.says('going\n');
    const second = start(directory);
    await second.says(WAITING);
    goOn();
    const [one, two] = await Promise.all([first.end(), second.end()]);
    expect([one.status, two.status]).toEqual([0, 0]);
    expect(two.steps.get(run)).toEqual([WAITING, 'CACHED']);
    expect(two.ran).not.toContain(run);
    // The one that comes next may be run by either of them, and by one only.
    expect([...one.ran, ...two.ran].sort()).toEqual([run, 'RUN cp /id /copy']);
    expect(two.imageId).toBe(one.imageId);
  }, 120_000);

  test('runs in both where --no-cache asks for it', async () => {
    const run = held('no-cache', `echo going; ${HOLD}; echo no cache >/no-cache`);
    const directory = project(`FROM busybox\n${run}\n`);
    const first = start(directory);
    await first.says('going\n');
    const other = start('--no-cache', directory);
    await other.says('going\n');
    goOn();
    const second = await other.end();
    expect(second.ran).toEqual([run]);
    expect(second.output).not.toContain(WAITING);
    expect((await first.end()).ran).toEqual([run]);
  }, 120_000);

  test('is run by the second where the first is killed', async () => {
    const run = held('killed', 'echo going; mkdir /turn/first && sleep 100; echo killed >/killed');
    const directory = project(`FROM busybox\n${run}\n`);
    const first = start(directory);
    await first.says('going\n');
    const second = start(directory);
    await second.says(WAITING);
    first.kill();
    const { status, steps, ran } = await second.end();
    expect([status, ran]).toEqual([0, [run]]);
    expect(steps.get(run)?.slice(0, 2)).toEqual([WAITING, 'runs for the first time']);
    await first.end();
  }, 120_000);

  test('is run by the second where the first fails', async () => {
    const directory = project(
      `FROM busybox\n${held('fails', `echo going; mkdir /turn/made && { ${HOLD}; exit 9; }; echo ok`)}\n`,
    );
    const first = start(directory);
    await first.says('going\n');
    const second = start(directory);
    await second.says(WAITING);
    goOn();
    const [one, two] = await Promise.all([first.end(), second.end()]);
    expect([one.status, two.status]).toEqual([1, 0]);
  }, 120_000);

  test('never has two builds wait for one another, whatever the order of their stages', async () => {
    const stage = (name: string) =>
      `FROM busybox AS ${name}\nRUN echo ${name}; sleep 0.5; cat /proc/sys/kernel/random/uuid >/${name}\n`;
    const last = 'FROM busybox\nCOPY --from=a /a /a\nCOPY --from=b /b /b\nCOPY --from=c /c /c\n';
    const [a, b, c] = [stage('a'), stage('b'), stage('c')];
    const builds = [a + b + c, c + b + a, b + a + c].map((stages) => start(project(stages + last)));
    const ends = await Promise.all(builds.map(({ end }) => end()));
    expect(ends.map(({ status }) => status)).toEqual([0, 0, 0]);
    const ran = ends.flatMap((end) => end.ran).filter((title) => title.startsWith('RUN'));
    expect(ran).toHaveLength(3);
    expect(new Set(ends.map(({ imageId }) => imageId)).size).toBe(1);
  }, 120_000);
});
