import { expect, test } from 'bun:test';
import { parseFileMode } from './file-mode.ts';

const table: [text: string, mode: number, isDirectory: boolean, result: number][] = [
  ['755', 0o600, false, 0o755],
  ['4711', 0, true, 0o4711],
  ['0', 0o777, false, 0],
  ['u=rwX,go=rX', 0o600, false, 0o644],
  ['u=rwX,go=rX', 0o700, false, 0o755],
  ['u=rwX,go=rX', 0o600, true, 0o755],
  ['+x', 0o644, false, 0o755],
  ['a-w', 0o666, false, 0o444],
  ['g=u', 0o640, false, 0o660],
  ['u+s,g+s,+t', 0o755, false, 0o7755],
  ['go=', 0o777, false, 0o700],
  ['u=rw-w', 0o000, false, 0o400],
];

test.each(table)('%s over %o (directory: %p)', (text, mode, isDirectory, result) => {
  expect(parseFileMode(text).change(mode, isDirectory)).toBe(result);
});

test.each(['8', '77777', 'rwx', 'u', 'u=q', '', 'u=r,', '0x1'])('%p is refused', (text) => {
  expect(() => parseFileMode(text)).toThrow('invalid --chmod');
});

test('directories made on the way take octal digits without their special bits', () => {
  expect(parseFileMode('4710').madeDirectories).toBe(0o710);
  expect(parseFileMode('u=rwx').madeDirectories).toBe(0o755);
});
