import { afterAll, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openBeside, writeAll } from './index.ts';

const root = mkdtempSync(join(tmpdir(), 'mille-beside-'));
afterAll(() => rmSync(root, { recursive: true }));

test('is not seen before it is whole, and several at once do not meet', () => {
  const place = join(root, 'file');
  writeFileSync(place, 'old');
  const [one, two, three] = [openBeside(place), openBeside(place), openBeside(place)];
  expect(new Set([one.path, two.path, three.path]).size).toBe(3);
  for (const [file, text] of [
    [one, 'one'],
    [two, 'two'],
  ] as const)
    writeAll(file.fd, Buffer.from(text));
  expect(readFileSync(place, 'utf8')).toBe('old');
  two.finish();
  one.finish();
  three.abandon();
  expect(readFileSync(place, 'utf8')).toBe('one');
  expect(readdirSync(root)).toEqual(['file']);
});

test('what cannot take its place is gone', () => {
  const place = join(root, 'taken');
  const taken = openBeside(place);
  mkdirSync(place);
  expect(() => taken.finish()).toThrow();
  expect(readdirSync(root).sort()).toEqual(['file', 'taken']);
});
