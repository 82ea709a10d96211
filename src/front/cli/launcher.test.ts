// The launcher as a user meets it: through links, from anywhere, among other people's files.

import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version } from '../../../package.json' with { type: 'json' };

const launcher = new URL('../../../mille', import.meta.url).pathname;
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mille-launcher-'));
  mkdirSync(join(folder, 'a b'));
  symlinkSync(launcher, join(folder, 'first'));
  symlinkSync('../first', join(folder, 'a b', 'second'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function start(command: readonly string[], cwd = folder) {
  const env = { ...process.env, MILLE_ROOT: join(folder, 'store') };
  const { exitCode, stdout, stderr } = Bun.spawnSync([...command], { cwd, env });
  return { status: exitCode, out: stdout.toString(), err: stderr.toString() };
}

test('through relative links of links, also with spaces', () => {
  for (const name of ['./first', './a b/second', join(folder, 'a b/second')]) {
    expect(start([name, '--version'])).toEqual({ status: 0, out: `mille ${version}\n`, err: '' });
  }
});

test("the directory's .env, bunfig.toml and tsconfig.json are not ours", () => {
  const stranger = join(folder, 'stranger');
  mkdirSync(stranger);
  writeFileSync(join(stranger, '.env'), 'BUILDKIT_PROGRESS=json\n');
  writeFileSync(join(stranger, 'bunfig.toml'), 'preload = ["./evil.ts"]\n');
  writeFileSync(join(stranger, 'evil.ts'), 'console.log("evil")\n');
  writeFileSync(join(stranger, 'tsconfig.json'), '{"extends":"./missing.json"}');
  expect(start([launcher, '--version'], stranger)).toEqual({
    status: 0,
    out: `mille ${version}\n`,
    err: '',
  });
  // Would be told as JSON if the variable had been taken.
  const { err, status } = start([launcher, 'build', './no-such-directory'], stranger);
  expect(status).not.toBe(0);
  expect(err).not.toContain('{"type"');
});

test('without Bun it says what to do', () => {
  const bare = join(folder, 'bare');
  mkdirSync(bare);
  writeFileSync(join(bare, 'mille'), readFileSync(launcher), { mode: 0o755 });
  const { status, err } = start([join(bare, 'mille'), '--version']);
  expect(status).toBe(1);
  expect(err).toContain("run 'npm ci' there first");
});

test('an error goes to standard error with its status', () => {
  const { status, out, err } = start([launcher, 'buid']);
  expect({ status, out }).toEqual({ status: 2, out: '' });
  expect(err).toBe("error: unknown command 'buid'\nhint: did you mean 'mille build'?\n");
});

test('a reader that goes away ends it silently', () => {
  const { err } = start(['sh', '-c', `"${launcher}" images --help | true`]);
  expect(err).toBe('');
});

test('a file may be a pipe that is slow, and so may standard input', () => {
  for (const file of ['/dev/stdin', '-']) {
    const line = `(sleep 0.2; echo 'FROM a') | '${launcher}' parse --json ${file}`;
    const { status, out } = start(['sh', '-c', line]);
    expect([status, JSON.parse(out)[0].args]).toEqual([0, ['a']]);
  }
});
