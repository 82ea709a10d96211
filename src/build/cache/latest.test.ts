// What is expected of a step before it runs: its last run, and whether any record could be its own.

import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { openDatabase, type SqlDatabase, sha256 } from '../../sys/index.ts';
import type { NamedInput } from '../graph/index.ts';
import { type Cache, openCache } from './cache.ts';
import { keyOf } from './key.ts';

let db: SqlDatabase;
let cache: Cache;
let time = 0;
beforeEach(() => {
  db = openDatabase(':memory:');
  db.script('CREATE TABLE kv (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID');
  cache = openCache(db, { hasLayer: () => true, now: () => ++time });
});
afterEach(() => db.close());

const place = { scope: 'project', stage: '0', position: 3, instruction: 'RUN make' };
const input = (kind: NamedInput['kind'], name: string, value: string): NamedInput => ({ kind, name, value });

function record(at: Partial<typeof place>, seconds: number, inputs: readonly NamedInput[] = []): void {
  const all = [...inputs, input('option', 'n', `${seconds}`)];
  const layer = { diffId: sha256('x'), contentId: sha256('y'), size: 1, files: 1 };
  const result = { layer, created: '2026-01-01T00:00:00Z' };
  cache.record({ ...place, ...at, key: keyOf(all), inputs: all, result, buildId: 'b', seconds });
}

describe('the last run', () => {
  const latest = () => {
    const found = cache.latest(place);
    return found && [found.of, found.record.seconds];
  };
  test('there is none', () => {
    expect(latest()).toBeUndefined();
    record({ instruction: 'COPY . .' }, 1);
    expect(latest()).toBeUndefined();
  });
  test('the newest of the same instruction, first that of the same line', () => {
    record({}, 1);
    record({}, 2);
    record({ position: 5 }, 3);
    expect(latest()).toEqual(['step', 2]);
  });
  test('of the same instruction on another line rather than of another one on this line', () => {
    record({ position: 5 }, 1);
    record({ instruction: 'RUN make all' }, 2);
    expect(latest()).toEqual(['step', 1]);
  });
  test('of what stood in its place, where the keyword is the same', () => {
    record({ instruction: 'run make all' }, 1);
    record({ instruction: 'COPY . .' }, 2);
    expect(latest()).toEqual(['edited', 1]);
  });
  test('of the same instruction elsewhere', () => {
    record({ instruction: 'RUN make all' }, 1);
    record({ scope: 'other' }, 2);
    expect(latest()).toEqual(['elsewhere', 2]);
  });
});

describe('a record alike', () => {
  const known = [input('instruction', 'RUN', '["make"]'), input('argument', 'V', '1')];
  const hasAlike = (inputs: readonly NamedInput[], at: Partial<typeof place> = {}) =>
    cache.hasAlike({ ...place, ...at, inputs, unknown: new Set(['parent', 'option'] as const) });
  beforeEach(() => record({}, 1, [...known, input('parent', '', 'before')]));

  test('whatever the unknown inputs are, and in whatever order the others come', () => {
    expect(hasAlike([...known, input('parent', '', 'now')])).toBe(true);
    expect(hasAlike([...known].reverse())).toBe(true);
  });
  test('not with another value, one more or one less', () => {
    expect(hasAlike([known[0]!, input('argument', 'V', '2')])).toBe(false);
    expect(hasAlike([...known, input('argument', 'W', '1')])).toBe(false);
    expect(hasAlike([known[0]!])).toBe(false);
  });
  test('in the stage, however the instruction is written; elsewhere where it is written the same', () => {
    expect(hasAlike(known, { instruction: 'run  make' })).toBe(true);
    expect(hasAlike(known, { scope: 'other' })).toBe(true);
    expect(hasAlike(known, { scope: 'other', instruction: 'run  make' })).toBe(false);
  });
  test('there may be one where inputs were dropped', () => {
    db.run('UPDATE cache_records SET inputs = NULL');
    expect(hasAlike([known[0]!])).toBe(true);
  });
  test('values that are kept as a digest are compared all the same', () => {
    const secret = (value: string) => [input('argument', 'API_TOKEN', value)];
    record({}, 2, secret('one'));
    expect(hasAlike(secret('one'))).toBe(true);
    expect(hasAlike(secret('two'))).toBe(false);
  });
});
