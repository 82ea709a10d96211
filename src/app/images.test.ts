// Which rows a filter lets through.

import { describe, expect, test } from 'bun:test';
import { digestOfHex } from '../core/index.ts';
import { filterRows } from './images.ts';
import type { ImageRow } from './types.ts';

const id = digestOfHex('0'.repeat(64));
const row = (repository?: string, tag?: string): ImageRow => ({
  ...(repository === undefined ? {} : { repository }),
  ...(tag === undefined ? {} : { tag }),
  ...{ imageId: id, manifest: id, bytes: 0, layers: 1, platform: 'linux/amd64' },
});
const rows = [row('app', 'latest'), row('app', '1'), row('team/app', '1'), row('host:5000/app', '1'), row()];

describe('a filter', () => {
  const cases: [string, string[]][] = [
    ['app', ['app:latest', 'app:1']],
    ['app:1', ['app:1']],
    ['docker.io/library/app:1', ['app:1']],
    ['a*', ['app:latest', 'app:1']],
    ['*:1', ['app:1']],
    ['*/app', ['team/app:1', 'host:5000/app:1']],
    ['*/*', ['team/app:1', 'host:5000/app:1']],
    ['host:5000/app', ['host:5000/app:1']],
    ['other', []],
  ];
  for (const [reference, expected] of cases) {
    test(reference, () => {
      expect(filterRows(rows, { reference }).map((r) => `${r.repository}:${r.tag}`)).toEqual(expected);
    });
  }

  test('dangling, and not', () => {
    expect(filterRows(rows, { dangling: true })).toEqual([row()]);
    expect(filterRows(rows, { dangling: false })).toHaveLength(4);
    expect(filterRows(rows, {})).toHaveLength(5);
  });

  test('a malformed pattern', () => {
    expect(() => filterRows(rows, { reference: 'a[' })).toThrow('malformed pattern');
    expect(() => filterRows(rows, { reference: 'App' })).toThrow('lower case');
  });
});
