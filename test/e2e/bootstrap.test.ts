// A base image from Debian's packages: made as root and by an ordinary user in a user namespace, byte for byte the
// same; fit to be built upon; and what is said when something is missing. Needs Debian's mirrors, mmdebstrap, root.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asUser, testUser } from '../../src/testkit/index.ts';
import { command } from '../support/docker.ts';

const MILLE = join(import.meta.dir, '../../mille');
const PACKAGES = ['--include', 'python3,python3-pip'];
const MINUTES = 60_000;
const possible = process.getuid?.() === 0 && Bun.which('mmdebstrap') !== null;
if (!possible) console.warn('bootstrap tests skipped: they need root and mmdebstrap');
const user = possible ? testUser() : undefined;

let directory: string;

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'mille-bootstrap-'));
  chmodSync(directory, 0o755);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function mille(args: readonly string[], env: Record<string, string> = {}) {
  const result = command([MILLE, ...args], { env: { MILLE_ROOT: join(directory, 'store'), ...env } });
  return { ...result, text: result.stdout.toString() };
}

interface Inspected {
  readonly RootFS: { readonly Layers: readonly string[] };
  readonly Config: { readonly Env: readonly string[]; readonly Cmd: readonly string[] };
  readonly Created: string;
}

function inspect(text: string): Inspected {
  return (JSON.parse(text) as Inspected[])[0]!;
}

describe.skipIf(!possible)('mille bootstrap', () => {
  test(
    'makes a Python base image',
    () => {
      const made = mille(['bootstrap', 'debian:bookworm', ...PACKAGES, '-t', 'python:3.11-slim']);
      expect(made.stderr).toContain('setting up python3');
      expect(made.status).toBe(0);
      const { Config, RootFS } = inspect(mille(['inspect', 'python:3.11-slim']).text);
      expect(RootFS.Layers).toHaveLength(1);
      expect(Config.Cmd).toEqual(['python3']);
      expect(Config.Env[0]).toBe('PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin');
    },
    { timeout: 5 * MINUTES },
  );

  test(
    'no secret is found in it',
    () => {
      const found = mille(['secrets', '--severity', 'info', 'python:3.11-slim']);
      expect(found.text).toStartWith('No secrets found in ');
      expect(found.status).toBe(0);
    },
    MINUTES,
  );

  test(
    'python and pip answer by these names, and pip may install',
    () => {
      const script = `set -e
      python --version; pip --version
      mkdir -p /tmp/w && cd /tmp/w
      printf 'from setuptools import setup; setup(name="leaf", version="1", py_modules=["leaf"])' > setup.py
      echo 'print("installed")' > leaf.py
      python setup.py -q bdist_wheel 2>/dev/null
      pip install -q --no-index --root-user-action=ignore dist/*.whl
      cd / && python -c 'import leaf'`;
      const ran = mille(['run', '--rm', 'python:3.11-slim', 'sh', '-c', script]);
      expect(ran.stderr).toBe('');
      expect(ran.text).toMatch(/^Python 3\.11\.\d+\npip .*\ninstalled\n$/);
    },
    2 * MINUTES,
  );

  test(
    'nothing of the installation or of this machine is left',
    () => {
      const script = `
      find /var/log /var/cache/apt /var/lib/apt/lists /var/cache/ldconfig /tmp /etc/machine-id -type f -size +0 2>/dev/null
      find /usr/share/doc -type f ! -name copyright
      find /usr/share/man /usr/share/info /usr/share/locale -type f 2>/dev/null
      ls -d /etc/*- /var/lib/dpkg/*-old /etc/ssh/ssh_host* /etc/apt/sources.list /usr/lib/python3*/EXTERNALLY-MANAGED 2>/dev/null
      true`;
      expect(mille(['run', '--rm', 'python:3.11-slim', 'sh', '-c', script]).text).toBe('');
    },
    MINUTES,
  );

  test(
    'apt can go on from it, slim as before',
    () => {
      const script = `set -e
      apt-get update -qq
      apt-get install -y -qq --no-install-recommends less >/dev/null 2>&1
      dpkg -s less | grep Status
      test ! -e /usr/share/man/man1/less.1.gz
      ls /var/cache/apt/archives/*.deb 2>/dev/null || echo clean`;
      expect(mille(['run', '--rm', 'python:3.11-slim', 'sh', '-c', script]).text).toBe(
        'Status: install ok installed\nclean\n',
      );
    },
    { timeout: 3 * MINUTES },
  );

  // A second time a minute and a half: with MILLE_LONG_TESTS only.
  test.skipIf(!user || !process.env.MILLE_LONG_TESTS)(
    'an ordinary user makes the same, to the byte',
    () => {
      const home = join(directory, 'user');
      mkdirSync(home);
      chownSync(home, user!.uid, user!.gid);
      const checkout = join(import.meta.dir, '../..');
      if (command(asUser(user!, ['test', '-x', MILLE])).status !== 0) {
        console.warn(`skipped: ${user!.name} cannot read ${checkout}`);
        return;
      }
      const own = (args: readonly string[]) =>
        command(asUser(user!, [`MILLE_ROOT=${home}/store`, MILLE, ...args]), { cwd: '/' });
      const made = own(['bootstrap', 'debian:bookworm', ...PACKAGES, '-t', 'python:3.11-slim']);
      expect(made.stderr.split('\n').slice(-3).join('\n')).toContain('built');
      const rootless = inspect(own(['inspect', 'python:3.11-slim']).stdout.toString());
      const root = inspect(mille(['inspect', 'python:3.11-slim']).text);
      expect(rootless.RootFS.Layers).toEqual(root.RootFS.Layers);
      expect(rootless.Created).toBe(root.Created);
    },
    { timeout: 5 * MINUTES },
  );

  test(
    'mistakes are explained',
    () => {
      const unknown = mille(['bootstrap', 'debian:bokworm', '-t', 'x']);
      expect(unknown.stderr).toContain("the mirror has no suite 'bokworm' of debian");
      expect(unknown.status).toBe(33);
      const unreachable = mille([
        'bootstrap',
        'debian:bookworm',
        '--mirror',
        'http://127.0.0.1:9/debian',
        '-t',
        'x',
      ]);
      expect(unreachable.stderr).toContain('the mirror 127.0.0.1:9 cannot be reached');
      expect(unreachable.status).toBe(33);
      const name = mille(['bootstrap', 'debian:bookworm', '--include', 'a;b', '-t', 'x']);
      expect(name.status).toBe(2);
      expect(mille(['images', '-q']).text.trim().split('\n')).toHaveLength(1);
    },
    { timeout: 3 * MINUTES },
  );

  test('nothing is left in the store by failures', () => {
    expect(command(['ls', join(directory, 'store/tmp')]).stdout.toString()).toBe('');
    expect(existsSync(join(directory, 'store/mille.db'))).toBe(true);
    expect(readFileSync('/proc/mounts', 'utf8')).not.toContain(directory);
  });
});

test.skipIf(process.getuid?.() !== 0)('without mmdebstrap, what to install', () => {
  // An empty place on the path would not do: the system's own directories are always looked into.
  const script = `mount --bind /dev/null "$0" && exec "$@"`;
  const program = Bun.which('mmdebstrap');
  const args = [MILLE, 'bootstrap', 'debian:bookworm', '-t', 'x'];
  const env = { MILLE_ROOT: join(directory, 'other') };
  const result = program
    ? command(['unshare', '--mount', 'sh', '-c', script, program, ...args], { env })
    : command(args, { env });
  expect(result.stderr).toContain('mmdebstrap');
  expect(result.stderr).toContain('apt install mmdebstrap');
  expect(result.status).toBe(32);
});
