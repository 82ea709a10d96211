// `mille optimize` as it is used: a look without building, the report's forms, exit statuses, what is refused.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findBusybox } from '../../src/testkit/index.ts';
import { busyboxBase } from '../support/base-images.ts';
import { type Mille, makePlace, mille, removePlace, repeatsCommands } from '../support/mille.ts';

repeatsCommands();

const ready = process.getuid?.() === 0 && findBusybox() !== undefined;
if (!ready) console.warn('report tests skipped: they need root and busybox-static');

const DOCKERFILE = 'FROM busybox\nENV API_TOKEN=hunter2\nADD main.c /main.c\nRUN cat /main.c >/prog\n';

let place = '';
let program: Mille;
const project = () => join(place, 'project');

beforeAll(async () => {
  if (!ready) return;
  place = makePlace('report');
  program = await mille(join(place, 'store'));
  const base = await busyboxBase();
  await program.must(['load', '-q', '-i', base!.path]);
  await program.must(['tag', base!.name, 'busybox']);
  mkdirSync(project());
  writeFileSync(join(project(), 'Dockerfile'), DOCKERFILE);
  writeFileSync(join(project(), 'main.c'), 'a');
}, 120_000);

afterAll(() => removePlace(place));

describe.skipIf(!ready)('without building', () => {
  test('nothing runs, and nothing is said to be proved', async () => {
    const images = await program.must(['images', '-a', '-q']);
    const text = await program.must(['optimize', '--dry', '--only', 'copy-not-add', project()]);
    expect(text).toContain('\n+COPY main.c /main.c\n');
    expect(text).toContain('1 change proposed, not proved');
    expect(text).toContain('2 steps never ran here');
    expect(await program.must(['images', '-a', '-q'])).toBe(images);
    expect(await program.must(['why', '--list'])).not.toContain('project');
  });
  test('what a build left is known afterwards', async () => {
    await program.must(['build', '-q', project()]);
    const text = await program.must(['optimize', '--dry', '--format', 'json', project()]);
    const { dry, proved, reckoned, proof, before, notes } = JSON.parse(text);
    expect([dry, proved, proof, before]).toEqual([true, false, null, null]);
    expect(notes.filter((note: string) => note.includes('never ran'))).toEqual([]);
    expect(
      reckoned.before.steps.map(({ line, kind }: { line: number; kind: string }) => [line, kind]),
    ).toEqual([
      [1, 'base'],
      [3, 'add'],
      [4, 'run'],
    ]);
    expect(reckoned.before.steps[2].bytes).toBeGreaterThan(0);
  });
});

describe.skipIf(!ready)('the report', () => {
  test('goes into a file in the form that its name says, without what is secret', async () => {
    for (const [name, sign] of [
      ['r.html', '<!doctype html>'],
      ['r.md', '### Dockerfile'],
      ['r.json', '{'],
      ['r.txt', '--- Dockerfile'],
    ] as const) {
      const path = join(place, name);
      const text = await program.must(['optimize', '--dry', '-o', path, project()]);
      expect(text).toContain('--- Dockerfile');
      const report = readFileSync(path, 'utf8');
      expect(report).toStartWith(sign);
      expect(report).toContain('COPY main.c');
      expect(report + text).not.toContain('hunter2');
    }
  });
  test('where it cannot go is said before anything is built', async () => {
    const outcome = await program.run(['optimize', '-o', join(place, 'none/r.html'), project()]);
    expect([outcome.status, outcome.stderr]).toEqual([
      52,
      expect.stringContaining("cannot write the file of -o to '"),
    ]);
    expect(outcome.stdout).toBe('');
  });
  test('nor does it get two forms at once', async () => {
    const path = join(place, 'two.json');
    const outcome = await program.run(['optimize', '--dry', '--format', 'text', '-o', path, project()]);
    expect([outcome.status, outcome.stdout, existsSync(path)]).toEqual([2, '', false]);
    expect(outcome.stderr).toBe(
      `error: --format text contradicts -o ${path}\nhint: leave --format out for json, or give the file another name\n`,
    );
  });
});

describe.skipIf(!ready)('statuses', () => {
  test('3 where something is to be gained, and that is asked for', async () => {
    const status = async (...args: string[]) =>
      (await program.run(['optimize', '-q', ...args, project()])).status;
    expect(await status('--dry', '--exit-code')).toBe(3);
    expect(await status('--dry')).toBe(0);
    expect(await status('--dry', '--exit-code', '--only', 'clean-apt')).toBe(0);
    expect(await status('--exit-code', '--only', 'copy-not-add')).toBe(3);
    expect(readFileSync(join(project(), 'Dockerfile'), 'utf8')).toBe(DOCKERFILE);
  }, 120_000);
  test('what makes no sense is said', async () => {
    const error = async (...args: string[]) => {
      const { status, stderr } = await program.run(['optimize', ...args, project()]);
      return `${status} ${stderr.split('\n', 1)[0]}`;
    };
    expect(await error('--dry', '--write')).toBe(
      '2 error: --dry builds nothing, so --write has nothing to stand on',
    );
    expect(await error('--dry', '--replay', '3')).toStartWith('2 error: --dry builds nothing, so --replay');
    expect(await error('--only', 'copy-not-ad')).toBe("2 error: --only: there is no rewrite 'copy-not-ad'");
    expect(await error('--skip', 'x*')).toStartWith('2 ');
    expect(existsSync(join(place, 'none'))).toBe(false);
  });
  test('the rewrites are listed', async () => {
    expect(await program.must(['optimize', '--list'])).toMatch(/^REWRITE +FOR +WHAT IT DOES\n/);
    const rows = JSON.parse(await program.must(['optimize', '--list', '--format', 'json']));
    expect(rows[0]).toEqual({
      name: expect.any(String),
      goal: expect.any(String),
      summary: expect.any(String),
    });
  });
});
