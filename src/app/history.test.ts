// Entries and layers brought together.

import { expect, test } from 'bun:test';
import { type Digest, digestOfHex } from '../core/index.ts';
import { historyRows } from './history.ts';

const digest = (n: number): Digest => digestOfHex(n.toString(16).padStart(64, '0'));
const layers = [1, 2].map((n) => ({ diffId: digest(n), bytes: n * 100 }));

test('sizes go to the entries that made a layer, newest first, the id on top', () => {
  const rows = historyRows(
    digest(9),
    [
      { created_by: 'ADD', comment: 'x' },
      { created_by: 'ENV', empty_layer: true },
      { created_by: 'RUN', created: 't' },
    ],
    layers,
  );
  expect(rows).toEqual([
    {
      imageId: digest(9),
      created: 't',
      createdBy: 'RUN',
      comment: '',
      bytes: 200,
      emptyLayer: false,
      diffId: digest(2),
    },
    { createdBy: 'ENV', comment: '', bytes: 0, emptyLayer: true },
    { createdBy: 'ADD', comment: 'x', bytes: 100, emptyLayer: false, diffId: digest(1) },
  ]);
});

test('layers without an entry have rows, entries without a layer no size', () => {
  expect(
    historyRows(digest(9), [{ created_by: 'A' }], layers).map((row) => [row.createdBy, row.bytes]),
  ).toEqual([
    ['', 200],
    ['A', 100],
  ]);
  const many = [{}, {}, { created_by: 'last' }];
  expect(historyRows(digest(9), many, layers)[0]).toMatchObject({
    createdBy: 'last',
    bytes: 0,
    emptyLayer: true,
  });
});
