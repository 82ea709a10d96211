import { expect, test } from 'bun:test';
import { quote } from './quote.ts';

test('short texts whole, long ones cut', () => {
  expect(quote('a"\n')).toBe('"a\\"\\n"');
  expect(quote('x'.repeat(100))).toBe(`"${'x'.repeat(100)}"`);
  expect(quote('x'.repeat(5000))).toBe(`"${'x'.repeat(100)}…"`);
});
