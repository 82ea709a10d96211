import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { LiteralScanner } from './literal-scanner.ts';

test('finds what a plain search finds', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'B', '_'), minLength: 4, maxLength: 8 });
  fc.assert(
    fc.property(
      fc.uniqueArray(letters, { minLength: 1, maxLength: 6 }),
      fc.string({ unit: fc.constantFrom('a', 'b', 'B', '_'), maxLength: 200 }),
      fc.boolean(),
      (texts, haystack, ignoreCase) => {
        const scanner = new LiteralScanner(texts.map((text) => ({ text, ignoreCase })));
        const found: string[] = [];
        const bytes = new TextEncoder().encode(haystack);
        scanner.scan(bytes, 0, bytes.length, ({ text }, at) => found.push(`${at} ${text}`));
        const fold = (text: string) => (ignoreCase ? text.toLowerCase() : text);
        const expected = texts.flatMap((text) =>
          [...haystack].flatMap((_, at) =>
            fold(haystack).startsWith(fold(text), at) ? [`${at} ${text}`] : [],
          ),
        );
        expect(found.sort()).toEqual(expected.sort());
      },
    ),
  );
});
