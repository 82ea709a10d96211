import { expect, test } from 'bun:test';
import { isErrno, SystemError } from './system-error.ts';

test('numbers with two names have the one that callers compare with', () => {
  expect(isErrno(new SystemError(11, 'read'), 'EAGAIN')).toBe(true);
  expect(isErrno(new SystemError(95, 'setxattr'), 'EOPNOTSUPP')).toBe(true);
});
