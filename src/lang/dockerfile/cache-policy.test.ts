import { describe, expect, test } from 'bun:test';
import { cachePolicyOf, readMilleComment } from './cache-policy.ts';

describe('a comment for mille', () => {
  test.each([
    ['# mille: cache=never', { kind: 'never' }],
    ['mille: cache=always', { kind: 'always' }],
    ['  #  Mille:cache=1d  ', { kind: 'for', milliseconds: 86_400_000, text: '1d' }],
    ['mille: cache=1h30m', { kind: 'for', milliseconds: 5_400_000, text: '1h30m' }],
    ['mille: CACHE=2w', { kind: 'for', milliseconds: 1_209_600_000, text: '2w' }],
  ] as const)('%s', (text, cache) => {
    expect(readMilleComment(text)).toEqual({ cache, problems: [] });
  });

  test.each([
    [
      '# mille: cache=daily',
      "cache can't be 'daily': write never, always, or an age such as 1d, 12h, 2w",
      'cache=daily',
    ],
    ['# mille: cache', "cache can't be '': write never, always, or an age such as 1d, 12h, 2w", 'cache'],
    [
      '# mille: cache=0s',
      "cache can't be '0s': write never, always, or an age such as 1d, 12h, 2w",
      'cache=0s',
    ],
    ['# mille: cahce=1d', "'cahce' is no setting of mille: did you mean cache=?", 'cahce=1d'],
    ['# mille: keep', "'keep' is no setting of mille: there is cache=", 'keep'],
    [
      '# mille:',
      "nothing is said: write 'cache=' and never, always, or an age such as 1d, 12h, 2w",
      'mille:',
    ],
    ['# mille cache=1d', "a colon is missing: write '# mille: cache=…'", 'mille cache=1d'],
  ])('%s is wrong', (text, message, where) => {
    const { problems, cache } = readMilleComment(text)!;
    expect(cache).toBeUndefined();
    expect(problems.map((one) => [one.message, text.slice(one.start, one.end)])).toEqual([[message, where]]);
  });

  test('said twice: the last counts, and it is told', () => {
    const { cache, problems } = readMilleComment('mille: cache=1d cache=never')!;
    expect(cache).toEqual({ kind: 'never' });
    expect(problems).toEqual([{ message: 'cache is said twice: the last counts', start: 16, end: 27 }]);
  });

  test.each(['', '#', 'mille is a builder', 'milles: cache=1d', 'cache=1d', 'see mille: cache=1d'])(
    '%p is for people',
    (text) => {
      expect(readMilleComment(text)).toBeUndefined();
    },
  );

  test('of several comments the last that says something', () => {
    expect(cachePolicyOf(['mille: cache=never', 'why', 'mille: cache=1d', 'mille: cache=x'])).toMatchObject({
      kind: 'for',
    });
    expect(cachePolicyOf(['why'])).toBeUndefined();
  });
});
