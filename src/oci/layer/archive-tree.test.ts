import { afterAll, beforeAll, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { file, layerBytes } from '../../testkit/layers.ts';
import { isTarArchive } from './index.ts';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'archive-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('archives are known by their content', async () => {
  const { tar } = await layerBytes([file('f', 'x')]);
  const is = (name: string, bytes: Uint8Array | string) => {
    writeFileSync(join(directory, name), bytes);
    return isTarArchive(join(directory, name));
  };
  expect(await is('a', tar)).toBe(true);
  expect(await is('b', Bun.gzipSync(Uint8Array.from(tar)))).toBe(true);
  expect(await is('c', Bun.zstdCompressSync(tar))).toBe(true);
  expect(await is('d', Bun.spawnSync(['xz', '-c'], { stdin: tar }).stdout)).toBe(true);
  expect(await is('e', Bun.spawnSync(['bzip2', '-c'], { stdin: tar }).stdout)).toBe(true);
  expect(await is('f.tar', 'no archive')).toBe(false);
  expect(await is('g.tar', '')).toBe(false);
  expect(await is('h.tar.gz', Bun.gzipSync(Buffer.from('compressed, but no archive'.repeat(100))))).toBe(
    false,
  );
  expect(await is('i.tar', new Uint8Array(10_240))).toBe(false);
  expect(await is('j.gz', Bun.gzipSync(Uint8Array.from(tar)).subarray(0, 12))).toBe(false);
});
