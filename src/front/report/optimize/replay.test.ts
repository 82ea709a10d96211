import { expect, test } from 'bun:test';
import { replayedKinds } from './replay.ts';
import { SAMPLE } from './testdata/sample.ts';

/** What is said of the seconds of some commits, all alike. */
function changeOf(count: number, before: number, after: number): string {
  const replay = SAMPLE.replay!;
  const [commit] = replay.commits;
  const one = {
    ...{ ...commit!, stratum: 'source' as const },
    ...{ before: { seconds: before, bytes: 10 }, after: { seconds: after, bytes: 10 } },
  };
  return replayedKinds({ ...replay, commits: Array.from({ length: count }, () => one) })[0]!.seconds.change;
}

test('seconds that two builds of one text differ by are no gain, and no loss', () => {
  expect(changeOf(1, 0.3, 0.1)).toBe('the same');
  expect(changeOf(3, 0.1, 0.26)).toBe('the same');
  expect(changeOf(6, 0.3, 0.1)).toBe('-67 %');
  expect(changeOf(6, 0.04, 0.03)).toBe('the same');
  expect(changeOf(1, 0.04, 0.06)).toBe('the same');
  expect(changeOf(1, 10, 4)).toBe('-60 %');
});
