import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseIgnore } from '../../lang/ignore/index.ts';
import { readContextFacts } from './context-facts.ts';

let root: string;

beforeAll(() => {
  root = mkdtempSync(join(tmpdir(), 'mille-context-facts-'));
  for (const path of ['a.js', 'lib/b.js', 'node_modules/x/i.js', 'log/keep', 'log/drop', 'empty/.x']) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), 'abc');
  }
  symlinkSync('/etc', join(root, 'away'));
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

function facts(ignore?: string) {
  const rules = ignore === undefined ? undefined : parseIgnore({ name: '.dockerignore', text: ignore });
  return readContextFacts({ directory: root, rules, ignoreFile: 'x/.dockerignore' })!;
}

describe('a context is looked at', () => {
  test('as a whole; links are not followed', () => {
    const { files, directories, hidden, more, ignoreFile } = facts();
    expect(files.map(({ path }) => path).sort()).toEqual([
      ...['a.js', 'away', 'empty/.x', 'lib/b.js', 'log/drop', 'log/keep', 'node_modules/x/i.js'],
    ]);
    expect(files.find(({ path }) => path === 'a.js')).toEqual({ path: 'a.js', bytes: 3 });
    expect([...directories].sort()).toEqual(['empty', 'lib', 'log', 'node_modules', 'node_modules/x']);
    expect({ hidden, more, ignoreFile }).toEqual({
      ...{ hidden: [], more: false },
      ignoreFile: { path: 'x/.dockerignore', exists: false },
    });
  });

  test('through its ignore file, which may take back in', () => {
    const { files, hidden, ignoreFile } = facts('node_modules\nlog\n!log/keep\n**/.x\n');
    expect(files.map(({ path }) => path).sort()).toEqual(['a.js', 'away', 'lib/b.js', 'log/keep']);
    expect([...hidden].sort()).toEqual(['empty/.x', 'log', 'node_modules']);
    expect(ignoreFile.exists).toBe(true);
  });

  test('where there is one', () => {
    expect(readContextFacts({ directory: `${root}/none`, rules: undefined, ignoreFile: '' })).toBeUndefined();
  });
});
