import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { editDistance } from '../../core/index.ts';
import { oneLine, sanitizeLine } from './sanitize.ts';
import { formatSize } from './size.ts';
import { nearest } from './suggest.ts';
import { renderTable } from './table.ts';
import { formatAge, formatAgeOf, formatSeconds } from './time.ts';
import { cutText, padText, textWidth } from './width.ts';

test.each([
  [0, '0B'],
  [4, '4B'],
  [999, '999B'],
  [1000, '1kB'],
  [1234, '1.23kB'],
  [1_982_256, '1.98MB'],
  [12_345_678, '12.3MB'],
  [123_456_789, '123MB'],
  [999_499, '999kB'],
  [999_600, '1MB'],
  [1_200_000_000, '1.2GB'],
])('size of %d', (bytes, text) => expect(formatSize(bytes)).toBe(text));

test.each([
  [0, '0.0s'],
  [0.04, '0.0s'],
  [1.25, '1.3s'],
  [59.94, '59.9s'],
  [59.96, '1m 00s'],
  [245, '4m 05s'],
  [3725, '1h 02m'],
])('duration of %d', (seconds, text) => expect(formatSeconds(seconds)).toBe(text));

test.each([
  [0, 'Less than a second ago'],
  [1, '1 second ago'],
  [59, '59 seconds ago'],
  [60, 'About a minute ago'],
  [180, '3 minutes ago'],
  [3600, 'About an hour ago'],
  [2 * 3600, '2 hours ago'],
  [47 * 3600, '47 hours ago'],
  [49 * 3600, '2 days ago'],
  [15 * 86400, '2 weeks ago'],
  [70 * 86400, '2 months ago'],
  [800 * 86400, '2 years ago'],
])('age of %d s', (seconds, text) => expect(formatAge(0, seconds * 1000)).toBe(text));

test('no time of creation', () => {
  expect(formatAgeOf(undefined, 0)).toBe('N/A');
  expect(formatAgeOf('1970-01-01T00:00:00Z', 180_000)).toBe('3 minutes ago');
});

describe('width', () => {
  test('wide, combining and plain characters', () => {
    expect(textWidth('abc')).toBe(3);
    expect(textWidth('日本')).toBe(4);
    expect(textWidth('e\u0301')).toBe(1);
    expect(textWidth('🍰')).toBe(2);
  });
  test('cut never exceeds, and keeps what fits', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(20), (text, columns) => {
        const cut = cutText(text, columns);
        expect(textWidth(cut)).toBeLessThanOrEqual(columns);
        if (textWidth(text) <= columns) expect(cut).toBe(text);
      }),
    );
    expect(cutText('日本語', 5)).toBe('日本…');
  });
  test('pad', () => {
    expect(padText('日', 4)).toBe('日  ');
    expect(padText('1', 3, 'right')).toBe('  1');
  });
});

test('a table is aligned, also with wide characters', () => {
  const text = renderTable(
    ['NAME', 'SIZE'],
    [
      ['日本', '1B'],
      ['abcdef', '22B'],
    ],
  );
  expect(text).toBe('NAME     SIZE\n日本     1B\nabcdef   22B\n');
});

describe('sanitising', () => {
  test.each([
    ['plain', 'plain'],
    ['\x1b[31mred\x1b[0m', 'red'],
    ['\x1b]0;title\x07text', 'text'],
    ['\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\', 'link'],
    ['\x9b2Jgone', 'gone'],
    ['10%\r20%\r30%', '30%'],
    ['line\r', 'line'],
    ['a\tb', 'a    b'],
    ['bell\x07 and \x08back', 'bell and back'],
    ['evil\u202etxt', 'eviltxt'],
    ['\x1b(Bset', 'set'],
    ['\udc80', '\ufffd'],
  ])('%j', (text, safe) => expect(sanitizeLine(text)).toBe(safe));
  test('nothing that controls a terminal is left of anything', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(sanitizeLine(text)).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
      }),
    );
  });
  test('one line of several', () => expect(oneLine('RUN a \\\n    b\r\nc')).toBe('RUN a \\ b c'));
});

describe('did you mean', () => {
  test.each([
    ['tga', 'tag'],
    ['no-cahce', 'no-cache'],
    ['buildarg', 'build-arg'],
    ['zzz', undefined],
  ])('%s', (text, option) => expect(nearest(text, ['tag', 'no-cache', 'build-arg', 'target'])).toBe(option));
  test('distance is a metric on small words', () => {
    const word = fc.string({ maxLength: 6 });
    fc.assert(
      fc.property(word, word, (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(a.length, b.length));
      }),
    );
  });
});
