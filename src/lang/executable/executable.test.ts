import { describe, expect, test } from 'bun:test';
import { interpreterIn, readProgram } from './index.ts';

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
    expect(read('#!/bin/sh')).toMatchObject({ interpreter: '/bin/sh' });
    expect(read(`#!/bin/${'x'.repeat(600)}`)).toBeUndefined();
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

test('the kernel opens the interpreter of a script and the linker of a program', () => {
  expect(interpreterIn(bytes('#! /usr/bin/env node\nx'))).toBe('/usr/bin/env');
  expect(interpreterIn(bytes('#!relative\n'))).toBeUndefined();
  expect(interpreterIn(bytes('#!/bin/sh'))).toBe('/bin/sh');
  expect(interpreterIn(bytes('plain'))).toBeUndefined();
  const elf = new Uint8Array(160);
  const view = new DataView(elf.buffer);
  elf.set([0x7f, 0x45, 0x4c, 0x46, 2, 1]);
  view.setBigUint64(32, 64n, true);
  view.setUint16(54, 56, true);
  view.setUint16(56, 1, true);
  view.setUint32(64, 3, true);
  view.setBigUint64(72, 130n, true);
  view.setBigUint64(96, 8n, true);
  elf.set(bytes('/lib/ld\0'), 130);
  expect(interpreterIn(elf)).toBe('/lib/ld');
  expect(interpreterIn(elf.subarray(0, 132))).toBeUndefined();
});
