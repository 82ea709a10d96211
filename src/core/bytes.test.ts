import { expect, test } from 'bun:test';
import { parseBytes } from './bytes.ts';

test('sizes', () => {
  const good: [string, number][] = [
    ['0', 0],
    ['100', 100],
    ['100b', 100],
    ['1k', 1024],
    ['1K', 1024],
    ['64m', 67_108_864],
    ['64mb', 67_108_864],
    ['64MiB', 67_108_864],
    ['64 m', 67_108_864],
    ['1.5g', 1_610_612_736],
    ['.5k', 512],
    ['1.', 1],
    ['1p', 1024 ** 5],
  ];
  for (const [text, bytes] of good) expect([text, parseBytes(text)]).toEqual([text, bytes]);
  for (const text of ['', 'm', '-1', '1x', '1bb', '1mi', '1 kb m', ' 1', '1,5g', '0x10', '1e', 'Infinity'])
    expect([text, parseBytes(text)]).toEqual([text, undefined]);
});
