// What is shown of a Dockerfile without building it: texts word for word, JSON by its structure.

import { describe, expect, test } from 'bun:test';
import type { CheckResult, OutlineResult, TargetsResult } from '../../app/index.ts';
import { type Diagnostic, MilleError } from '../../core/index.ts';
import { checkJson, outlineJson, renderCheck, renderOutline, renderTargets, targetsJson } from './index.ts';

const source = { name: 'Dockerfile', text: 'FROM scratch AS Up\nLABEL a=1 \\\n\n  b=2\nCMD x\x1b[31m\n' };

const diagnostics: readonly Diagnostic[] = [
  {
    rule: 'StageNameCasing',
    severity: 'warning',
    summary: 'names are in lower case',
    url: 'https://example.com/rule/',
    message: "the name 'Up' should be in lower case",
    span: { source, start: 16, end: 18 },
    lines: { first: 1, last: 1 },
    fix: { title: 'write up', edits: [{ start: 16, end: 18, text: 'up' }] },
  },
  {
    rule: 'Shell',
    severity: 'info',
    summary: 'no shell',
    message: 'a shell \x1b[2Jthat is cleaned',
    span: { source, start: 38, end: 43 },
    lines: { first: 2, last: 4 },
  },
];

const result = (fields: Partial<CheckResult>): CheckResult => ({
  source,
  diagnostics: [],
  missingImages: [],
  ...fields,
});

describe('check', () => {
  test('each finding in its place, in words that can be looked for', () => {
    expect(renderCheck(result({ diagnostics }), { color: false })).toBe(
      `Check complete, 2 warnings have been found!

WARNING: StageNameCasing - https://example.com/rule/
the name 'Up' should be in lower case
Dockerfile:1:17
> 1 | FROM scratch AS Up
    |                 ^^
fix: write up

INFO: Shell
a shell that is cleaned
Dockerfile:5:1
  3 |
  4 |   b=2
> 5 | CMD x
    | ^^^^^
`,
    );
  });

  test('one, none, and none before an error', () => {
    const text = (fields: Partial<CheckResult>) => renderCheck(result(fields), { color: false });
    expect(text({ diagnostics: diagnostics.slice(0, 1) })).toStartWith(
      'Check complete, 1 warning has been found!\n\nWARNING:',
    );
    expect(text({})).toBe('Check complete, no warnings found.\n');
    expect(text({ error: new MilleError('dockerfile-syntax', 'x') })).toBe('');
  });

  test('JSON in the structure of Docker', () => {
    const error = new MilleError('dockerfile-syntax', 'no', { span: { source, start: 19, end: 36 } });
    expect(JSON.parse(checkJson(result({ diagnostics, error })))).toEqual({
      warnings: [
        {
          ruleName: 'StageNameCasing',
          description: 'names are in lower case',
          url: 'https://example.com/rule/',
          detail: "the name 'Up' should be in lower case",
          location: { ranges: [{ start: { line: 1 }, end: { line: 1 } }] },
        },
        {
          ruleName: 'Shell',
          description: 'no shell',
          detail: 'a shell \x1b[2Jthat is cleaned',
          location: {
            ranges: [
              { start: { line: 2 }, end: { line: 2 } },
              { start: { line: 3 }, end: { line: 3 } },
              { start: { line: 4 }, end: { line: 4 } },
            ],
          },
        },
      ],
      sources: [
        {
          filename: 'Dockerfile',
          data: Buffer.from(source.text).toString('base64'),
          language: 'Dockerfile',
        },
      ],
      buildError: {
        message: 'no',
        location: {
          ranges: [
            { start: { line: 2 }, end: { line: 2 } },
            { start: { line: 3 }, end: { line: 3 } },
            { start: { line: 4 }, end: { line: 4 } },
          ],
        },
      },
    });
    expect(JSON.parse(checkJson(result({}))).warnings).toBeNull();
  });

  test('JSON of a long file in any language', () => {
    const text = `# ${'é漢🎂'.repeat(20_000)}\nFROM scratch\n`;
    const { sources } = JSON.parse(checkJson(result({ source: { name: 'D', text } })));
    expect(Buffer.from(sources[0].data, 'base64').toString()).toBe(text);
  });
});

describe('outline', () => {
  const lines = { first: 1, last: 1 };
  const outline = (fields: Partial<OutlineResult['outline']>): OutlineResult => ({
    source,
    outline: { args: [], secrets: [], ssh: [], ...fields },
  });
  const full = outline({
    name: 'main',
    description: 'is built',
    args: [
      { name: 'VERSION', description: 'of the\napp', value: '1', given: false, lines },
      { name: 'API_TOKEN', value: 'hunter2', given: true, lines },
      { name: 'OTHER_TOKEN', value: 'public', given: false, lines },
    ],
    secrets: [{ id: 'key', required: true, lines }],
    ssh: [{ id: 'default', required: false, lines }],
  });

  test('tables', () => {
    expect(renderOutline(full)).toBe(`TARGET:      main
DESCRIPTION: is built

BUILD ARG     VALUE    DESCRIPTION
VERSION       1        of the app
API_TOKEN     ****
OTHER_TOKEN   public

SECRET   REQUIRED
key      true

SSH       REQUIRED
default
`);
    expect(renderOutline(outline({}))).toBe('');
    expect(renderOutline(outline({ description: 'x' }))).toBe('TARGET:      (default)\nDESCRIPTION: x\n');
  });

  test('JSON leaves out what is not there, and does not repeat what was given for a secret', () => {
    const { sources: _, ...json } = JSON.parse(outlineJson(full));
    const location = { ranges: [{ start: { line: 1 }, end: { line: 1 } }] };
    expect(json).toEqual({
      name: 'main',
      description: 'is built',
      args: [
        { name: 'VERSION', description: 'of the\napp', value: '1', location },
        { name: 'API_TOKEN', value: '****', location },
        { name: 'OTHER_TOKEN', value: 'public', location },
      ],
      secrets: [{ name: 'key', required: true, location }],
      ssh: [{ name: 'default', location }],
    });
    expect(Object.keys(JSON.parse(outlineJson(outline({}))))).toEqual(['sources']);
  });
});

test('targets', () => {
  const targets: TargetsResult = {
    source,
    targets: [
      {
        name: 'a',
        isDefault: false,
        base: '$B',
        platform: '$P',
        description: 'first',
        lines: { first: 1, last: 2 },
      },
      { isDefault: true, base: 'a', lines: { first: 3, last: 3 } },
    ],
  };
  expect(renderTargets(targets)).toBe('TARGET      DESCRIPTION\na           first\n(default)\n');
  expect(JSON.parse(targetsJson(targets)).targets).toEqual([
    {
      name: 'a',
      description: 'first',
      base: '$B',
      platform: '$P',
      location: {
        ranges: [
          { start: { line: 1 }, end: { line: 1 } },
          { start: { line: 2 }, end: { line: 2 } },
        ],
      },
    },
    { default: true, base: 'a', location: { ranges: [{ start: { line: 3 }, end: { line: 3 } }] } },
  ]);
});
