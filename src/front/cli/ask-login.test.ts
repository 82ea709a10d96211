import { expect, test } from 'bun:test';
import { createLine } from './ask-login.ts';

test('a line is typed as in a shell', () => {
  const typed = (...keys: string[]) => {
    const line = createLine();
    const ends = keys.map((key) => line.type(Buffer.from(key)));
    return [line.text(), ends.at(-1)];
  };
  expect(typed('gehe', 'im\n')).toEqual(['geheim', 'done']);
  expect(typed('ab\x7fc\r')).toEqual(['ac', 'done']);
  expect(typed('é\x08e')).toEqual(['e', undefined]);
  expect(typed('abc\x15d\n')).toEqual(['d', 'done']);
  expect(typed('ab\x03')).toEqual(['ab', 'interrupted']);
  expect(typed('\x04')).toEqual(['', 'ended']);
  expect(typed('a\nb')).toEqual(['a', 'done']);
});
