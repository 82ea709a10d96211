import { expect, test } from 'bun:test';
import { parseReplayLog } from './replay-clone.ts';

const [a, b] = ['a'.repeat(40), 'b'.repeat(64)];

test('headers, and the names behind them', () => {
  const log = `\x01${a} one: two\0\nsrc/a b.txt\0line\nend\0\x01${b} \0`;
  expect(parseReplayLog(log)).toEqual([
    { id: a!, subject: 'one: two', paths: ['src/a b.txt', 'line\nend'] },
    { id: b!, subject: '', paths: [] },
  ]);
});

test('nothing', () => {
  expect(parseReplayLog('')).toEqual([]);
});
