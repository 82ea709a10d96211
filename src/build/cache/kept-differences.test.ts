import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { openDatabase, type SqlDatabase } from '../../sys/index.ts';
import type { BuildRecord } from './build-record.ts';
import { openCache } from './cache.ts';
import type { Difference } from './compare.ts';
import { keepDifferences, MOST_KEPT } from './kept-differences.ts';

let db: SqlDatabase;
beforeEach(() => {
  db = openDatabase(':memory:');
  db.script('CREATE TABLE kv (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID');
});
afterEach(() => db.close());

const open = () => openCache(db, { hasLayer: () => true });
const file = (name: string): Difference => ({ kind: 'file', name, before: 'x', after: 'y' });
const build = (id: string, started: number): BuildRecord => ({
  ...{ id, started, scope: 's', dockerfile: 'D', context: '.', outcome: 'succeeded', seconds: 1, steps: [] },
});

describe('what differed', () => {
  test('is kept with its build, as it was', () => {
    const differences: Difference[] = [
      file('a'),
      { kind: 'argument', name: 'V', after: '1' },
      { kind: 'environment', name: 'W', before: '' },
    ];
    open().recordBuild(
      build('b1', 1),
      new Map([
        ['0.1', differences],
        ['0.2', []],
      ]),
    );
    expect([...open().buildDifferences('b1')]).toEqual([['0.1', differences]]);
    expect(open().buildDifferences('b2').size).toBe(0);
  });

  test('is cut where it is too much, and goes with its build', () => {
    const many = Array.from({ length: MOST_KEPT + 5 }, (_, i) => file(`f${i}`));
    open().recordBuild(build('b1', 1), new Map([['0.1', many]]));
    expect(open().buildDifferences('b1').get('0.1')).toHaveLength(MOST_KEPT);
    db.run("DELETE FROM cache_builds WHERE id = 'b1'");
    open().recordBuild(build('b2', 2));
    expect(open().buildDifferences('b1').size).toBe(0);
  });

  test('of the builds that began first goes first', () => {
    const cache = open();
    for (const id of ['b1', 'b2', 'b3']) {
      cache.recordBuild(build(id, Number(id.slice(1))), new Map([['0.1', [file(id)]]]));
    }
    const size = db.get<{ size: number }>('SELECT size FROM cache_differences LIMIT 1')!.size;
    keepDifferences(db, 'b3', new Map([['0.1', [file('b3')]]]), 2 * size + 1);
    expect(['b1', 'b2', 'b3'].map((id) => cache.buildDifferences(id).size)).toEqual([0, 1, 1]);
  });
});
