import { expect, test } from 'bun:test';
import { dirname } from 'node:path';
import { staleDocs } from './generate-docs.ts';

test('the committed pages are the generated ones (else: npm run docs)', async () => {
  const { changed, gone } = await staleDocs(dirname(import.meta.dir));
  expect([...changed.keys(), ...gone]).toEqual([]);
});
