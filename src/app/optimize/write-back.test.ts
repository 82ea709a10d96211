import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChangedText } from './types.ts';
import { writeBack } from './write-back.ts';

let place = '';
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'mille-write-'));
});
afterAll(() => rmSync(place, { recursive: true, force: true }));

let count = 0;
function file(content: string | Buffer): string {
  const path = join(place, `Dockerfile${++count}`);
  writeFileSync(path, content);
  return path;
}

const text = (path: string, before: string | undefined, after: string): ChangedText => ({
  ...{ name: 'Dockerfile', path, after, hunks: [], hides: false, written: false },
  ...(before === undefined ? {} : { before }),
});

describe('what is written over a file', () => {
  test('keeps its mode, the sign of its encoding, and its ends of lines', () => {
    const before = '\uFEFFFROM a\r\nRUN b\r\n';
    const path = file(before);
    chmodSync(path, 0o640);
    const [written] = writeBack([text(path, before, '\uFEFFFROM a\r\nRUN c\r\n')]);
    expect(written).toMatchObject({ written: true });
    expect(readFileSync(path)).toEqual(Buffer.from('\uFEFFFROM a\r\nRUN c\r\n'));
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  test('goes where a link leads', () => {
    const path = file('FROM a\n');
    const link = join(place, 'link');
    symlinkSync(path, link);
    writeBack([text(link, 'FROM a\n', 'FROM b\n')]);
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(path, 'utf8')).toBe('FROM b\n');
  });

  test('makes a file that there was not', () => {
    const path = join(place, '.dockerignore');
    writeBack([text(path, undefined, 'x\n')]);
    expect(readFileSync(path, 'utf8')).toBe('x\n');
    expect(statSync(path).mode & 0o777).toBe(0o644);
  });

  test('is not, where one of several was changed, made or removed meanwhile', () => {
    const [good, edited] = [file('FROM a\n'), file('FROM a\n# mine\n')];
    for (const other of [
      text(edited, 'FROM a\n', 'FROM b\n'),
      text(edited, undefined, 'FROM b\n'),
      text(join(place, 'none'), 'FROM a\n', 'FROM b\n'),
    ]) {
      expect(() => writeBack([text(good, 'FROM a\n', 'FROM c\n'), other])).toThrow(
        expect.objectContaining({ code: 'file-changed' }),
      );
      expect(readFileSync(good, 'utf8')).toBe('FROM a\n');
    }
    expect(readFileSync(edited, 'utf8')).toBe('FROM a\n# mine\n');
  });

  test('is not, where bytes of it would be lost', () => {
    const bytes = Buffer.concat([Buffer.from('FROM a\n# caf'), Buffer.from([0xe9, 0x0a])]);
    const path = file(bytes);
    expect(() => writeBack([text(path, bytes.toString('utf8'), 'FROM b\n')])).toThrow('no UTF-8');
    expect(readFileSync(path)).toEqual(bytes);
  });
});
