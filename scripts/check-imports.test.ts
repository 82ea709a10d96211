import { describe, expect, test } from 'bun:test';
import { checkFile, findCycle, importsOf, type Rooms } from './check-imports.ts';

const rooms: Rooms = {
  core: { imports: [], pure: true },
  sys: { imports: ['core'] },
  'oci/image': { imports: ['core'], pure: true },
  'oci/store': { imports: ['core', 'sys', 'oci/image'] },
  app: { imports: ['*'] },
  'front/report': { imports: ['core'], types: ['*', 'app'] },
  'front/cli': { imports: ['core', 'app', 'front/report'], host: true },
  testkit: { imports: ['*'] },
};

const check = (path: string, text: string) => checkFile(path, text, rooms);

describe('imports of a file', () => {
  test('static, several lines, types, re-exports, side effects, dynamic', () => {
    const text = [
      "import { a } from './a.ts';",
      'import type {',
      '  B,',
      "} from '../b/index.ts';",
      "export * from './c.ts';",
      "import 'd';",
      "const e = await import('./e.ts');",
      "export const text = 'from nowhere';",
      "import f = require('../f/f.json');",
    ].join('\n');
    expect(importsOf(text)).toEqual([
      { from: './a.ts', line: 1, typeOnly: false },
      { from: '../b/index.ts', line: 2, typeOnly: true },
      { from: './c.ts', line: 5, typeOnly: false },
      { from: 'd', line: 6, typeOnly: false },
      { from: '../f/f.json', line: 9, typeOnly: false },
      { from: './e.ts', line: 7, typeOnly: false },
    ]);
  });
});

describe('walls', () => {
  test('a listed room through its door is fine', () => {
    expect(check('src/oci/store/a.ts', "import { x } from '../image/index.ts';")).toEqual([]);
    expect(check('src/app/a.ts', "import { x } from '../oci/store/index.ts';")).toEqual([]);
  });
  test('past the door', () => {
    expect(check('src/oci/store/a.ts', "import { x } from '../image/parse.ts';")).toEqual([
      "src/oci/store/a.ts:1: '../image/parse.ts' goes past the door of oci/image; import oci/image/index.ts",
    ]);
  });
  test('not listed, even for types', () => {
    const [problem] = check('src/oci/image/a.ts', "\nimport type { X } from '../store/index.ts';");
    expect(problem).toContain('src/oci/image/a.ts:2: oci/image → oci/store is not allowed');
  });
  test('types only where only types are listed', () => {
    expect(check('src/front/report/a.ts', "import type { X } from '../../app/index.ts';")).toEqual([]);
    expect(check('src/front/report/a.ts', "import { x } from '../../app/index.ts';")[0]).toContain(
      "write 'import type'",
    );
  });
  test("'*' leads below the fronts only", () => {
    expect(check('src/app/a.ts', "import { x } from '../front/cli/index.ts';")).toHaveLength(1);
  });
  test('Bun and Node belong to sys and to tests', () => {
    expect(check('src/oci/store/a.ts', "import fs from 'node:fs';")).toHaveLength(1);
    expect(check('src/oci/store/a.ts', 'const x = Bun.file(name);')).toHaveLength(1);
    expect(check('src/oci/store/a.ts', 'const x = process.env.HOME;')).toHaveLength(1);
    expect(check('src/front/cli/a.ts', 'const x = process.env.HOME;')).toEqual([]);
    expect(check('src/sys/a.ts', "import fs from 'node:fs';\nBun.gc();")).toEqual([]);
    expect(check('src/oci/store/a.test.ts', "import { test } from 'bun:test';\nBun.gc();")).toEqual([]);
    expect(check('src/oci/store/a.ts', '// Bun.file is not for us')).toEqual([]);
  });
  test('a file in no room, and one that is too long', () => {
    expect(check('src/stray/a.ts', '')).toEqual(['src/stray/a.ts: lies in no room of rooms.json']);
    expect(check('src/core/a.ts', 'x\n'.repeat(501))[0]).toContain('501 lines');
    expect(check('src/core/a.ts', 'x\n'.repeat(500))).toEqual([]);
  });
});

test('a cycle among rooms is shown as a path', () => {
  expect(findCycle(rooms)).toBeUndefined();
  const bad = { ...rooms, core: { imports: ['oci/image'] } };
  expect(findCycle(bad)?.join(' → ')).toBe('core → oci/image → core');
});
