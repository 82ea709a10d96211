import { describe, expect, test } from 'bun:test';
import { failureOf, lastError, looksLikeRuntime } from './failure.ts';

describe('what runtimes say', () => {
  const cases: [string, string][] = [
    [
      'runc run failed: unable to start container process: exec: "nope": executable file not found in $PATH',
      'command-missing',
    ],
    [
      'runc run failed: unable to start container process: error during container init: exec: "nope": executable file not found in $PATH',
      'command-missing',
    ],
    [
      'runc run failed: unable to start container process: exec: "/a/nope": stat /a/nope: no such file or directory',
      'command-missing',
    ],
    ['executable file `nope` not found in $PATH: No such file or directory', 'command-missing'],
    ['exec /a/nope: no such file or directory', 'command-missing'],
    ['exec /a/nope: exec format error', 'command-not-executable'],
    [
      'runc run failed: unable to start container process: exec: "/a/nope": permission denied',
      'command-not-executable',
    ],
    ['open executable: Permission denied', 'command-not-executable'],
    [
      'runc run failed: unable to start container process: error during container init: error mounting "/x" to rootfs at "/y": stat /x: no such file or directory',
      'run-failed',
    ],
    [
      'runc run failed: unable to start container process: chdir to cwd ("/c") set in config.json failed: permission denied',
      'run-failed',
    ],
  ];
  for (const [message, code] of cases) {
    test(`${code}: ${message.slice(-50)}`, () => {
      const error = failureOf(message, 'nope');
      expect(error.code).toBe(code as never);
      expect(error.message).not.toMatch(/^.*(runc run failed|unable to start container process)/);
      expect(looksLikeRuntime(message)).toBe(code !== 'run-failed' || message.startsWith('runc'));
    });
  }
});

test('a mount that cannot be placed is told without names of our own files', () => {
  const error = failureOf(
    'error mounting "/store/bundle/views/0" to rootfs at "/etc": mount /store/bundle/views/0:/etc (via /proc/self/fd/6), flags: 0x5001: not a directory',
    'x',
  );
  expect(error.message).toBe("nothing can be mounted at '/etc': not a directory");
  expect(error.hint).toContain('one is a directory and the other a file');
});

test('the last error of a log, past warnings and cut lines', () => {
  const log = [
    '{"level":"error","msg":"first"}',
    '{"level":"error","msg":"second"}',
    '{"level":"warning","msg":"w"}',
    '{"lev',
  ];
  expect(lastError(log.join('\n'))).toBe('second');
  expect(lastError('')).toBeUndefined();
});
