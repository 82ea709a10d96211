import { expect, test } from 'bun:test';
import { ageInWords, parseAge } from './age.ts';

test.each([
  ['0s', '0 seconds'],
  ['1s', '1 second'],
  ['119s', '119 seconds'],
  ['2m', '2 minutes'],
  ['119m', '119 minutes'],
  ['2h', '2 hours'],
  ['47h', '47 hours'],
  ['3d', '3 days'],
  ['13d', '13 days'],
  ['14d', '2 weeks'],
  ['400d', '57 weeks'],
])('%s is %s', (age, words) => {
  expect(ageInWords(parseAge(age)!)).toBe(words);
});

test('what is negative, for clocks differ, is nothing', () => {
  expect(ageInWords(-5000)).toBe('0 seconds');
});
