import { describe, expect, test } from 'bun:test';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { optimizeJson, renderOptimized } from '../index.ts';
import { percentage } from './figures.ts';
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
