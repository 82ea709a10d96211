// The launcher as a user meets it: through links, from anywhere, among other people's files.

import { afterAll, beforeAll, expect, test } from 'bun:test';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { version } from '../../../package.json' with { type: 'json' };

const checkout = join(import.meta.dir, '../../..');
const launcher = join(checkout, 'mille');
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

/** Files of somebody else's project that Bun would read, were it not told otherwise. */
const STRANGERS: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['.env', '.env.local', '.env.production', '.env.development', '.env.test'].map((name) => [
      name,
      'BUILDKIT_PROGRESS=json\nNO_COLOR=\nMILLE_ROOT=/nowhere/at-all\nBUN_OPTIONS=--version\n',
    ]),
  ),
  'bunfig.toml': 'preload = ["./evil.ts"]\n',
  'evil.ts': 'console.log("evil")\n',
  'package.json': '{ broken',
  'tsconfig.json': '{"extends":"./missing.json", broken',
  'jsconfig.json': '{ broken',
  'node_modules/yaml/package.json': '{"main":"index.js"}',
  'node_modules/yaml/index.js': 'console.log("evil")\n',
  // A mistake is told with its place: more of the program is loaded than for its version, yaml for the second.
  Dockerfile: 'FROM scratch\nCOPY\n',
  'budget.yaml': 'total: -1\n',
};

/** A checkout of the same sources without what `npm ci` compiled. */
function sourcesAlone(): string {
  const sources = join(folder, 'sources');
  mkdirSync(sources);
  copyFileSync(launcher, join(sources, 'mille'));
  chmodSync(join(sources, 'mille'), 0o755);
  for (const name of ['src', 'node_modules', 'package.json', 'tsconfig.json']) {
    symlinkSync(join(checkout, name), join(sources, name));
  }
  return join(sources, 'mille');
}

test("Bun's files in the directory are not ours, from sources and compiled", () => {
  const stranger = join(folder, 'stranger');
  for (const [name, text] of Object.entries(STRANGERS)) {
    mkdirSync(dirname(join(stranger, name)), { recursive: true });
    writeFileSync(join(stranger, name), text);
  }
  const compiled = join(folder, 'compiled');
  const made = Bun.spawnSync(['node', 'scripts/bundle.mjs', '--outfile', compiled], { cwd: checkout });
  expect(made.stderr.toString()).toBe('');
  for (const program of [launcher, sourcesAlone(), compiled]) {
    expect(start([program, '--version'], stranger)).toEqual({
      status: 0,
      out: `mille ${version}\n`,
      err: '',
    });
    const images = start([program, 'images', '-q'], stranger);
    expect(images).toEqual({ status: 0, out: '', err: '' });
    // Would be told as JSON if the variable had been taken.
    const { err, out, status } = start([program, 'build', '.'], stranger);
    expect([status, out]).toEqual([12, '']);
    expect(err).toStartWith('error: COPY ');
    const budget = start([program, 'budget', '--file', 'budget.yaml', 'none'], stranger);
    expect(budget.err).toStartWith('error: total is no size\nbudget.yaml:1:8\n');
  }
}, 60_000);

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
