// What is hidden of a result, and what stays the very object that it was.

import { expect, test } from 'bun:test';
import { hideInResult } from './hide-in-result.ts';
import type { OptimizeResult } from './types.ts';

test('texts lose what is hidden, allowances stay themselves, and what is written stays as it is', () => {
  const allowance = { what: 'paths', change: 'removed', of: 'a cache', paths: ['a'] } as const;
  const hunk = {
    before: { first: 1, count: 0 },
    after: { first: 1, count: 1 },
    lines: [{ sign: '+', text: 'ENV A=xyz' }],
    changes: [0],
  };
  const file = { name: 'Dockerfile', path: '/p/xyz', after: 'ENV A=xyz', hunks: [hunk], hides: false };
  const change = { title: 'with xyz', allows: [allowance] };
  const given = { changes: [change], files: [file], context: '/p/xyz', notes: ['xyz', 'abc'] };
  const result = hideInResult(given as unknown as OptimizeResult, (text) => text.replaceAll('xyz', '****'));
  expect(result.changes[0]!.title).toBe('with ****');
  expect(result.changes[0]!.allows[0]).toBe(allowance);
  expect(result.notes).toEqual(['****', 'abc']);
  expect(result.context).toBe('/p/xyz');
  expect(result.files[0]).toMatchObject({ path: '/p/xyz', after: 'ENV A=xyz', hides: true });
  expect(result.files[0]!.hunks[0]!.lines[0]!.text).toBe('ENV A=****');
});
