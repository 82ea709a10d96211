import { afterEach, beforeEach, expect, test } from 'bun:test';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CWD, closeFd, O, openAt, writeAside } from './index.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'mille-aside-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

test('what is written one after the other stands one after the other', async () => {
  const path = join(root, 'file');
  const fd = openAt(CWD, path, { flags: O.WRONLY | O.CREAT });
  for (let i = 0; i < 20; i++) await writeAside(fd, new Uint8Array(100_000 + i).fill(i));
  await writeAside(fd, new Uint8Array(0));
  closeFd(fd);
  const bytes = readFileSync(path);
  let at = 0;
  for (let i = 0; i < 20; i++) {
    expect(bytes.subarray(at, at + 100_000 + i).every((byte) => byte === i)).toBe(true);
    at += 100_000 + i;
  }
  expect(bytes.length).toBe(at);
});

test('a full disk and a descriptor that cannot be written to are the errors of writeAll', async () => {
  const full = openAt(CWD, '/dev/full', { flags: O.WRONLY });
  await expect(writeAside(full, new Uint8Array(10))).rejects.toMatchObject({
    code: 'disk-full',
    errno: 'ENOSPC',
  });
  closeFd(full);
  const reading = openAt(CWD, '/dev/null', { flags: O.RDONLY });
  await expect(writeAside(reading, new Uint8Array(10))).rejects.toMatchObject({ code: 'io', errno: 'EBADF' });
  closeFd(reading);
});
