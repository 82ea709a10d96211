import { describe, expect, test } from 'bun:test';
import type { HistoryRow, ImageRow } from '../../app/index.ts';
import { digestOfHex, MilleError, type SourceText } from '../../core/index.ts';
import { errorJson, errorStatus, renderError } from './error.ts';
import { renderHistory } from './history.ts';
import { renderImages, renderLoaded, renderRemoved } from './images.ts';
import { renderInspect } from './inspect.ts';

const imageId = digestOfHex('0ca2cfa16c38'.padEnd(64, 'a'));
const manifest = digestOfHex('f'.repeat(64));
const created = '2026-01-01T00:00:00Z';
const now = Date.parse('2026-01-01T00:03:00Z');
const common = { format: 'table', quiet: false, full: false, now } as const;

describe('images', () => {
  const base: ImageRow = {
    imageId,
    manifest,
    created,
    bytes: 12_345_678,
    layers: 3,
    platform: 'linux/amd64',
  };
  const rows: ImageRow[] = [{ ...base, repository: 'app', tag: 'latest' }, base];
  test('table', () => {
    expect(renderImages(rows, { ...common, digests: false })).toBe(
      [
        'REPOSITORY   TAG      IMAGE ID       CREATED         SIZE',
        'app          latest   0ca2cfa16c38   3 minutes ago   12.3MB',
        '<none>       <none>   0ca2cfa16c38   3 minutes ago   12.3MB',
        '',
      ].join('\n'),
    );
  });
  test('digests, whole ids, ids only', () => {
    const text = renderImages(rows, { ...common, digests: true, full: true });
    expect(text).toContain(manifest);
    expect(text).toContain(imageId);
    expect(renderImages(rows, { ...common, digests: false, quiet: true })).toBe(
      '0ca2cfa16c38\n0ca2cfa16c38\n',
    );
  });
  test('json: one object a line, in Docker’s names', () => {
    const lines = renderImages(rows, { ...common, digests: false, format: 'json' })
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[0]!)).toMatchObject({
      ID: '0ca2cfa16c38',
      Repository: 'app',
      Tag: 'latest',
      Size: '12.3MB',
      Bytes: 12_345_678,
      CreatedSince: '3 minutes ago',
    });
  });
  test('no images: heads only', () => {
    expect(renderImages([], { ...common, digests: false })).toBe(
      'REPOSITORY   TAG   IMAGE ID   CREATED   SIZE\n',
    );
  });
  test('rmi and load speak as Docker does', () => {
    expect(
      renderRemoved([
        { type: 'untagged', name: 'app:latest' },
        { type: 'deleted', imageId },
      ]),
    ).toBe(`Untagged: app:latest\nDeleted: ${imageId}\n`);
    expect(
      renderLoaded([
        { imageId, names: ['a:1', 'a:2'] },
        { imageId, names: [] },
      ]),
    ).toBe(`Loaded image: a:1\nLoaded image: a:2\nLoaded image ID: ${imageId}\n`);
  });
});

describe('history', () => {
  const rows: HistoryRow[] = [
    {
      imageId,
      created,
      createdBy: 'CMD ["python" "app.py"]',
      comment: 'millefeuille',
      bytes: 0,
      emptyLayer: true,
    },
    {
      created,
      createdBy: `RUN /bin/sh -c ${'x'.repeat(80)}`,
      comment: '',
      bytes: 2048,
      emptyLayer: false,
      diffId: manifest,
    },
  ];
  test('table', () => {
    expect(renderHistory(rows, { ...common, human: true })).toBe(
      [
        'IMAGE          CREATED         CREATED BY                                      SIZE     COMMENT',
        '0ca2cfa16c38   3 minutes ago   CMD ["python" "app.py"]                         0B       millefeuille',
        '<missing>      3 minutes ago   RUN /bin/sh -c xxxxxxxxxxxxxxxxxxxxxxxxxxxxx…   2.05kB',
        '',
      ].join('\n'),
    );
  });
  test('--no-trunc and --human=false', () => {
    const text = renderHistory(rows, { ...common, full: true, human: false });
    expect(text).toContain('x'.repeat(80));
    expect(text).toContain('2048');
    expect(text).toContain(created);
  });
  test('json', () => {
    const lines = renderHistory(rows, { ...common, format: 'json', human: true })
      .trimEnd()
      .split('\n');
    expect(JSON.parse(lines[1]!)).toMatchObject({ ID: '<missing>', Size: '2.05kB', DiffID: manifest });
  });
});

describe('inspect', () => {
  const document = {
    Id: imageId,
    RepoTags: ['app:latest'],
    Os: 'linux',
    Architecture: 'amd64',
    Size: 4,
    Config: {
      Cmd: ['sh', '-c', 'x'],
      Env: ['A=1', 'B=2'],
      Labels: { k: 'v' },
      ExposedPorts: { '80/tcp': {} },
    },
    RootFS: { Type: 'layers', Layers: ['sha256:1'] },
  };
  test('json, indented as Docker does and on one line', () => {
    expect(renderInspect([document], 'indented')).toStartWith('[\n    {\n        "Id": ');
    expect(JSON.parse(renderInspect([document], 'json'))).toEqual([document]);
    expect(renderInspect([document], 'json').trimEnd()).not.toContain('\n');
  });
  test('facts', () => {
    const text = renderInspect([document], 'table');
    expect(text).toContain('Cmd:          ["sh","-c","x"]\n');
    expect(text).toContain('Env:          A=1\n              B=2\n');
    expect(text).toContain('Platform:     linux/amd64\n');
  });
});

describe('errors', () => {
  const source: SourceText = {
    name: 'Dockerfile',
    text: 'FROM scratch\nCOPY a /a\n\nRUN\techo 日本 wrong\nRUN a \\\n  b \\\n  c\n',
  };
  const at = (part: string, length = part.length) => {
    const start = source.text.indexOf(part);
    return { source, start, end: start + length };
  };
  const plain = { color: false };
  test('everything an error may have', () => {
    const error = new MilleError('step-failed', 'the command failed: exit status 1', {
      span: at('wrong'),
      output: ['first', '\x1b[31mlast\x1b[0m'],
      hint: 'fix it',
    });
    expect(renderError(error, plain)).toBe(
      [
        'error: the command failed: exit status 1',
        'Dockerfile:4:13',
        '  2 | COPY a /a',
        '  3 |',
        '> 4 | RUN    echo 日本 wrong',
        '    |                  ^^^^^',
        'last lines of its output:',
        '  | first',
        '  | last',
        'hint: fix it',
        '',
      ].join('\n'),
    );
    expect(errorStatus(error)).toBe(1);
  });
  test('several lines are marked', () => {
    const text = renderError(new MilleError('usage', 'x', { span: at('RUN a', 16) }), plain);
    expect(text).toContain('> 5 | RUN a \\\n> 6 |   b \\\n> 7 |   c\n');
    expect(text).not.toContain('^');
  });
  test('a long span leaves its end out; a span at the end of the file is in order', () => {
    const long: SourceText = { name: 'x', text: 'a\n'.repeat(30) };
    const text = renderError(
      new MilleError('usage', 'x', { span: { source: long, start: 0, end: 60 } }),
      plain,
    );
    expect(text).toContain('… 24 more lines');
    const end = { source, start: source.text.length, end: source.text.length };
    expect(renderError(new MilleError('usage', 'x', { span: end }), plain)).toContain('Dockerfile:8:1');
  });
  test('a very long line is cut to the terminal', () => {
    const long: SourceText = { name: 'x', text: `RUN ${'y'.repeat(500)} z` };
    const error = new MilleError('usage', 'x', { span: { source: long, start: 0, end: 506 } });
    for (const line of renderError(error, { color: false, columns: 60 }).split('\n')) {
      expect(line.length).toBeLessThanOrEqual(60);
    }
  });
  test('a message cannot control the terminal', () => {
    expect(renderError(new MilleError('usage', 'a\x1b[2Jb\x07'), plain)).toBe('error: ab\n');
  });
  test('what is no MilleError is a bug of ours', () => {
    const text = renderError(new TypeError('oops'), plain);
    expect(text).toStartWith('internal error: TypeError: oops\n    at ');
    expect(errorStatus(new TypeError('oops'))).toBe(70);
    expect(renderError('thrown text', plain)).toStartWith('internal error: thrown text\n');
  });
  test('json', () => {
    const error = new MilleError('source-missing', 'no a', { span: at('COPY'), hint: 'h' });
    expect(JSON.parse(errorJson(error))).toEqual({
      type: 'error',
      code: 'source-missing',
      message: 'no a',
      hint: 'h',
      place: { file: 'Dockerfile', line: 2, column: 1 },
    });
    expect(JSON.parse(errorJson(new Error('x'))).code).toBe('internal');
  });
});
