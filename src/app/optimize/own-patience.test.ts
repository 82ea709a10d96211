import { expect, test } from 'bun:test';
import { patienceFor } from './own-patience.ts';

test('the longer, the more else there is to do', () => {
  expect(patienceFor(0, 2)).toBe(6);
  expect(patienceFor(4, 2)).toBe(6);
  expect(patienceFor(16, 2)).toBe(24);
  expect(patienceFor(1000, 2)).toBe(60);
});
