import { expect, test } from 'bun:test';
import { sha256 } from '../../sys/index.ts';
import type { Entry } from '../image/index.ts';
import { tableDifferences } from './table-differences.ts';

const file = (path: string, text: string, more: Partial<Entry> = {}): Entry => ({
  ...{ path, type: 'file', mode: 0o644, uid: 0, gid: 0, size: text.length, mtime: 1, digest: sha256(text) },
  ...more,
});
const compare = (before: readonly Entry[], after: readonly Entry[], times = false) =>
  tableDifferences({ entries: before }, { entries: after }, { times });

test('nothing differs, whatever the order and the times', () => {
  const [a, b] = [file('a', 'x'), file('b', 'y')];
  expect(compare([a, b], [b, { ...a, mtime: 2 }])).toEqual([]);
  expect(compare([a], [{ ...a, mtime: 2 }], true)).toEqual([
    { path: 'a', what: 'time', before: '1', after: '2' },
  ]);
});

test.each<[string, Entry, Entry, object]>([
  [
    'content',
    file('a', 'x'),
    file('a', 'yy', { mode: 0o600 }),
    { what: 'content', before: '1 byte', after: '2 bytes' },
  ],
  ['mode', file('a', 'x'), file('a', 'x', { mode: 0o4755 }), { what: 'mode', before: '644', after: '4755' }],
  ['owner', file('a', 'x'), file('a', 'x', { gid: 5 }), { what: 'owner', before: '0:0', after: '0:5' }],
  [
    'target of a link',
    file('a', '', { type: 'symlink', link: 'x' }),
    file('a', '', { type: 'symlink', link: 'y' }),
    { what: 'link', before: 'x', after: 'y' },
  ],
  ['type', file('a', ''), file('a', '', { type: 'dir' }), { what: 'type', before: 'file', after: 'dir' }],
  ['attributes', file('a', 'x'), file('a', 'x', { xattrs: { 'user.a': 'eA==' } }), { what: 'attributes' }],
])('%s', (_, before, after, expected) => {
  expect(compare([before], [after])).toMatchObject([{ path: 'a', ...expected }]);
});

test('what only one has, and a deletion beside what replaces the deleted', () => {
  const gone = file('a', '', { type: 'whiteout' });
  expect(compare([file('a', 'x')], [file('b', 'x')])).toEqual([
    { path: 'a', what: 'removed' },
    { path: 'b', what: 'added' },
  ]);
  expect(compare([file('a', 'x')], [gone, file('a', 'x')])).toEqual([{ path: 'a', what: 'added' }]);
});

test('of several entries of a path the last counts', () => {
  expect(compare([file('a', 'x'), file('a', 'y')], [file('a', 'y')])).toEqual([]);
});
