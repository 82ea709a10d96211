import { describe, expect, test } from 'bun:test';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { optimizeHtml, optimizeJson, optimizeMarkdown, renderOptimized } from '../index.ts';
import { measuredBytes, percentage } from './figures.ts';
import { SAMPLE } from './testdata/sample.ts';

/** Compares with a file of testdata; UPDATE_GOLDEN=1 writes it. */
function golden(name: string, text: string): void {
  const path = join(import.meta.dir, 'testdata', name);
  if (process.env.UPDATE_GOLDEN === '1') writeFileSync(path, text);
  expect(text).toBe(readFileSync(path, 'utf8'));
}

describe('for people', () => {
  test('everything there can be', () => golden('sample.txt', renderOptimized(SAMPLE, { color: false })));
  test('in colour it is the same text', () => {
    const plain = renderOptimized(SAMPLE, { color: true }).replace(/\x1b\[\d+m/g, '');
    expect(plain).toBe(renderOptimized(SAMPLE, { color: false }));
  });
  test('nothing to gain is said in a line, with what there is', () => {
    const { after: _, verdict: _v, checks: _c, replay: _r, ...rest } = SAMPLE;
    const text = renderOptimized({ ...rest, changes: [], files: [], notes: [] }, { color: false });
    expect(text.split('\n', 1)[0]).toBe('Nothing to gain: the Dockerfile stays as it is.');
    expect(text).toContain('NOW');
  });
  test('where no commit was built with both there are none to speak of', () => {
    const text = renderOptimized({ ...SAMPLE, replay: { ...SAMPLE.replay!, commits: [] } }, { color: false });
    expect(text).not.toContain('The last 0 commits');
    expect(text).toContain('none has times with both:\n  ffffffffff could not be built');
  });
  test('without a build nothing is said of what there is to gain', () => {
    const { before: _b, after: _a, verdict: _v, checks: _c, replay: _r, ...rest } = SAMPLE;
    const reckoned = { before: { steps: [], secondsPerCommit: 9, assumed: false } };
    const text = renderOptimized({ ...rest, reckoned, changes: [], files: [], notes: [] }, { color: false });
    expect(text).toStartWith('Nothing proposed by the text alone: without --dry it is built');
  });
  test('what is known of one side alone is not told: a figure with nothing beside it says nothing', () => {
    const { sent: _, ...after } = SAMPLE.after!;
    expect(renderOptimized(SAMPLE, { color: false })).toContain('to be sent');
    expect(renderOptimized({ ...SAMPLE, after }, { color: false })).not.toContain('to be sent');
  });
  test('a change that serves one goal and costs the other is told', () => {
    const trade = { ...SAMPLE.changes[1]!, claim: { bytes: 4e6, secondsPerCommit: -1 } };
    expect(renderOptimized({ ...SAMPLE, changes: [trade] }, { color: false, columns: 120 })).toContain(
      'Change 1 makes the image smaller (-4MB) and rebuilds slower (+1.0s a commit): --skip clean-up leaves it out.',
    );
  });
});

describe('for programs', () => {
  test('everything there can be', () => golden('sample.json', optimizeJson(SAMPLE)));
});

describe('for a pull request', () => {
  test('everything there can be', () => golden('sample.md', optimizeMarkdown(SAMPLE)));
  test('texts mean only themselves', () => {
    const change = { ...SAMPLE.changes[0]!, title: 'a | `b` <img> *c* @ada' };
    expect(optimizeMarkdown({ ...SAMPLE, changes: [change] })).toContain(
      '| a \\| \\`b\\` &lt;img&gt; \\*c\\* @<!-- -->ada |',
    );
  });
  test('no text ends the fence', () => {
    const [file] = SAMPLE.files;
    const lines = [{ sign: '+' as const, text: '````' }];
    const hunks = [{ ...file!.hunks[0]!, lines }];
    expect(optimizeMarkdown({ ...SAMPLE, files: [{ ...file!, hunks }] })).toContain('`````diff\n');
  });
});

describe('as a page', () => {
  const page = optimizeHtml(SAMPLE);
  test('its elements are closed in the order in which they were opened', () => {
    expect(unclosed(page)).toEqual([]);
  });
  test('it loads nothing and runs nothing', () => {
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\son\w+=|url\(|@import|https?:/i);
  });
  test('texts are text, wherever they stand', () => {
    const bad = `"'><script>alert(1)</script>\x1b[31m\u202e&amp;`;
    const hostile = JSON.parse(
      JSON.stringify(SAMPLE, (key, value) =>
        typeof value === 'string' && !KEPT.test(key) && !KEPT.test(value) ? bad : value,
      ),
    ) as typeof SAMPLE;
    const made = optimizeHtml(hostile);
    expect(made).not.toContain('<script');
    expect(made).not.toMatch(/[\x00-\x09\x0b-\x1f\u202e]/);
    expect(made).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;');
    expect(unclosed(made)).toEqual([]);
  });
  test('with nothing measured and nothing found it is one still', () => {
    const { before: _, after: _a, verdict: _v, checks: _c, replay: _r, ...rest } = SAMPLE;
    const made = optimizeHtml({ ...rest, changes: [], files: [] });
    expect(unclosed(made)).toEqual([]);
    expect(made).toContain('<h1>Nothing to gain: the Dockerfile stays as it is</h1>');
  });
});

/** Words that a program chose from a list: those that mean something stay. */
const KEPT = /^(outcome|stratum|kind|change|what|sign|from|goal|side|files|proved|refused|[ +-])$/;

const VOID = /^(meta|br|line|circle)$/;

/** Elements that are not closed, or not in their turn. */
function unclosed(page: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  const body = page.replace(/<style>[\s\S]*?<\/style>/, '').replace('<!doctype html>', '');
  for (const [, end, name = '', rest = ''] of body.matchAll(/<(\/?)([a-z][a-z0-9]*)((?:"[^"]*"|[^">])*)>/g)) {
    if (end !== '') {
      if (open.pop() !== name) wrong.push(name);
    } else if (!VOID.test(name) && !rest.endsWith('/')) open.push(name);
  }
  return [...wrong, ...open];
}

test('shares are told without pretending', () => {
  const shares = ([before, after]: [number, number]) => percentage(before, after);
  expect(
    (
      [
        [100, 11],
        [100, 0.01],
        [100, 0],
        [100, 103],
        [1000, 996],
        [5, 5],
        [0, 3],
      ] as [number, number][]
    ).map(shares),
  ).toEqual(['-89 %', '-99.9 %', '-100 %', '+3.0 %', '-0.4 %', 'the same', 'new']);
});

test('bytes that several changes are about count once', () => {
  const caches = { what: 'files', change: 'removed', below: 'root/.npm' } as const;
  const one = { ...SAMPLE.changes[1]!, allows: [caches] };
  const other = { ...one, line: 9 };
  const allowed = [{ allowance: caches, paths: 9, bytes: 5 }];
  const result = { ...SAMPLE, changes: [one, other], verdict: { ...SAMPLE.verdict!, allowed } };
  expect([one, other].map((change) => measuredBytes(change, result))).toEqual([5, undefined]);
});
