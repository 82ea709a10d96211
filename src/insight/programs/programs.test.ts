import { describe, expect, test } from 'bun:test';
import type { Entry, ImageConfig } from '../../oci/image/index.ts';
import { closureOf, commandFiles, needsOf, type ProgramFacts, readProgram, seenTree } from './index.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

/** A file of one segment that is loaded, with a dynamic section. */
function elf(interpreter: string, tags: readonly (readonly [number, string])[]): Uint8Array {
  const [segments, dynamicAt, stringsAt, base] = [64, 256, 1024, 0x400000];
  const file = new Uint8Array(2048);
  const view = new DataView(file.buffer);
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  view.setBigUint64(32, BigInt(segments), true);
  view.setUint16(54, 56, true);
  view.setUint16(56, 3, true);
  let strings = `\0${interpreter}\0`;
  const values = tags.map(([tag, text]): [number, number] => {
    strings += `${text}\0`;
    return [tag, strings.length - text.length - 1];
  });
  file.set(bytes(strings), stringsAt);
  const segment = (i: number, [type, offset, size]: readonly [number, number, number]) => {
    const at = segments + i * 56;
    view.setUint32(at, type, true);
    view.setBigUint64(at + 8, BigInt(offset), true);
    view.setBigUint64(at + 16, BigInt(base + offset), true);
    view.setBigUint64(at + 32, BigInt(size), true);
  };
  const dynamic = [...values, [5, base + stringsAt] as const, [0, 0] as const];
  segment(0, [1, 0, file.length]);
  segment(1, [3, stringsAt + 1, interpreter.length + 1]);
  segment(2, [2, dynamicAt, dynamic.length * 16]);
  dynamic.forEach(([tag, value], i) => {
    view.setBigUint64(dynamicAt + i * 16, BigInt(tag), true);
    view.setBigUint64(dynamicAt + i * 16 + 8, BigInt(value), true);
  });
  return file;
}

const PROGRAM = elf('/lib64/ld.so.2', [
  [1, 'libc.so.6'],
  [1, 'libown.so'],
  [29, '$ORIGIN/../lib:/opt/lib'],
]);

describe('what a file names', () => {
  test('ELF: the dynamic linker, libraries, the run path', () => {
    expect(readProgram(PROGRAM)).toEqual({
      ...{ kind: 'elf', interpreter: '/lib64/ld.so.2' },
      ...{ libraries: ['libc.so.6', 'libown.so'], runpath: ['$ORIGIN/../lib', '/opt/lib'] },
    });
  });
  test('scripts', () => {
    const read = (text: string) => readProgram(bytes(text));
    expect(read('#!/bin/sh -e\nexit\n')).toMatchObject({ kind: 'script', interpreter: '/bin/sh' });
    expect(read('#! /usr/bin/env -S A=1 node --x\n')).toMatchObject({ command: 'node' });
    expect(read('#!/bin/sh')).toBeUndefined();
    expect(read('text')).toBeUndefined();
    expect(read('')).toBeUndefined();
  });
  test('what is broken names nothing, and harms nobody', () => {
    for (let length = 0; length < PROGRAM.length; length += 7) readProgram(PROGRAM.subarray(0, length));
    for (let at = 4; at < 1100; at++) {
      const broken = Uint8Array.from(PROGRAM);
      broken[at] = 0xff;
      readProgram(broken);
    }
  });
});

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
  const facts = readProgram(PROGRAM)!;
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
