// Reasons from what programs really said: lines of runs on Debian 11 to 13, busybox and musl's loader; those of apk, dnf, npm and
// BuildKit as they are documented.

import { describe, expect, test } from 'bun:test';
import { explainFailure, type FailedBase } from './index.ts';

const TRIXIE: FailedBase = {
  distribution: { name: 'debian', release: '13', codename: 'trixie' },
  libc: { name: 'glibc', version: '2.41' },
  installers: ['apt-get'],
  shells: ['dash', 'bash'],
};
const ALPINE: FailedBase = {
  distribution: { name: 'alpine', release: '3.22' },
  libc: { name: 'musl', version: '1.2.5' },
  installers: ['apk'],
  shells: ['busybox'],
};
const BARE: FailedBase = { installers: [], shells: [] };

const why = (text: string, base: FailedBase) =>
  explainFailure(text.split('\n'), base).map(({ kind, what, hint }) => [kind, what, hint ?? '']);

describe('packages', () => {
  test('apt', () => {
    const out =
      'Reading package lists...\nReading state information...\nE: Unable to locate package libicu72';
    expect(why(out, TRIXIE)).toEqual([['package', 'libicu72', 'there it is called libicu76']]);
    expect(why("E: Package 'python' has no installation candidate", TRIXIE)[0]?.slice(0, 2)).toEqual([
      'package',
      'python',
    ]);
    expect(why("E: Version '7.88' for 'curl' was not found", TRIXIE)[0]?.slice(0, 2)).toEqual([
      'package',
      'curl=7.88',
    ]);
    const glob = "E: Unable to locate package libssl1.1\nE: Couldn't find any package by glob 'libssl1.1'";
    expect(why(glob, TRIXIE)).toEqual([['package', 'libssl1.1', 'there it is called libssl3t64']]);
    const gone =
      "E: The repository 'http://mirror.example/debian buster Release' does not have a Release file.";
    expect(why(gone, TRIXIE)[0]?.slice(0, 2)).toEqual(['release', 'http://mirror.example/debian buster']);
  });
  test('apk, dnf', () => {
    const apk =
      'ERROR: unable to select packages:\n  build-essential (no such package):\n    required by: world[build-essential]';
    expect(why(apk, ALPINE)).toEqual([['package', 'build-essential', 'there it is called build-base']]);
    expect(why('Error: Unable to find a match: libpq-dev', BARE)[0]?.slice(0, 2)).toEqual([
      'package',
      'libpq-dev',
    ]);
  });
});

describe('programs and shells', () => {
  test('an installer of another distribution', () => {
    expect(explainFailure(['/bin/sh: apt-get: not found'], ALPINE)).toEqual([
      {
        ...{ kind: 'installer', what: 'apt-get' },
        text: 'apt-get is not there: the base has apk',
        hint: 'packages have other names there, too',
      },
    ]);
    expect(why('sh: 1: apk: not found', TRIXIE)[0]?.slice(0, 2)).toEqual(['installer', 'apk']);
    expect(why('bash: line 1: apk: command not found', TRIXIE)[0]?.slice(0, 2)).toEqual(['installer', 'apk']);
  });
  test('programs that slim images lack, by who brings them', () => {
    expect(why('/bin/sh: 1: gcc: not found', TRIXIE)).toEqual([
      ['compiler', 'gcc', 'it comes with build-essential'],
    ]);
    expect(why('/bin/sh: gcc: not found', ALPINE)).toEqual([['compiler', 'gcc', 'it comes with build-base']]);
    expect(why('/bin/sh: 1: git: not found', TRIXIE)).toEqual([['program', 'git', 'it comes with git']]);
    expect(why('/bin/sh: useradd: not found', ALPINE)).toEqual([
      ['program', 'useradd', 'it comes with shadow'],
    ]);
    expect(why('env: ‘node’: No such file or directory', TRIXIE)[0]?.slice(0, 2)).toEqual([
      'program',
      'node',
    ]);
  });
  test('no shell, or another one', () => {
    expect(why('exec: "/bin/sh": stat /bin/sh: no such file or directory', BARE)[0]?.slice(0, 2)).toEqual([
      'shell',
      'sh',
    ]);
    expect(why('/bin/sh: bash: not found', ALPINE)).toEqual([
      ['shell', 'bash', 'write it for busybox, or install bash'],
    ]);
  });
  test('a file that is there, and what starts it is not', () => {
    const [reason] = explainFailure(['sh: 1: ./z: not found'], TRIXIE);
    expect(reason?.text).toBe(
      './z is not there, or what starts it is not: its interpreter, its dynamic linker',
    );
    expect(why('bash: line 1: ./z: cannot execute: required file not found', TRIXIE)[0]?.[0]).toBe('libc');
  });
});

describe('libraries', () => {
  test('glibc too old', () => {
    const line = "./x/n: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.38' not found (required by ./x/n)";
    const base: FailedBase = { ...TRIXIE, libc: { name: 'glibc', version: '2.36' } };
    expect(explainFailure([line], base)[0]).toMatchObject({
      ...{ kind: 'libc', what: 'GLIBC_2.38' },
      text: './x/n needs GLIBC_2.38, and the base has glibc 2.36',
    });
  });
  test('glibc on musl', () => {
    expect(why('Error relocating ./f: __printf_chk: symbol not found', ALPINE)[0]?.slice(0, 2)).toEqual([
      'libc',
      '__printf_chk',
    ]);
    const loader =
      'Error loading shared library ld-linux-x86-64.so.2: No such file or directory (needed by /app/x)';
    expect(why(loader, ALPINE)[0]?.slice(0, 2)).toEqual(['library', 'ld-linux-x86-64.so.2']);
  });
  test('a library that the last stage lacks', () => {
    const shared =
      '/app/x: error while loading shared libraries: libpq.so.5: cannot open shared object file: No such file or directory';
    expect(why(shared, TRIXIE)[0]?.slice(0, 2)).toEqual(['library', 'libpq.so.5']);
    const python = 'OSError: libpq.so.5: cannot open shared object file: No such file or directory';
    expect(why(python, TRIXIE)[0]?.slice(0, 2)).toEqual(['library', 'libpq.so.5']);
  });
  test('another processor', () => {
    expect(why('exec /app/x: exec format error', TRIXIE)[0]?.slice(0, 2)).toEqual(['architecture', '/app/x']);
  });
});

describe('Python and Node', () => {
  test('wheels', () => {
    const pip =
      "  error: command 'gcc' failed: No such file or directory\n  ERROR: Failed building wheel for psycopg2\nFailed to build psycopg2";
    expect(why(pip, ALPINE).map(([kind, what]) => [kind, what])).toEqual([
      ['wheel', 'psycopg2'],
      ['compiler', 'gcc'],
    ]);
    expect(explainFailure(pip.split('\n'), ALPINE)[0]?.text).toContain('musllinux');
    expect(why('ERROR: No matching distribution found for flask', TRIXIE)).toEqual(
      [['wheel', 'flask', '']].map(([kind, what]) => [kind, what, expect.any(String)]) as never,
    );
  });
  test("the distribution's own Python, modules that are gone, headers", () => {
    expect(why('error: externally-managed-environment', TRIXIE)[0]?.[0]).toBe('python');
    expect(why("ModuleNotFoundError: No module named 'distutils'", TRIXIE)[0]?.slice(0, 2)).toEqual([
      'python',
      'distutils',
    ]);
    expect(why('x.c:1:10: fatal error: Python.h: No such file or directory', TRIXIE)).toEqual([
      ['header', 'Python.h', 'it comes with python3-dev'],
    ]);
    expect(why('Error: pg_config executable not found.', ALPINE)[0]?.slice(0, 2)).toEqual([
      'program',
      'pg_config',
    ]);
  });
  test('node-gyp', () => {
    expect(why('gyp ERR! find Python \ngyp ERR! stack Error: not found: make', ALPINE)).toEqual([
      ['compiler', 'python3', 'it comes with python3'],
      ['compiler', 'make', 'it comes with make'],
    ]);
  });
});

test('what says nothing that is known is not explained', () => {
  expect(why('3 tests failed\nE: something else', TRIXIE)).toEqual([]);
});
