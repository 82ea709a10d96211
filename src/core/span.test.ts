import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { formatPlace, lineText, positionAt } from './index.ts';

test('a position is counted by line feeds', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom('a', '\n', '\r\n', 'é', '🎂')), fc.nat(), (pieces, n) => {
      const source = { name: 'f', text: pieces.join('') };
      const offset = n % (source.text.length + 1);
      const before = source.text.slice(0, offset);
      const line = before.split('\n').length;
      const column = offset - (before.lastIndexOf('\n') + 1) + 1;
      expect(positionAt(source, offset)).toEqual({ line, column });
    }),
  );
});

test('a line is without its end; one that is not there is empty', () => {
  const source = { name: 'f', text: 'a\r\n\nb\rc\n' };
  expect([1, 2, 3, 4, 5, 0].map((line) => lineText(source, line))).toEqual(['a', '', 'b\rc', '', '', '']);
});

test('a place is clickable', () => {
  expect(formatPlace({ source: { name: 'f', text: 'ab\ncd' }, start: 4, end: 5 })).toBe('f:2:2');
});
