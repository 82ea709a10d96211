import { afterEach, beforeEach, describe, expect, test } from 'bun:test';
import { type Digest, digestOfHex } from '../../core/index.ts';
import { openDatabase, type SqlDatabase, sha256 } from '../../sys/index.ts';
import { fileInput, type NamedInput } from '../graph/index.ts';
import { type Cache, openCache } from './cache.ts';
import { keyOf } from './key.ts';
import type { NewRecord } from './record.ts';

let db: SqlDatabase;
let cache: Cache;
let time: number;
let gone: Set<Digest>;
const digest = (text: string) => sha256(text);

function open(limits: { maxRecords?: number; maxInputBytes?: number } = {}): Cache {
  return openCache(db, { hasLayer: (diffId) => !gone.has(diffId), now: () => time, ...limits });
}

beforeEach(() => {
  db = openDatabase(':memory:');
  db.script('CREATE TABLE kv (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID');
  time = 1_000_000_000_000;
  gone = new Set();
  cache = open();
});
afterEach(() => db.close());

const place = { scope: 'project', stage: 'base', position: 3, instruction: 'COPY . /app' };

/** Records a step; `layer` names its layer, `content` what is in it. */
function record(
  inputs: readonly NamedInput[],
  { layer = 'L', content = layer, ...rest }: Partial<NewRecord> & { layer?: string; content?: string } = {},
): Digest {
  const key = keyOf(inputs);
  const info = { diffId: digest(layer), contentId: digest(content), size: 10, files: 1 };
  const result = { layer: info, created: '2026-01-01T00:00:00Z' };
  cache.record({ ...place, key, inputs, result, buildId: 'b1', seconds: 2, ...rest });
  return key;
}

const file = (path: string, content: string) =>
  fileInput(path, { type: 'file', mode: 0o644, uid: 0, gid: 0, digest: digest(content) });
const texts = (inputs: readonly NamedInput[], more: Partial<typeof place> = {}) =>
  cache.explain({ ...place, ...more, inputs }).map((reason) => reason.text);

describe('records', () => {
  test('are found by key, with what the step produced', () => {
    const key = record([file('a', '1')]);
    expect(cache.lookup(key)).toMatchObject({ ...place, key, seconds: 2, result: { layer: { size: 10 } } });
    expect(cache.lookup(keyOf([]))).toBeUndefined();
  });

  test('are replaced by the next of the same key', () => {
    record([file('a', '1')], { layer: 'old' });
    const key = record([file('a', '1')], { layer: 'new' });
    expect(cache.lookup(key)?.result.layer?.diffId).toBe(digest('new'));
  });

  test('are no hit when their layer is gone, and are forgotten on request', () => {
    const key = record([file('a', '1')]);
    const empty = keyOf([file('b', '1')]);
    cache.record({
      ...place,
      key: empty,
      inputs: [file('b', '1')],
      result: { created: 'x' },
      buildId: 'b',
      seconds: 0,
    });
    gone.add(digest('L'));
    expect(cache.lookup(key)).toBeUndefined();
    expect(texts([file('a', '1')])).toEqual(['its layer is no longer in the store']);
    expect(cache.forgetMissing()).toBe(1);
    expect(cache.lookup(empty)?.result).toEqual({ created: 'x' });
    expect([...cache.roots()]).toEqual([]);
  });

  test('lead to layers that are roots', () => {
    record([file('a', '1')], { layer: 'A' });
    record([file('a', '2')], { layer: 'B' });
    expect([...cache.roots()].sort()).toEqual([digest('A'), digest('B')].sort());
  });

  test('are bounded: what was used longest ago goes first', () => {
    cache = open({ maxRecords: 3 });
    const keys = ['1', '2', '3'].map((content) => {
      time += 10_000_000;
      return record([file('a', content)]);
    });
    time += 10_000_000;
    cache.touch([keys[0] as Digest, digestOfHex('0'.repeat(64))]);
    time += 10_000_000;
    record([file('a', '4')]);
    expect(keys.map((key) => cache.lookup(key) !== undefined)).toEqual([true, false, true]);
  });

  test('lose the inputs of the oldest before they are too many bytes, and stay hits', () => {
    cache = open({ maxInputBytes: 400 });
    const keys = ['1', '2', '3', '4', '5', '6', '7', '8'].map((content) => {
      time += 1;
      return record([file('a', content)]);
    });
    const kept = db.get<{ n: number }>('SELECT COUNT(*) AS n FROM cache_records WHERE inputs IS NOT NULL')?.n;
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(8);
    expect(keys.every((key) => cache.lookup(key) !== undefined)).toBe(true);
  });

  test('without inputs are no reason to call an instruction new', () => {
    record([file('a', '1')]);
    db.run('UPDATE cache_records SET inputs = NULL, inputs_size = 0');
    expect(texts([file('a', '2')])).toEqual([
      'something that it depends on changed; what it depended on is kept no longer',
    ]);
    expect(texts([file('a', '2')], { instruction: 'RUN other' })).toEqual(['new instruction']);
  });

  test('survive a second opening; those of another version do not', () => {
    const key = record([file('a', '1')]);
    expect(open().lookup(key)).toBeDefined();
    db.run("UPDATE kv SET value = 'other' WHERE key = 'cache-version'");
    expect(open().lookup(key)).toBeUndefined();
  });
});

describe('a comparison', () => {
  test('tells the record that was compared with, and all that differs', () => {
    record([file('a', '1'), file('b', '1')], { layer: 'L1', buildId: 'b1' });
    time += 1000;
    record([file('a', '2'), file('b', '2'), file('c', '2')], { layer: 'L2', buildId: 'b2' });
    const inputs = [file('a', '2'), file('b', '3'), file('c', '2'), file('d', '3')];
    const { reasons, comparison } = cache.compare({ ...place, inputs, buildId: 'b3' });
    expect(reasons.map(({ text }) => text)).toEqual(['b changed', 'd added']);
    expect(comparison).toMatchObject({
      record: {
        buildId: 'b2',
        created: time,
        seconds: 2,
        instruction: place.instruction,
        layer: digest('L2'),
      },
      files: 4,
    });
    expect(comparison?.differences.map(({ name }) => name)).toEqual(['b', 'd']);
  });

  test('is with nothing on a first build', () => {
    expect(cache.compare({ ...place, inputs: [file('a', '1')] })).toEqual({
      reasons: [{ kind: 'first-build', subject: '', text: 'first build' }],
    });
  });
});

describe('early cutoff', () => {
  test('finds the earlier result with the same content, of the same step only', () => {
    record([file('a', '1')], { layer: 'old', content: 'same' });
    expect(cache.sameContent(place, digest('same'))?.result.layer?.diffId).toBe(digest('old'));
    expect(cache.sameContent({ ...place, instruction: 'COPY a /app' }, digest('same'))).toBeDefined();
    expect(cache.sameContent({ ...place, position: 9 }, digest('same'))).toBeDefined();
    expect(cache.sameContent(place, digest('other'))).toBeUndefined();
    expect(cache.sameContent({ ...place, scope: 'elsewhere' }, digest('same'))).toBeUndefined();
    expect(
      cache.sameContent({ ...place, instruction: 'RUN x', position: 9 }, digest('same')),
    ).toBeUndefined();
    gone.add(digest('old'));
    expect(cache.sameContent(place, digest('same'))).toBeUndefined();
  });
});

describe('explain', () => {
  test('first build, and a new line of a known project', () => {
    expect(texts([file('a', '1')])).toEqual(['first build']);
    record([file('a', '1')]);
    const asked = { ...place, position: 8, instruction: 'RUN x', inputs: [], buildId: 'b1' };
    expect(cache.explain(asked).map((reason) => reason.text)).toEqual(['first build']);
    expect(texts([file('a', '1')], { position: 8, instruction: 'RUN x' })).toEqual(['new instruction']);
    expect(texts([file('a', '1')], { stage: 'later', instruction: 'RUN x' })).toEqual(['new instruction']);
  });

  test('compares with the closest record, not just the latest', () => {
    record([file('a', '1'), file('b', '1'), file('c', '1')]);
    record([file('a', '9'), file('b', '9'), file('c', '1')]);
    expect(texts([file('a', '1'), file('b', '1'), file('c', '2')])).toEqual(['c changed']);
  });

  test('prefers the same line to another of the same text', () => {
    record([file('a', '1'), file('b', '1')]);
    record([file('a', '2')], { position: 7 });
    expect(texts([file('a', '2'), file('b', '1')])).toEqual(['a changed']);
  });

  test('compares with the same project at another place', () => {
    const inputs = [file('a', '1'), file('b', '1'), file('c', '1')];
    const key = record(inputs, { scope: 'there' });
    const run: NamedInput = { kind: 'instruction', name: 'RUN', value: 'make' };
    record([run], { scope: 'there', position: 4, instruction: 'RUN make' });
    const made = { position: 4, instruction: 'RUN make' };
    // Another project may have the same lines.
    expect(texts([file('x', '1')])).toEqual(['first build']);
    expect(texts([{ ...run, name: 'SHELL' }], made)).toEqual(['first build']);
    // Most files are the same: it is this one. What follows is compared with it too.
    expect(texts([file('a', '1'), file('b', '1'), file('c', '2')])).toEqual(['c changed']);
    expect(texts([run], made)).toEqual(['its layer is no longer in the store']);
    // So it is where an earlier build here found what was made there.
    const step = { id: 's', title: 't', outcome: 'cached', seconds: 0, key } as const;
    const build = {
      id: 'b',
      started: 1,
      dockerfile: 'D',
      context: '.',
      outcome: 'succeeded',
      seconds: 1,
    } as const;
    cache.recordBuild({ ...build, scope: 'moved', steps: [step] });
    expect(texts([file('a', '2')], { scope: 'moved' })).toContain('a changed');
  });

  test('an edited line is compared with what stood there', () => {
    const run = (text: string): NamedInput => ({ kind: 'instruction', name: 'RUN', value: text });
    record([run('make')], { instruction: 'RUN make' });
    expect(texts([run('make all')], { instruction: 'RUN make all' })).toEqual(['instruction edited']);
  });

  test('secret values are neither kept nor shown, and are still compared', () => {
    const token = (value: string): NamedInput => ({ kind: 'argument', name: 'API_TOKEN', value });
    const secret = 'hunter2-hunter2-hunter2';
    record([token(secret)]);
    const rows = db.all<{ inputs: Uint8Array }>('SELECT * FROM cache_records');
    const all =
      JSON.stringify(rows) + new TextDecoder().decode(Bun.zstdDecompressSync(rows[0]?.inputs as Uint8Array));
    expect(all).not.toContain(secret);
    expect(texts([token('other')])).toEqual(['build argument API_TOKEN changed']);
    gone.add(digest('L'));
    expect(texts([token(secret)])).toEqual(['its layer is no longer in the store']);
  });

  test('here-documents are compared by digest', () => {
    const doc = (value: string): NamedInput => ({ kind: 'file', name: '<<EOF', value });
    record([doc('one')]);
    expect(texts([doc('two')])).toEqual(['here-document EOF changed']);
  });
});

test('builds are listed, the latest first', () => {
  const build = {
    scope: 's',
    dockerfile: 'Dockerfile',
    context: '.',
    outcome: 'succeeded',
    seconds: 1,
    steps: [],
  } as const;
  cache.recordBuild({ ...build, id: 'a', started: 1 });
  cache.recordBuild({ ...build, id: 'b', started: 2 });
  cache.recordBuild({ ...build, id: 'a', started: 1, seconds: 5 });
  expect(cache.builds().map(({ id, seconds }) => [id, seconds])).toEqual([
    ['b', 1],
    ['a', 5],
  ]);
  expect(cache.builds(1)).toHaveLength(1);
});
