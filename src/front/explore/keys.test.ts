import { expect, test } from 'bun:test';
import { createKeyReader } from './keys.ts';

function keys(...chunks: (string | Uint8Array)[]): string[] {
  const reader = createKeyReader();
  const found = chunks.flatMap((chunk) =>
    reader.keys(typeof chunk === 'string' ? Buffer.from(chunk) : chunk),
  );
  return [...found, ...reader.flush()];
}

test('characters, controls, and the sequences of several terminals', () => {
  expect(keys('aé日')).toEqual(['a', 'é', '日']);
  expect(keys('\x03\x1a\x0c\r\n\t\x7f\b')).toEqual([
    'ctrl-c',
    'ctrl-z',
    'ctrl-l',
    'enter',
    'enter',
    'tab',
    'backspace',
    'backspace',
  ]);
  expect(keys('\x1b[A\x1bOB\x1b[1;5C\x1b[D\x1b[H\x1bOF\x1b[1~\x1b[4~\x1b[5~\x1b[6~\x1b[3~\x1b[Z')).toEqual([
    'up',
    'down',
    'right',
    'left',
    'home',
    'end',
    'home',
    'end',
    'pageup',
    'pagedown',
    'delete',
    'shift-tab',
  ]);
});

test('a sequence in pieces is one key, a lone escape is itself, the unknown is nothing', () => {
  expect(keys('\x1b', '[', 'A')).toEqual(['up']);
  expect(keys('\x1b[', '6', '~x')).toEqual(['pagedown', 'x']);
  expect(keys('\x1b')).toEqual(['escape']);
  expect(keys('\x1bq')).toEqual(['escape', 'q']);
  expect(keys('\x1b[200~\x1b[15;2~\x1b[<0;1;1M')).toEqual([]);
  const wide = Buffer.from('日');
  expect(keys(wide.subarray(0, 1), wide.subarray(1))).toEqual(['日']);
});
