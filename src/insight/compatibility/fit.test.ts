// Programs against bases: with binaries that gcc and musl-gcc make here, and wheels by their names.

import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readElfVersions, readProgram } from '../../lang/executable/index.ts';
import type { Entry, ImageConfig } from '../../oci/image/index.ts';
import { seenTree } from '../programs/index.ts';
import { type BroughtProgram, type Ground, misfitsOf } from './index.ts';
import { readWheelName, wheelFits } from './wheels.ts';

const tools = ['gcc', 'musl-gcc'].filter((name) => !Bun.which(name));
if (tools.length > 0) console.warn(`skipped: ${tools.join(', ')} not installed (Debian: gcc, musl-tools)`);

let place = '';
afterAll(() => rmSync(place, { recursive: true, force: true }));

function compile(command: readonly string[]): BroughtProgram {
  const path = join(place, `p${Math.random().toString(36).slice(2)}`);
  const { exitCode, stderr } = Bun.spawnSync([...command, '-o', path, join(place, 'a.c')]);
  if (exitCode !== 0) throw new Error(stderr.toString());
  return readBrought('app/tool', new Uint8Array(readFileSync(path)));
}

function readBrought(path: string, bytes: Uint8Array): BroughtProgram {
  return { path, facts: readProgram(bytes)!, versions: readElfVersions(bytes)! };
}

const HOST = process.arch === 'arm64' ? 'arm64' : 'amd64';

function ground(
  paths: readonly string[],
  libc: Ground['libc'],
  provides: Record<string, string[]> = {},
): Ground {
  const entries = paths.map((path): Entry => {
    return { path, type: 'file', mode: 0o755, uid: 0, gid: 0, size: 1, mtime: 0 };
  });
  const config: ImageConfig = { architecture: HOST, os: 'linux', rootfs: { type: 'layers', diff_ids: [] } };
  return {
    ...{ tree: seenTree([{ entries }]), config },
    ...(libc ? { libc } : {}),
    provides: new Map(Object.entries(provides).map(([name, all]) => [name, new Set(all)])),
  };
}

describe.skipIf(tools.length > 0)('binaries', () => {
  let glibc: BroughtProgram;
  let musl: BroughtProgram;
  let lone: BroughtProgram;
  beforeAll(() => {
    place = mkdtempSync(join(tmpdir(), 'mille-fit-'));
    writeFileSync(join(place, 'a.c'), 'int puts(const char*);int main(){puts("x");return 0;}');
    glibc = compile(['gcc', '-w']);
    musl = compile(['musl-gcc', '-w']);
    lone = compile(['musl-gcc', '-w', '-static']);
  });
  const kinds = (program: BroughtProgram, on: Ground) =>
    misfitsOf(program, on).map(({ kind, needs }) => [kind, needs]);
  const debian = (version: string, newest: number) =>
    ground(
      [...glibc.facts.libraries.map((name) => `lib/${name}`), glibc.facts.interpreter!.slice(1)],
      {
        name: 'glibc',
        version,
      },
      { 'libc.so.6': ['GLIBC_2.2.5', ...Array.from({ length: newest }, (_, i) => `GLIBC_2.${i + 1}`)] },
    );
  const alpine = () =>
    ground(['lib/ld-musl-x86_64.so.1', 'lib/ld-musl-aarch64.so.1', 'lib/libc.musl-x86_64.so.1'], {
      name: 'musl',
      version: '1.2.5',
    });

  test('one for glibc: where glibc is, and is new enough', () => {
    expect(kinds(glibc, debian('2.41', 60))).toEqual([]);
    const [misfit] = misfitsOf(glibc, debian('2.3', 3));
    expect(misfit?.kind).toBe('version');
    expect(misfit?.needs).toMatch(/^GLIBC_2\.\d+$/);
    expect(misfit?.text).toEndWith('of libc.so.6, which is older: glibc here is 2.3');
    expect(misfitsOf(glibc, alpine())).toEqual([
      {
        ...{ path: 'app/tool', kind: 'libc', needs: glibc.facts.interpreter! },
        text: 'was linked with glibc, and the image has musl',
      },
    ]);
  });
  test('one for musl: where musl is', () => {
    expect(kinds(musl, alpine())).toEqual([]);
    expect(kinds(musl, debian('2.41', 60))).toEqual([['libc', musl.facts.interpreter!]]);
  });
  test('one that needs nobody runs everywhere, but not on another processor', () => {
    expect(kinds(lone, alpine())).toEqual([]);
    expect(kinds(lone, ground([], undefined))).toEqual([]);
    const { config, ...rest } = ground([], undefined);
    expect(kinds(lone, { ...rest, config: { ...config, architecture: 's390x' } })).toEqual([
      ['architecture', HOST],
    ]);
  });
  test('a library that is not there, and no C library at all', () => {
    const { facts } = glibc;
    const needy = { ...glibc, facts: { ...facts, libraries: [...facts.libraries, 'libpq.so.5'] } };
    expect(kinds(needy, debian('2.41', 60))).toEqual([['library', 'libpq.so.5']]);
    expect(kinds(glibc, ground([], undefined))[0]).toEqual(['interpreter', glibc.facts.interpreter!]);
  });
});

describe('wheels', () => {
  const fits = (name: string, libc: 'glibc' | 'musl', version: string, python = '3.12') =>
    wheelFits(readWheelName(name)!, { libc: { name: libc, version }, architecture: 'amd64', python });
  const MANY = 'numpy-1.26.4-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl';
  test('manylinux wants a glibc that is new enough', () => {
    expect(fits(MANY, 'glibc', '2.36')).toBe(true);
    expect(fits('a-1-cp312-cp312-manylinux_2_39_x86_64.whl', 'glibc', '2.36')).toBe(false);
    expect(fits('a-1-cp312-cp312-manylinux_2_39_x86_64.whl', 'glibc', '2.41')).toBe(true);
    expect(fits('a-1-cp312-cp312-manylinux1_x86_64.whl', 'glibc', '2.5')).toBe(true);
    expect(fits(MANY, 'musl', '1.2.5')).toBe(false);
    expect(fits('a-1-cp312-cp312-manylinux_2_17_aarch64.whl', 'glibc', '2.36')).toBe(false);
  });
  test('musllinux wants musl', () => {
    expect(fits('a_b-1.0-cp312-cp312-musllinux_1_2_x86_64.whl', 'musl', '1.2.5')).toBe(true);
    expect(fits('a_b-1.0-cp312-cp312-musllinux_1_2_x86_64.whl', 'glibc', '2.41')).toBe(false);
  });
  test('any goes anywhere; Python must be the same, but for abi3 and pure ones', () => {
    expect(fits('flask-3.0.0-py3-none-any.whl', 'musl', '1.2.5')).toBe(true);
    expect(fits(MANY, 'glibc', '2.36', '3.13')).toBe(false);
    expect(fits('cryptography-44.0.0-cp37-abi3-manylinux_2_28_x86_64.whl', 'glibc', '2.36', '3.13')).toBe(
      true,
    );
    expect(fits('cryptography-44.0.0-cp314-abi3-manylinux_2_28_x86_64.whl', 'glibc', '2.36')).toBe(false);
    expect(readWheelName('Flask_Login-0.6.3-py3-none-any.whl')).toMatchObject({
      ...{ name: 'flask-login', version: '0.6.3' },
    });
    expect(readWheelName('flask.tar.gz')).toBeUndefined();
  });
});
