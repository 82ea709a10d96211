import { expect, test } from 'bun:test';
import { inParallel } from './in-parallel.ts';

test('a few at once, each of them once', async () => {
  let now = 0;
  let most = 0;
  const seen: number[] = [];
  await inParallel([1, 2, 3, 4, 5, 6, 7], async (one) => {
    most = Math.max(most, ++now);
    await Bun.sleep(1);
    seen.push(one);
    now--;
  });
  expect(seen.sort()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(most).toBe(3);
});

test('a failure ends it, after what was begun has ended', async () => {
  const ended: number[] = [];
  const work = inParallel([1, 2, 3, 4, 5], async (one) => {
    if (one === 1) throw new Error('no');
    await Bun.sleep(5);
    ended.push(one);
  });
  await expect(work).rejects.toThrow('no');
  expect(ended.sort()).toEqual([2, 3]);
});
