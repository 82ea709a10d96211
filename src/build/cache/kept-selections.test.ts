import { afterEach, beforeEach, expect, test } from 'bun:test';
import type { Digest } from '../../core/index.ts';
import { openDatabase, type SqlDatabase } from '../../sys/index.ts';
import type { NamedInput } from '../graph/index.ts';
import { keepSelection, prepareSelections, readSelection } from './kept-selections.ts';

let db: SqlDatabase;

beforeEach(() => {
  db = openDatabase(':memory:');
  prepareSelections(db);
  prepareSelections(db);
});

afterEach(() => db.close());

const key = (n: number) => `sha256:${String(n).padStart(64, '0')}` as Digest;
const files = (...names: string[]): NamedInput[] =>
  names.map((name) => ({ kind: 'file', name, value: `of ${name}` }));

test('what is kept comes back, in its order, and a later one takes the place of the first', () => {
  expect(readSelection(db, key(1))).toBeUndefined();
  keepSelection(db, key(1), files('b', 'a/é\n'));
  keepSelection(db, key(2), []);
  expect(readSelection(db, key(1))).toEqual(files('b', 'a/é\n'));
  expect(readSelection(db, key(2))).toEqual([]);
  keepSelection(db, key(1), files('c'));
  expect(readSelection(db, key(1))).toEqual(files('c'));
});

test('what was kept first goes first, and nothing but files is kept', () => {
  for (const n of [1, 2, 3]) keepSelection(db, key(n), files(`file-${n}`), 80);
  expect(readSelection(db, key(1))).toBeUndefined();
  expect(readSelection(db, key(3))).toEqual(files('file-3'));
  keepSelection(db, key(4), [{ kind: 'parent', name: '', value: 'x' }]);
  expect(readSelection(db, key(4))).toBeUndefined();
});

test('not more than a thousand are kept, however small', () => {
  db.transaction(() => {
    for (let n = 0; n < 1001; n++)
      db.run('INSERT INTO cache_selections (key, size, packed) VALUES (?, 0, ?)', key(n), new Uint8Array());
  });
  keepSelection(db, key(2000), files('a'));
  expect(db.get('SELECT count(*) AS n, min(number) AS first FROM cache_selections')).toEqual({
    n: 1000,
    first: 3,
  });
});

test('damaged bytes are nothing', () => {
  keepSelection(db, key(1), files('a'));
  db.run('UPDATE cache_selections SET packed = ?', new Uint8Array([1, 2, 3]));
  expect(readSelection(db, key(1))).toBeUndefined();
});
