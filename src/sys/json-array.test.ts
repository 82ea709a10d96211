import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { jsonArray } from './json-array.ts';

test('is what JSON.stringify writes', () => {
  const value = fc.array(
    fc.oneof(fc.jsonValue(), fc.constant('\udc80 \ud800'), fc.constant('é☃'.repeat(40_000))),
  );
  fc.assert(
    fc.property(value, value, (head, items) => {
      const bytes = jsonArray(head, items, (item) => [item, 1]);
      expect(Buffer.from(bytes).toString()).toBe(
        JSON.stringify([...head, ...items.flatMap((item) => [item, 1])]),
      );
    }),
    { numRuns: 60 },
  );
});
