import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { jsonArray, readJsonArray } from './json-array.ts';

test('is what JSON.stringify writes, in lines, and read line by line', () => {
  const value = fc.array(
    fc.oneof(fc.jsonValue(), fc.constant('\udc80 \ud800'), fc.constant('é☃'.repeat(40_000))),
  );
  fc.assert(
    fc.property(value, value, (head, items) => {
      const bytes = jsonArray(head, items, (item) => [item, 1]);
      const text = JSON.stringify([...head, ...items.flatMap((item) => [item, 1])]);
      expect(Buffer.from(bytes).toString().replaceAll('\n', '')).toBe(text);
      for (const written of [bytes, Buffer.from(text)])
        expect([...readJsonArray(written)].flat(1)).toEqual(JSON.parse(text));
    }),
    { numRuns: 60 },
  );
});
