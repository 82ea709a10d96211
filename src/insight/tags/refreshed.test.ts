// Documents of endoflife.date, and what is kept of them.

import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { LIFE_CYCLES } from './life-cycles.ts';
import {
  joinLifeCycles,
  lifeCycleChanges,
  readEndOfLife,
  readRefreshed,
  writeRefreshed,
} from './refreshed.ts';

const TODAY = '2026-11-26';
/** As documented, with what matters here. */
const release = {
  ...{ name: '3.15', codename: null, label: '3.15', releaseDate: '2026-10-01', isLts: false, ltsFrom: null },
  ...{ isEoas: false, eoasFrom: '2028-10-01', isEol: false, eolFrom: '2031-10-31', isMaintained: true },
  latest: { name: '3.15.1', date: '2026-11-03', link: 'https://www.python.org/' },
};
const answer = (result: object = {}, top: object = {}) =>
  JSON.stringify({
    ...{ schema_version: '1.2.0', generated_at: '2026-11-20T13:14:55+00:00', ...top },
    result: { name: 'python', label: 'Python', releases: [release], ...result },
  });
const read = (text: string, product = 'python') => readEndOfLife(text, product, TODAY);
const one = (fields: object, product = 'python') =>
  read(answer({ name: product, releases: [{ ...release, ...fields }] }), product).cycles[0];

describe('readEndOfLife', () => {
  test('a product', () => {
    expect(read(answer())).toEqual({
      asOf: '2026-11-20',
      title: 'Python',
      cycles: [
        {
          ...{ cycle: '3.15', released: '2026-10-01', active: '2028-10-01', ends: '2031-10-31' },
          latest: '3.15.1',
        },
      ],
    });
  });
  test('fields that say something else, or nothing', () => {
    expect(one({ isLts: true })?.lts).toBe(true);
    expect(one({ ltsFrom: '2026-10-28' })?.lts).toBe('2026-10-28');
    expect(one({ eolFrom: null })).not.toHaveProperty('ends');
    expect(one({ eolFrom: null, isEol: true })?.ended).toBe(true);
    expect(one({ eoesFrom: '2033-10-31' })?.extended).toBe('2033-10-31');
    expect(one({ latest: null })).not.toHaveProperty('latest');
    expect(one({ codename: 'Noble Numbat' }, 'ubuntu')?.codename).toBe('noble');
    expect(one({ codename: 'Krypton' }, 'nodejs')).not.toHaveProperty('codename');
  });
  test('what is not released is left out, the newest comes first', () => {
    const releases = [
      { ...release, name: '3.16', releaseDate: null },
      { ...release, name: '3.14', releaseDate: '2025-10-07' },
      release,
    ];
    expect(read(answer({ releases })).cycles.map(({ cycle }) => cycle)).toEqual(['3.15', '3.14']);
  });
  test('no document is of tomorrow', () => {
    expect(read(answer({}, { generated_at: '2099-01-01T00:00:00+00:00' })).asOf).toBe(TODAY);
  });
  test.each([
    ['<html>not found</html>', 'it is no JSON'],
    ['[]', 'it is no object'],
    ['{}', 'it is of schema "undefined", not 1'],
    [answer({}, { schema_version: '2.0.0' }), 'it is of schema "2.0.0", not 1'],
    [answer({}, { generated_at: null }), 'it does not say when it was made (generated_at)'],
    [answer({ name: 'ruby' }), 'it is about "ruby"'],
    [answer({ label: '\u001b[31m' }), 'the product has no name for people (label)'],
    [answer({ releases: [] }), 'it lists no releases'],
    [answer({ releases: [{ ...release, name: '../x' }] }), 'a release has no name'],
    [answer({ releases: [{ ...release, eolFrom: 'soon' }] }), 'eolFrom of 3.15 is no day'],
    [answer({ releases: Array(1001).fill(release) }), 'it lists more than 1000 releases'],
  ])('%p', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });
  test('anything else is refused with a message of its own, or read', () => {
    fc.assert(
      fc.property(fc.json(), fc.jsonValue(), (text, releases) => {
        for (const each of [text, answer({ releases }), answer({ releases: [releases] })])
          try {
            expect(readRefreshed(writeRefreshed({ python: read(each) }))).toBeDefined();
          } catch (error) {
            expect((error as Error).name).toBe('Error');
          }
      }),
    );
  });
});

describe('what is kept', () => {
  const products = { python: read(answer()), debian: { ...read(answer()), asOf: '2026-01-01' } };
  test('comes back as it was', () => {
    expect(readRefreshed(writeRefreshed(products))).toEqual(products);
  });
  test('a form of another version is none, a damaged one an error', () => {
    expect(readRefreshed('{"format":2}')).toBeUndefined();
    for (const text of ['', '{"format":1}', '{"format":1,"products":{"x":{}}}'])
      expect(() => readRefreshed(text)).toThrow();
    const damaged = writeRefreshed(products).replace('2031-10-31', 'never');
    expect(() => readRefreshed(damaged)).toThrow('what it says of "python" is damaged');
  });
  test('of each product the newer counts', () => {
    const joined = joinLifeCycles(LIFE_CYCLES, products);
    expect(joined.products.python).toEqual(products.python);
    expect(joined.products.debian).toBe(LIFE_CYCLES.products.debian!);
    expect(joined.asOf).toBe(LIFE_CYCLES.asOf);
  });
});

test('what changed', () => {
  const cycle = (name: string, ends?: string) => ({
    ...{ cycle: name, released: '2026-01-01', ...(ends === undefined ? {} : { ends }) },
  });
  const before = { title: 'X', cycles: [cycle('2', '2027-01-01'), cycle('1'), cycle('0')] };
  const after = { title: 'X', cycles: [cycle('3', '2028-01-01'), cycle('2', '2027-06-01'), cycle('1')] };
  expect(lifeCycleChanges(before, after).map(({ cycle: name, text }) => `${name}: ${text}`)).toEqual([
    '3: new, until 2028-01-01',
    '2: until 2027-06-01, was until 2027-01-01',
    '0: no longer listed',
  ]);
});
