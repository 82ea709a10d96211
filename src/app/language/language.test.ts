import { afterAll, beforeAll, describe, expect, test } from 'bun:test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { formatPlace, MilleError } from '../../core/index.ts';
import { expand } from './expand.ts';
import { parse } from './parse.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'mille-language-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function file(content: string | Uint8Array): string {
  const path = join(folder, 'input');
  writeFileSync(path, content);
  return path;
}

async function failure(action: Promise<unknown>): Promise<MilleError> {
  const error = await action.catch((thrown: unknown) => thrown);
  if (error instanceof MilleError) return error;
  throw new Error(`no MilleError: ${String(error)}`);
}

describe('parse', () => {
  test('instructions, flags, here-documents, lines', async () => {
    const text =
      '# syntax=x\nFROM a AS b\n\nRUN --mount=type=ssh <<E\n$x\nE\nCMD ["a",\\\n "b"]\nLABEL a=b c="d e"\n';
    expect(await parse(file(text))).toEqual([
      { instruction: 'from', flags: [], args: ['a', 'AS', 'b'], heredocs: [], line: 2, endLine: 2 },
      {
        instruction: 'run',
        flags: ['--mount=type=ssh'],
        args: ['<<E'],
        heredocs: [{ name: 'E', fileDescriptor: 0, expand: true, chomp: false, content: '$x\n' }],
        line: 4,
        endLine: 6,
      },
      { instruction: 'cmd', flags: [], args: ['a', 'b'], json: true, heredocs: [], line: 7, endLine: 8 },
      { instruction: 'label', flags: [], args: ['a', 'b', 'c', '"d e"'], heredocs: [], line: 9, endLine: 9 },
    ]);
  });

  test('a trigger, and what is no instruction', async () => {
    const [onbuild, unknown] = await parse(file('onbuild Cmd --x ["a"]\nfoo --y bar'));
    expect(onbuild).toMatchObject({
      instruction: 'onbuild',
      args: ['Cmd', 'a'],
      trigger: { instruction: 'cmd', flags: ['--x'], args: ['a'], json: true },
    });
    expect(unknown).toMatchObject({ instruction: 'foo', flags: ['--y'], args: [''] });
  });

  test('bytes that are no UTF-8, and NUL', async () => {
    const bytes = new Uint8Array([...Buffer.from('RUN a'), 0xff, 0xe2, 0x82, 0, 0x62]);
    expect((await parse(file(bytes)))[0]?.args).toEqual(['a\ufffd\ufffd\ufffd\0b']);
  });

  test.each<[string, string, string]>([
    ['FROM a\nENV b', 'dockerfile-syntax', ':2:5'],
    ['FROM a\nRUN <<E\n', 'dockerfile-syntax', ':2:5'],
    ['# escape=x\nFROM a', 'dockerfile-syntax', ':1:10'],
    ['# nothing\n', 'dockerfile-empty', ''],
  ])('%j is an error', async (text, code, place) => {
    const error = await failure(parse(file(text)));
    expect<string>(error.code).toBe(code);
    expect(error.span ? formatPlace(error.span) : '').toEndWith(place);
    expect(error.hint).toBeTruthy();
  });

  test('what only the meaning of an instruction makes wrong is none', async () => {
    const text = 'RUN --no-such-flag\nFROM\nCOPY a\nHEALTHCHECK --interval=x FOO\nONBUILD ONBUILD FROM\n';
    expect(await parse(file(text))).toHaveLength(5);
  });

  test('files that cannot be read', async () => {
    expect((await failure(parse(join(folder, 'no')))).message).toContain('no such file');
    expect((await failure(parse(folder))).message).toContain('is a directory');
    const large = await failure(parse(file('#'.repeat(5 << 20))));
    expect(large.message).toContain('is larger than');
  });
});

describe('expand', () => {
  test('texts, words, errors', async () => {
    const requests = [
      { word: '${A:-x} "$B"', env: { B: 'b  c' } },
      { word: '$B "$B"', env: { B: 'b  c' }, words: true },
      { word: 'a`$B', escape: '`' },
      { word: '${A:?gone}', env: {} },
      { word: '$__proto__$constructor' },
      { word: '\ud800$A', env: { A: '\udc00' } },
    ];
    expect((await expand(file(JSON.stringify(requests)))).map(({ result }) => result)).toEqual([
      'x b  c',
      ['b', 'c', 'b  c'],
      'a$B',
      null,
      '',
      '\ufffd\ufffd',
    ]);
  });

  test.each<[string, string]>([
    ['', ':1:1'],
    ['{}', ':1:1'],
    ['[1]', ':1:2'],
    ['[{}]', ':1:2'],
    ['[{"word": 1}]', ':1:11'],
    ['[\n  {"word": "a", "ev": {}}]', ':2:17'],
    ['[{"word": "a", "env": []}]', ':1:23'],
    ['[{"word": "a", "env": {"A": null}}]', ':1:29'],
    ['[{"word": "a", "words": "no"}]', ':1:25'],
    ['[{"word": "a", "escape": "/"}]', ':1:26'],
    ['[{"word": "a"}', ':1:15'],
    ['[{"word": "a"},]', ':1:16'],
    ["[{'word': 1}]", ':1:3'],
    ['[{"word" "a"}]', ':1:10'],
    ['[{"word": "a\n"}]', ':1:13'],
    ['[{"word": "\\q"}]', ':1:12'],
    ['[] x', ':1:4'],
    [`${'['.repeat(200)}`, ':1:101'],
  ])('%j: where it is wrong', async (text, place) => {
    const error = await failure(expand(file(text)));
    expect<string>(error.code).toBe('file-format');
    expect(error.span && formatPlace(error.span)).toEndWith(place);
    expect(error.hint).toBeTruthy();
  });
});
