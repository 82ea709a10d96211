// A Python of Debian without a shell, for long runs: the same files as a full installation has, none that no package
// brought, small enough, and the tutorial's application runs on it. Needs Debian's mirrors and Python's package index.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from '../support/docker.ts';

const ROOT = join(import.meta.dir, '../..');
const MILLE = join(ROOT, 'mille');
const MINUTES = 60_000;
const possible =
  process.getuid?.() === 0 && Bun.which('mmdebstrap') !== null && Boolean(process.env.MILLE_LONG_TESTS);

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'mille-python-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function mille(...args: readonly string[]) {
  const result = command([MILLE, ...args], { env: { MILLE_ROOT: join(directory, 'store') } });
  return { ...result, text: result.stdout.toString() };
}

/** Unpacks an image of one layer. */
function unpacked(name: string): string {
  const root = join(directory, name.replace(/\W/g, '-'));
  mkdirSync(join(root, 'root'), { recursive: true });
  expect(mille('save', name, '-o', `${root}/image.tar`).status).toBe(0);
  expect(command(['tar', '-xf', `${root}/image.tar`, '-C', root]).status).toBe(0);
  const [{ Layers }] = JSON.parse(readFileSync(`${root}/manifest.json`, 'utf8'));
  expect(command(['tar', '-xf', `${root}/${Layers[0]}`, '-C', `${root}/root`]).status).toBe(0);
  const packed = Bun.gzipSync(readFileSync(`${root}/${Layers[0]}`)).length;
  expect(packed).toBeLessThan(60_000_000);
  return `${root}/root`;
}

/** Everything but directories; links are not followed: `var/run` leads to this machine's. */
function filesBelow(root: string, below = ''): string[] {
  return readdirSync(join(root, below), { withFileTypes: true }).flatMap((entry) => {
    const path = join(below, entry.name);
    return entry.isDirectory() ? filesBelow(root, path) : [path];
  });
}

describe.skipIf(!possible)('Python without a shell', () => {
  test(
    'is what a full installation has of it, and runs the application',
    () => {
      const distroless = [
        '--profile',
        'distroless',
        '--include',
        'python3,ca-certificates',
        '--user',
        'nonroot',
      ];
      expect(mille('bootstrap', 'debian:bookworm', ...distroless, '-t', 'python:distroless').status).toBe(0);
      const full = ['--include', 'python3,python3-pip,ca-certificates', '-t', 'python:3.11-slim'];
      expect(mille('bootstrap', 'debian:bookworm', ...full).status).toBe(0);
      const [own, other] = [unpacked('python:distroless'), unpacked('python:3.11-slim')];
      const differing: string[] = [];
      for (const path of filesBelow(own)) {
        const [a, b] = [lstatSync(join(own, path)), lstatSync(join(other, path), { throwIfNoEntry: false })];
        if (path.startsWith('var/lib/dpkg/status.d/')) continue;
        const content = (root: string) =>
          a.isSymbolicLink()
            ? readlinkSync(join(root, path))
            : readFileSync(join(root, path)).toString('hex');
        if (!b || a.mode !== b.mode || a.uid !== b.uid || content(own) !== content(other))
          differing.push(path);
      }
      // What is made here for a system without shell and logins.
      expect(differing.sort()).toEqual(['etc/group', 'etc/nsswitch.conf', 'etc/passwd']);

      const context = join(ROOT, 'examples/flask-app');
      const file = join(context, 'Dockerfile.distroless');
      const built = mille('build', '--ca', 'host', '-f', file, '-t', 'app', context);
      expect(built.stderr).toContain('built app:latest');
      const ran = mille('run', '--rm', 'app', 'python3', 'app.py', '--check');
      expect(ran.text).not.toContain('FAIL');
      expect(ran.status).toBe(0);
      expect(mille('run', '--rm', 'app', 'sh').status).toBe(127);
    },
    30 * MINUTES,
  );
});
