// What is taken for a licence of SPDX's list, also in a process that has checked labels before.

import { expect, test } from 'bun:test';
import { LINT_RULES } from '../lint/index.ts';

test('a licence is known after the rules on labels were loaded, which have the same list', async () => {
  expect(LINT_RULES.length).toBeGreaterThan(0);
  const { readLicense } = await import('./licenses.ts');
  expect(readLicense('MIT')).toEqual({ kind: 'id', text: 'MIT' });
  expect(readLicense('MIT OR Apache-2.0')).toEqual({ kind: 'expression', text: 'MIT OR Apache-2.0' });
  expect(readLicense('as is').kind).toBe('other');
});
