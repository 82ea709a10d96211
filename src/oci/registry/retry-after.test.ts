import { describe, expect, test } from 'bun:test';
import { askedPause, isTooLong, untilWhen } from './retry-after.ts';

describe('Retry-After', () => {
  const inSeconds = (seconds: number) => new Date(Date.now() + seconds * 1000).toUTCString();
  test.each([
    [undefined, 0, 0],
    ['', 0, 0],
    ['0', 0, 0],
    ['-5', 0, 0],
    ['soon', 0, 0],
    ['90', 90_000, 90_000],
    [inSeconds(60), 55_000, 60_000],
    [inSeconds(-60), 0, 0],
    ['9'.repeat(400), 3e10, 4e10],
  ])('%p', (text, least, most) => {
    expect(askedPause(text)).toBeGreaterThanOrEqual(least);
    expect(askedPause(text)).toBeLessThanOrEqual(most);
  });
  test('two minutes are waited, for more people are told when', () => {
    expect([isTooLong('120'), isTooLong('121'), untilWhen('120')]).toEqual([false, true, '']);
    expect(untilWhen('3600', Date.UTC(2030, 0, 31, 23, 30))).toBe(
      ', and wants to be left alone until 2030-02-01 00:30:00 UTC',
    );
    expect(untilWhen('9'.repeat(400))).toMatch(/ until 20\d\d-/);
  });
});
