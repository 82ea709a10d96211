import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ElfKind, elfArchitecture, executesHere, readElfKind } from './elf.ts';

let place = '';
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'mille-elf-'));
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

const start = (size: number, order: number, machine: readonly [number, number]) =>
  new Uint8Array([0x7f, 0x45, 0x4c, 0x46, size, order, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, ...machine]);

describe('the start of a file', () => {
  test('of each size and byte order', () => {
    expect(readElfKind(start(2, 1, [183, 0]))).toEqual({ bits: 64, byteOrder: 'little', machine: 183 });
    expect(readElfKind(start(2, 2, [0, 22]))).toEqual({ bits: 64, byteOrder: 'big', machine: 22 });
    expect(readElfKind(start(1, 1, [40, 0]))).toEqual({ bits: 32, byteOrder: 'little', machine: 40 });
  });

  test('of what is no program', () => {
    expect(readElfKind(new TextEncoder().encode('#!/bin/sh\necho this is a script\n'))).toBeUndefined();
    expect(readElfKind(start(2, 1, [183, 0]).subarray(0, 19))).toBeUndefined();
    expect(readElfKind(start(3, 1, [183, 0]))).toBeUndefined();
    expect(readElfKind(new Uint8Array())).toBeUndefined();
  });

  test('in a larger buffer', () => {
    const buffer = new Uint8Array(64);
    buffer.set(start(2, 1, [62, 0]), 7);
    expect(readElfKind(buffer.subarray(7))).toMatchObject({ machine: 62 });
  });
});

describe('what the kernel executes', () => {
  const own = (): ElfKind => readElfKind(readFileSync(process.execPath).subarray(0, 64))!;

  test('programs for this processor', async () => {
    expect(elfArchitecture(own())).toBe(process.arch === 'x64' ? 'amd64' : process.arch);
    expect(await executesHere(own(), place)).toBe(true);
  });

  test.skipIf(!existsSync('/proc/sys/abi/vsyscall32'))(
    'programs of the smaller processor in it',
    async () => {
      expect(await executesHere({ bits: 32, byteOrder: 'little', machine: 3 }, place)).toBe(true);
    },
  );

  test('none for a processor that nobody has made', async () => {
    const kind: ElfKind = { bits: 64, byteOrder: 'little', machine: 0xfeed };
    expect(elfArchitecture(kind)).toBe('machine 65261');
    expect(await executesHere(kind, place)).toBe(false);
    expect(await executesHere({ bits: 32, byteOrder: 'big', machine: 0xfeee }, place)).toBe(false);
  });

  test('what cannot be known counts as possible', async () => {
    const kind: ElfKind = { bits: 64, byteOrder: 'little', machine: 0xfeed };
    await expect(executesHere(kind, join(place, 'absent'))).rejects.toThrow('no such file');
  });
});
