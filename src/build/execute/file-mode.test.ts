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
  // As BSD reads them.
  ['u=rwX,go=rX', 0o6711, false, 0o755],
  ['go=', 0o2770, true, 0o700],
  ['u+x,g+X', 0o644, false, 0o744],
  ['a+X', 0o641, false, 0o751],
  ['a-X', 0o755, false, 0o644],
  ['g=u', 0o2640, false, 0o2660],
  ['o=u-w', 0o750, false, 0o755],
  ['u+t', 0o644, false, 0o1644],
  ['o+t', 0o644, false, 0o644],
  ['o+s', 0o755, false, 0o755],
  ['=r', 0o7777, false, 0o1444],
  ['=', 0o7777, false, 0o1000],
  ['a=rwxst', 0, false, 0o7777],
  ['+xt', 0o644, false, 0o1644],
  ['go+', 0o640, false, 0o640],
  ['o=gw', 0o640, false, 0o642],
  ['00000644', 0o777, false, 0o644],
];

test.each(table)('%s over %o (directory: %p)', (text, mode, isDirectory, result) => {
  expect(parseFileMode(text).change(mode, isDirectory)).toBe(result);
});

test.each(['8', '77777', 'rwx', 'u', 'u=q', '', 'u=r,', '0x1'])('%p is refused', (text) => {
  expect(() => parseFileMode(text)).toThrow('invalid --chmod');
});

test('directories made on the way take octal digits without their special bits', () => {
  expect(parseFileMode('4710').madeDirectories).toBe(0o710);
  expect(parseFileMode('777').madeDirectories).toBe(0o755);
  expect(parseFileMode('u=rwx').madeDirectories).toBe(0o755);
});
