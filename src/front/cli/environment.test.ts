import { describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MilleError, positionAt } from '../../core/index.ts';
import { parseEnvFile } from './env-file.ts';
import { buildArguments, containerEnvironment, labels } from './environment.ts';

const env = { HOME: '/root', EMPTY: '' };
const bytes = (text: string) => new TextEncoder().encode(text);

describe('variables', () => {
  test('build arguments: from the environment, empty, unset, repeated', () => {
    const given = ['A=1', 'HOME', 'EMPTY', 'UNSET', 'B=', 'C=x=y', 'A=2'];
    expect(buildArguments(given, env)).toEqual({ A: '2', HOME: '/root', EMPTY: '', B: '', C: 'x=y' });
  });
  test('labels', () => expect(labels(['a=b=c', 'd'])).toEqual({ a: 'b=c', d: '' }));
  test('no name', () => {
    expect(() => buildArguments(['=x'], env)).toThrow("--build-arg '=x' has no name");
    expect(() => labels([''])).toThrow('has no name');
  });
  test('run: files first, then flags; a name without a value stays', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mille-cli-'));
    try {
      const file = join(folder, 'env');
      writeFileSync(file, 'A=file\nHOME\nUNSET\n');
      expect(await containerEnvironment({ env: ['A=flag', 'HOME', 'UNSET'], files: [file] }, env)).toEqual([
        'A=file',
        'HOME=/root',
        'A=flag',
        'HOME=/root',
        'UNSET',
      ]);
      const missing = containerEnvironment({ env: [], files: [join(folder, 'no')] }, env);
      await expect(missing).rejects.toThrow('no such environment file');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('files of variables', () => {
  test.each([
    ['', []],
    ['# comment\n\n  # indented\nA=1\n', ['A=1']],
    ['\ufeffA=1', ['A=1']],
    ['A= spaces kept \r\nB=2', ['A= spaces kept ', 'B=2']],
    ['  A=1', ['A=1']],
    ['A="quoted"', ['A="quoted"']],
    ['A=1 # no comment', ['A=1 # no comment']],
    ['A==', ['A==']],
    ['HOME\nUNSET\nEMPTY', ['HOME=/root', 'EMPTY=']],
  ])('%j', (text, expected) => expect(parseEnvFile('f', bytes(text), env)).toEqual(expected));

  test.each([
    ['A=1\n=x', 'no variable name', 2, 1],
    ['A=1\n\n  A B=1', "'A B' contains white space", 3, 3],
    ['export A=1', "'export A' contains white space", 1, 1],
    ['A =1', "'A ' contains white space", 1, 1],
  ])('%j is refused with its place', (text, message, line, column) => {
    try {
      parseEnvFile('my.env', bytes(text), env);
      throw new Error('not refused');
    } catch (error) {
      expect(error).toBeInstanceOf(MilleError);
      const { message: said, span, code } = error as MilleError;
      expect(code).toBe('file-format');
      expect(said).toContain(message);
      expect(positionAt(span!.source, span!.start)).toEqual({ line, column });
    }
  });
  test('bytes that are no UTF-8', () => {
    expect(() => parseEnvFile('f', new Uint8Array([0x41, 0x3d, 0xff]), env)).toThrow('not valid UTF-8');
  });
});
