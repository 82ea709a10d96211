import { describe, expect, test } from 'bun:test';
import type { ProgramFacts } from '../../lang/executable/index.ts';
import type { Entry, ImageConfig } from '../../oci/image/index.ts';
import { closureOf, commandFiles, needsOf, seenTree } from './index.ts';

const CONFIG: ImageConfig = {
  ...{ os: 'linux', architecture: 'amd64', rootfs: { type: 'layers', diff_ids: [] } },
  config: { Env: ['PATH=/usr/bin:/app/bin'], WorkingDir: '/app' },
};
const withCommand = (Cmd: string[]): ImageConfig => ({ ...CONFIG, config: { ...CONFIG.config, Cmd } });

/** A path alone is a file, one with a target a link, one that begins with `-` was deleted. */
function tree(...layers: readonly (readonly string[])[]) {
  return seenTree(
    layers.map((lines) => ({
      entries: lines.map((line): Entry => {
        const [path = '', link] = line.split(' -> ');
        const base = { mode: 0o755, uid: 0, gid: 0, size: 1, mtime: 0 };
        if (path.startsWith('-')) return { ...base, path: path.slice(1), type: 'whiteout' };
        if (path.endsWith('/')) return { ...base, path: path.slice(0, -1), type: 'dir' };
        return link === undefined
          ? { ...base, path, type: 'file' }
          : { ...base, path, type: 'symlink', link };
      }),
    })),
  );
}

const FILES = ['usr/', 'usr/bin/', 'usr/lib/', 'lib64 -> usr/lib', 'bin -> usr/bin', 'usr/bin/sh -> dash'];

describe('where it lies', () => {
  const seen = tree(
    [...FILES, 'usr/bin/dash', 'usr/lib/ld.so.2 -> ld-2.so', 'usr/lib/ld-2.so', 'usr/lib/libc.so.6'],
    ['app/', 'app/bin/', 'app/bin/x', 'app/lib/', 'app/lib/libown.so', 'app/run'],
  );
  const facts: ProgramFacts = {
    ...{ kind: 'elf', interpreter: '/lib64/ld.so.2' },
    ...{ libraries: ['libc.so.6', 'libown.so'], runpath: ['$ORIGIN/../lib', '/opt/lib'] },
  };
  test('through links, by the run path, and in the usual directories', () => {
    const found = needsOf(seen, { path: 'app/bin/x', facts, config: CONFIG });
    expect(found.map((need) => need.found)).toEqual([
      ['lib64', 'usr/lib/ld.so.2', 'usr/lib/ld-2.so'],
      ['usr/lib/libc.so.6'],
      ['app/lib/libown.so'],
    ]);
  });
  test('to the end', () => {
    const script: ProgramFacts = { kind: 'script', interpreter: '/bin/sh', libraries: [], runpath: [] };
    const programs = new Map([
      ['app/bin/x', facts],
      ['app/run', script],
    ]);
    const all = (path: string) => [...closureOf([path], { tree: seen, programs, config: CONFIG })].sort();
    expect(all('app/run')).toEqual(['app/run', 'bin', 'usr/bin', 'usr/bin/dash', 'usr/bin/sh']);
    expect(all('app/bin/x')).toContain('usr/lib/ld-2.so');
  });
  test('what a container starts', () => {
    const started = (...words: string[]) => commandFiles(seen, withCommand(words))?.at(-1);
    expect(started('x', '--all')).toBe('app/bin/x');
    expect(started('/bin/sh', '-c', 'exec x --all')).toBe('app/bin/x');
    expect(started('./run')).toBe('app/run');
    expect(started('/bin/sh', '-c', 'x && y')).toBeUndefined();
    expect(started('nothing')).toBeUndefined();
    expect(started()).toBeUndefined();
  });
});

test('what layers delete is gone, and what leads in circles leads nowhere', () => {
  const seen = tree(
    ['a/', 'a/b', 'a/c/', 'a/c/d', 'e'],
    ['-a', 'a/', 'a/new', 'x -> y', 'y -> x'],
    ['e/', 'e/f'],
  );
  expect([...seen.entries.keys()].sort()).toEqual(['a', 'a/new', 'e', 'e/f', 'x', 'y']);
  expect(seen.layers.get('a/new')).toBe(1);
  expect(seen.layers.has('a/b')).toBe(false);
  expect(seen.follow('/x/z')).toBeUndefined();
  expect(seen.follow('../a/./../a/new')).toEqual(['a/new']);
});
