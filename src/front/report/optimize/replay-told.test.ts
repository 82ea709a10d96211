import { describe, expect, test } from 'bun:test';
import { replaySentences } from './replay-told.ts';
import { SAMPLE } from './testdata/sample.ts';

const replayed = { commits: 2, before: 6.5, after: 7.3 };
const guess = { ...SAMPLE.changes[0]!, rewrite: 'keep-caches', claim: { secondsPerCommit: 4 }, replayed };

describe('what a replay says', () => {
  test('nothing where there was none', () => {
    const { replay: _, ...rest } = SAMPLE;
    expect(replaySentences(rest)).toEqual([]);
  });
  test('what was reckoned stands beside what was measured', () => {
    expect(replaySentences(SAMPLE)[0]).toBe(
      'A commit was reckoned to take 8.2s → 0.9s; these took 8.4s → 2.6s on average.',
    );
  });
  test('an estimate that promised too much is called so', () => {
    const before = { ...SAMPLE.before!, secondsPerCommit: 25 };
    expect(replaySentences({ ...SAMPLE, before })[0]).toContain('the estimate promised more than was kept');
  });
  test('not where it promised less than builds differ by themselves', () => {
    const [before, after] = [SAMPLE.before!, SAMPLE.after!].map((one, i) => ({
      ...one,
      secondsPerCommit: [0.3, 0.1][i]!,
    }));
    const commits = SAMPLE.replay!.commits.map((one) => ({ ...one, after: one.before }));
    const small = { ...SAMPLE, before: before!, after: after!, replay: { ...SAMPLE.replay!, commits } };
    expect(replaySentences(small)[0]).not.toContain('promised');
  });
  test('a guess that gained nothing is named, with the way to leave it out', () => {
    expect(replaySentences({ ...SAMPLE, changes: [guess] }).at(-1)).toBe(
      'Change 1 (keep-caches) is proved, and gained nothing: its steps took 6.5s without it and 7.3s with it, in the ' +
        '2 commits that made them run in both. --skip keep-caches leaves it out.',
    );
  });
  test('one that did gain is told by what it gained', () => {
    const good = { ...guess, replayed: { commits: 1, before: 10, after: 4 } };
    expect(replaySentences({ ...SAMPLE, changes: [good] }).at(-1)).toContain(
      'was a guess: its steps took 10.0s without it and 4.0s with it, in the one commit that made them run in both (-60 %)',
    );
  });
  test('one that was refused is not', () => {
    const refused = { ...guess, outcome: 'refused' as const };
    expect(replaySentences({ ...SAMPLE, changes: [refused] }).join()).not.toContain('guess');
  });
});
