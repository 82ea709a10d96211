import { expect, test } from 'bun:test';
import { formatDuration, quote, quoteCharacter, quoteList } from './go-text.ts';

// Expected texts are what Go's fmt and time print.
test.each([
  ['plain é ü', '"plain é ü"'],
  ['a"b\\c\'d', '"a\\"b\\\\c\'d"'],
  ['\x07\b\f\n\r\t\v', '"\\a\\b\\f\\n\\r\\t\\v"'],
  ['\x00\x1b\x7f', '"\\x00\\x1b\\x7f"'],
  ['\u0085\u00a0\u00ad\u200b\u2028', '"\\u0085\\u00a0\\u00ad\\u200b\\u2028"'],
  ['😀\u{e0001}', '"😀\\U000e0001"'],
  ['\udcff', '"\\xff"'],
])('quote %j', (text, expected) => {
  expect(quote(text)).toBe(expected);
});

test('lists and characters', () => {
  expect(quoteList(['a', 'b c'])).toBe('["a" "b c"]');
  expect([0, 3, 10, 39, 34, 65, 92, 0xd800, 0x110000].map(quoteCharacter)).toEqual([
    "'\\x00'",
    "'\\x03'",
    "'\\n'",
    "'\\''",
    "'\"'",
    "'A'",
    "'\\\\'",
    "'�'",
    "'�'",
  ]);
});

test.each([
  [0, '0s'],
  [1, '1ns'],
  [1500, '1.5µs'],
  [250e6, '250ms'],
  [1.5e9, '1.5s'],
  [60e9, '1m0s'],
  [3600e9, '1h0m0s'],
  [3661.25e9, '1h1m1.25s'],
  [-5e9, '-5s'],
])('duration of %d ns', (nanoseconds, expected) => {
  expect(formatDuration(nanoseconds)).toBe(expected);
});
