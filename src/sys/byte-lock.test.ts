import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CWD, closeFd, isByteLocked, lockByte, O, openAt, unlockByte } from './index.ts';

let place = '';
let one = 0;
let other = 0;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'mille-bytes-'));
  one = openAt(CWD, join(place, 'lock'), { flags: O.RDWR | O.CREAT });
  other = openAt(CWD, join(place, 'lock'), { flags: O.RDWR });
});
afterEach(() => {
  closeFd(one);
  closeFd(other);
  rmSync(place, { recursive: true });
});

const FAR = 0x7fff_ffff_ffff_fff0n;

test('a byte is shared by many or belongs to one', () => {
  const shared = { exclusive: false, wait: false };
  const alone = { exclusive: true, wait: false };
  for (const at of [0n, 1n << 33n, FAR]) {
    expect(isByteLocked(other, at)).toBe(false);
    expect(lockByte(one, at, shared)).toBe(true);
    expect(lockByte(other, at, shared)).toBe(true);
    expect(lockByte(other, at, alone)).toBe(false);
    expect(isByteLocked(other, at)).toBe(true);
    expect(isByteLocked(other, at + 1n)).toBe(false);
    unlockByte(one, at);
    expect(isByteLocked(other, at)).toBe(false);
    expect(lockByte(other, at, alone)).toBe(true);
    expect(lockByte(one, at, shared)).toBe(false);
    expect(lockByte(one, at + 1n, shared)).toBe(true);
  }
});

test('a lock goes with its descriptor, and the one who waits gets it', async () => {
  expect(lockByte(one, 7n, { exclusive: true, wait: false })).toBe(true);
  const file = JSON.stringify(join(place, 'lock'));
  const sys = JSON.stringify(join(import.meta.dir, 'index.ts'));
  const program = `
    const { CWD, O, lockByte, openAt } = await import(${sys});
    const fd = openAt(CWD, ${file}, { flags: O.RDWR });
    console.log(lockByte(fd, 7n, { exclusive: false, wait: false }));
    lockByte(fd, 7n, { exclusive: false, wait: true });
    console.log('mine');
    await new Promise(() => setInterval(() => {}, 1000));`;
  const child = Bun.spawn([process.execPath, '-e', program], { stdout: 'pipe' });
  const reader = child.stdout.getReader();
  const read = async () => new TextDecoder().decode((await reader.read()).value);
  expect(await read()).toBe('false\n');
  unlockByte(one, 7n);
  expect(await read()).toBe('mine\n');
  expect(isByteLocked(other, 7n)).toBe(true);
  child.kill('SIGKILL');
  await child.exited;
  expect(isByteLocked(other, 7n)).toBe(false);
});
