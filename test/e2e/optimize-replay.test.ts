// `mille optimize --replay`: the commits of a real repository, built with both Dockerfiles, and nothing of it left behind.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findProgram } from '../../src/sys/index.ts';
import { findBusybox } from '../../src/testkit/index.ts';
import { busyboxBase } from '../support/base-images.ts';
import { command } from '../support/docker.ts';
import { commitAll, git } from '../support/git.ts';
import { type Mille, makePlace, mille, removePlace } from '../support/mille.ts';

const ready = process.getuid?.() === 0 && findBusybox() !== undefined && findProgram('git') !== undefined;
if (!ready) console.warn('replay tests skipped: they need root, busybox-static and git');

let place = '';
let program: Mille;

const project = () => join(place, 'repository');
const commit = (subject: string, files: Readonly<Record<string, string>>) =>
  commitAll(project(), subject, files);

beforeAll(async () => {
  if (!ready) return;
  place = makePlace('replay');
  program = await mille(join(place, 'store'));
  const base = await busyboxBase();
  await program.must(['load', '-q', '-i', base!.path]);
  await program.must(['tag', base!.name, 'busybox']);
  command(['git', 'init', '-q', join(place, 'repository')]);
  const dockerfile = 'FROM busybox\nADD main.c /main.c\nRUN cat /main.c >/prog\nCOPY . /app\n';
  commit('begin', { Dockerfile: dockerfile, 'main.c': 'a', 'README.md': 'a' });
  commit('does not build', { Dockerfile: dockerfile, 'main.c': 'b' });
  commit('builds again', { 'main.c': 'bb' });
  git(project(), 'rm', '-q', 'main.c');
  git(project(), 'commit', '-q', '-m', 'main.c is gone');
  commit('main.c is back', { 'main.c': 'c' });
  commit('documents', { 'README.md': 'b' });
  // What is not committed is not replayed.
  writeFileSync(join(place, 'repository/README.md'), 'not committed');
}, 120_000);

afterAll(() => removePlace(place));

describe.skipIf(!ready)('replay', () => {
  test('commits are built with both, those that cannot be are told, nothing is left', async () => {
    const store = async () => [
      await program.must(['images', '-a', '--format', 'json']),
      (await program.must(['cache', 'ls', '--format', 'json'])).length,
    ];
    const before = await store();
    const status = git(project(), 'status', '--porcelain=v2', '--branch');
    const text = await program.must([
      ...['optimize', '-q', '--only', 'copy-not-add', '--replay', '5', '--format', 'json'],
      join(place, 'repository'),
    ]);
    const { replay, files } = JSON.parse(text);
    expect(files[0].diff).toContain('+COPY main.c /main.c');
    expect(
      replay.commits.map((one: { subject: string; stratum: string }) => [one.subject, one.stratum]),
    ).toEqual([
      ['does not build', 'source'],
      ['builds again', 'source'],
      ['main.c is back', 'source'],
      ['documents', 'docs'],
    ]);
    expect(replay.failed.map((one: { subject: string }) => one.subject)).toEqual(['main.c is gone']);
    // Built with the rewrite first: the original is asked all the same.
    expect(replay.failed[0].why).toMatch(/^the original: .*main\.c/);
    for (const { before, after } of replay.commits) {
      expect(before.seconds).toBeGreaterThan(0);
      expect(after.bytes).toBe(before.bytes);
    }
    expect(
      replay.steps.map(({ runs, both }: { runs: object; both: { commits: number } }) => [runs, both.commits]),
    ).toEqual([
      // ADD, which became COPY.
      [{ before: 3, after: 3 }, 3],
      [{ before: 3, after: 3 }, 3],
      [{ before: 4, after: 4 }, 4],
    ]);
    // Of the documents only the last COPY is new.
    expect(replay.commits[3].after.bytes).toBeLessThan(replay.commits[2].after.bytes);
    expect(await store()).toEqual(before);
    expect(git(project(), 'status', '--porcelain=v2', '--branch')).toBe(status);
    expect(existsSync(join(place, 'repository/.git/worktrees'))).toBe(false);
    // Builds that were only to be timed are not among those that people ask about.
    const { build } = JSON.parse(await program.must(['why', '--format', 'json', join(place, 'repository')]));
    expect(build.context).toBe(join(place, 'repository'));
  }, 120_000);

  test('what was proved is told where the replay is interrupted, and nothing is written', async () => {
    const repository = join(place, 'other');
    const dockerfile = 'FROM busybox\nADD main.c /main.c\nCOPY . /app\nRUN [ ! -e /app/slow ] || sleep 600\n';
    command(['git', 'init', '-q', repository]);
    const commitTo = (subject: string, files: Readonly<Record<string, string>>) =>
      commitAll(repository, subject, files);
    commitTo('begin', { Dockerfile: dockerfile, 'main.c': 'a' });
    commitTo('quick', { 'main.c': 'b' });
    commitTo('takes long', { slow: '' });
    rmSync(join(repository, 'slow'));
    commitTo('quick again', { 'main.c': 'c' });
    const child = Bun.spawn(
      [
        ...[...program.command, 'optimize', '--progress', 'plain', '--only', 'copy-not-add', '--write'],
        ...['--replay', '3', '--format', 'json', repository],
      ],
      { env: program.env, stdout: 'pipe', stderr: 'pipe' },
    );
    const stdout = new Response(child.stdout).text();
    const decoder = new TextDecoder();
    let output = '';
    let sent = false;
    for await (const chunk of child.stderr) {
      output += decoder.decode(chunk);
      if (sent || !/replay 3 commits.*takes long/s.test(output)) continue;
      sent = true;
      child.kill('SIGINT');
    }
    expect(await child.exited).toBe(130);
    const { changes, files, notes, replay } = JSON.parse(await stdout);
    expect(changes.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['proved']);
    expect(files[0].diff).toContain('+COPY main.c /main.c');
    expect(replay.cut).toBe(true);
    expect(replay.commits.map(({ subject }: { subject: string }) => subject)).toEqual(['quick']);
    expect(notes).toContain('the replay was interrupted: its figures are of 1 commit');
    expect(output).toEndWith('interrupted: what was proved by then is told, nothing is written\n');
    expect(readFileSync(join(repository, 'Dockerfile'), 'utf8')).toBe(dockerfile);
  }, 120_000);
});
