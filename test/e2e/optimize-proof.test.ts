// `mille optimize` believes no rewrite: what makes something else of the image is refused, with the paths; what is wrong
// with the original, or with the world, is told as that; and nothing stays of what was built on the way.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { OptimizeResult } from '../../src/app/types.ts';
import { findBusybox } from '../../src/testkit/index.ts';
import { DIRECTLY, type Mille, makePlace, mille, removePlace, writeTree } from '../support/mille.ts';

const SECRET = 'correct-horse-battery';
const OTHER = 'hunter2-of-the-context';

let place = '';
let self: Mille;
let counter = 0;

const ready = process.getuid?.() === 0 && findBusybox() !== undefined;
if (!ready) console.warn('skipped: optimising needs root and busybox-static');

beforeAll(async () => {
  if (!ready) return;
  place = makePlace('proof');
  self = await mille(join(place, 'store'));
  writeFileSync(join(place, 'password'), `${SECRET}\n`);
}, 120_000);
afterAll(() => removePlace(place));

const GOOD = `FROM busybox
ENV A=1
ADD own /own
RUN mkdir /cache /kept && echo 1 >/cache/x && echo 2 >/kept/y && echo made >/made && cat /proc/sys/kernel/random/uuid >/id && mktemp /tmp.XXXXXX
`;

function project(dockerfile: string): string {
  const directory = join(place, `project${++counter}`);
  writeTree(directory, { Dockerfile: dockerfile, own: `${counter}`, '.env': `TOKEN=${OTHER}\n` });
  return directory;
}

/** Optimises with rewrites of `optimize-with.ts`. */
async function optimized(directory: string, ...names: readonly string[]) {
  const script = join(import.meta.dir, '../support/optimize-with.ts');
  const child = Bun.spawn([...DIRECTLY.slice(0, -1), script, ...names, directory], {
    cwd: place,
    env: { ...process.env, ...self.env },
    stdout: 'pipe',
    stderr: 'pipe',
  });
  const [stdout, stderr] = await Promise.all([child.stdout.text(), child.stderr.text()]);
  if ((await child.exited) !== 0) throw new Error(stderr);
  return { text: stdout, result: JSON.parse(stdout) as OptimizeResult & { error?: string } };
}

const outcomes = ({ changes }: OptimizeResult) =>
  changes.map(({ rewrite, outcome }) => `${rewrite} ${outcome}`).sort();
const refusalOf = ({ changes }: OptimizeResult, name: string) =>
  changes.find(({ rewrite }) => rewrite === name)?.refusal;
const images = async () => (await self.must(['images', '-q'])).split('\n').filter(Boolean).length;

describe.skipIf(!ready)('the proof', () => {
  test('refuses what changes something else than it says, and keeps the rest', async () => {
    const directory = project(GOOD);
    const { result } = await optimized(directory, 'silent', 'copy-not-add', 'more', 'config', 'honest');
    expect(outcomes(result)).toEqual([
      'config refused',
      'copy-not-add proved',
      'honest proved',
      'more refused',
      'silent refused',
    ]);
    const files = (name: string) =>
      refusalOf(result, name)?.verdict?.files.map(({ path, kind }) => `${kind} ${path}`);
    expect(files('silent')).toEqual(['removed made', 'added other']);
    expect(files('more')).toEqual(['removed kept', 'removed kept/y']);
    expect(refusalOf(result, 'config')?.verdict?.config).toMatchObject([
      { what: 'Env A', before: '1', after: '2' },
    ]);
    expect(result.files.map(({ after }) => after)).toEqual([
      GOOD.replace('ADD own', 'COPY own').replace('echo 1 >/cache/x', 'true'),
    ]);
    const { same, files: unexpected, noise } = result.verdict!;
    expect([same, unexpected]).toEqual([true, []]);
    expect(noise).toContain('id');
    expect(noise.filter((path) => path.startsWith('tmp.'))).toHaveLength(2);
    expect(result.after!.steps!.map(({ title }) => title)).toContain('[2/3] COPY own /own');
    // Nothing of it stays but layers that the cache can use.
    expect(await images()).toBe(1);
    expect(await self.verify()).toEqual([]);
    expect(await self.must(['why', '--list'])).not.toContain('mille-optimize-');
    const { ran, imageId } = await self.build([directory]);
    expect(ran).toEqual([]);
    await self.must(['rmi', imageId]);
  }, 120_000);

  test('two runs at once leave each other their images, and nothing stays of either', async () => {
    const directory = project('FROM busybox\nADD own /own\nHEALTHCHECK CMD test -f /own\n');
    const runs = [1, 2].map(() => optimized(directory, 'copy-not-add'));
    for (const { result } of await Promise.all(runs)) {
      expect(outcomes(result)).toEqual(['copy-not-add proved']);
      expect(result.checks).toMatchObject([{ outcome: 'alike' }]);
    }
    expect(await images()).toBe(1);
    expect(await self.verify()).toEqual([]);
  }, 60_000);

  test('blames nothing for the network, and shows no secret', async () => {
    const directory = project(GOOD.replace('ADD own /own', 'COPY . /context/'));
    const { text, result } = await optimized(directory, 'flaky', 'leaky', 'offline');
    // Where the network fails again and again, and does not for the original, it is not the network.
    expect(outcomes(result)).toEqual(['flaky proved', 'leaky refused', 'offline refused']);
    expect(refusalOf(result, 'offline')?.failure).toContain('Network is unreachable');
    expect(refusalOf(result, 'leaky')?.failure).toContain('****');
    expect(text).not.toContain(SECRET);
    expect(text).not.toContain(OTHER);
  }, 120_000);

  test('asks the HEALTHCHECK while the server runs, in a network of its own', async () => {
    const directory = project(`FROM busybox
ADD own /own
COPY own /www/index.html
HEALTHCHECK --interval=1s --timeout=2s CMD wget -q -O /dev/null http://localhost:7481/
CMD ["httpd", "-f", "-p", "7481", "-h", "/www"]
`);
    const { result } = await optimized(directory, 'copy-not-add', 'unserved');
    expect(outcomes(result)).toEqual(['copy-not-add proved', 'unserved refused']);
    const health = 'wget -q -O /dev/null http://localhost:7481/ (while httpd -f -p 7481 -h /www runs)';
    expect(result.checks).toMatchObject([{ command: health, from: 'healthcheck', outcome: 'alike' }]);
    const [refused] = refusalOf(result, 'unserved')?.checks ?? [];
    expect(refused).toMatchObject({ command: health, outcome: 'different' });
    expect(refused?.after?.output.join()).toContain('before a check ended well');
  }, 120_000);

  test('writes nothing over a file that was changed meanwhile', async () => {
    const directory = project('FROM busybox\nADD own /own\n');
    const { result } = await optimized(directory, 'edited');
    expect(result).toMatchObject({
      files: [{ written: false }],
      notWritten: {
        code: 'file-changed',
        message: 'Dockerfile was changed meanwhile, so nothing was written',
      },
    });
    expect(readFileSync(join(directory, 'Dockerfile'), 'utf8')).toEndWith('# mine\n');
  }, 120_000);
});

describe.skipIf(!ready)('mille optimize', () => {
  const optimize = (...args: readonly string[]) => self.run(['optimize', '--progress', 'none', ...args]);

  test('of what does not build says what mille build says, and stops', async () => {
    const directory = project('FROM busybox\nADD own /own\nRUN echo why >&2; exit 7\n');
    const built = await self.run(['build', '--progress', 'none', directory]);
    const { status, stdout, stderr } = await optimize(directory);
    expect([status, stdout]).toEqual([built.status, '']);
    expect(stderr).toBe(built.stderr);
    expect(await images()).toBe(1);
  }, 120_000);

  test('asks commands of both images, writes, and leaves images of the user where they are', async () => {
    const directory = project(`${GOOD}HEALTHCHECK CMD cat /nothing\n`);
    await self.build(['-t', 'mine', directory]);
    const named = JSON.parse(await self.must(['inspect', 'mine']))[0].Id;
    const checks = ['test -e /made', 'exit 4', '["cat", "/made"]'];
    const flags = ['--write', '--check-output', ...checks.flatMap((check) => ['--check', check])];
    const { stdout } = await optimize('--only', 'copy-not-add', '--format', 'json', ...flags, directory);
    const { checks: asked = [] } = JSON.parse(stdout) as OptimizeResult;
    expect(asked.map(({ command, outcome, why }) => [command, outcome, why])).toEqual([
      ['test -e /made', 'alike', undefined],
      ['exit 4', 'silent', 'with the original it ends with exit status 4'],
      ['["cat", "/made"]', 'alike', undefined],
      ['cat /nothing', 'silent', 'with the original it ends with exit status 1'],
    ]);
    expect(readFileSync(join(directory, 'Dockerfile'), 'utf8')).toContain('COPY own /own');
    expect(JSON.parse(await self.must(['inspect', 'mine']))[0].Id).toBe(named);
    expect(await images()).toBe(2);
    await self.must(['rmi', 'mine']);
  }, 120_000);

  test('leaves nothing where it is interrupted', async () => {
    const directory = project(
      'FROM busybox\nADD own /own\nRUN --mount=type=cache,target=/c test ! -e /c/x || sleep 60; touch /c/x\n',
    );
    const child = Bun.spawn([...self.command, 'optimize', '--progress', 'plain', directory], {
      cwd: place,
      env: { ...process.env, ...self.env },
      stdout: 'pipe',
      stderr: 'pipe',
    });
    let seen = '';
    const read = (async () => {
      for await (const chunk of child.stderr) {
        seen += new TextDecoder().decode(chunk);
        // The first build is done, and the second one waits.
        if (/^#2 .*RUN/m.test(seen)) child.kill('SIGINT');
      }
    })();
    await read;
    expect(await child.exited).toBe(130);
    expect(await images()).toBe(1);
    expect(await self.must(['cache', 'ls'])).not.toContain('mille-optimize');
  }, 120_000);

  test('refuses at once what is no directory with a file in it', async () => {
    for (const args of [['-'], ['https://example.com/r.git'], ['-f', '-', '.']]) {
      const { status, stderr } = await optimize(...args);
      expect([args, status]).toEqual([args, 2]);
      expect(stderr).toContain('can be optimised');
    }
  });
});
