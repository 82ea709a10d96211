import { expect, test } from 'bun:test';
import { parseDiskSize } from './disk-size.ts';

test.each([
  ['0', 0],
  ['1000', 1000],
  ['12B', 12],
  ['20GB', 20e9],
  ['20gb', 20e9],
  ['1.5g', 1.5e9],
  ['2 TB', 2e12],
  ['512MiB', 512 * 2 ** 20],
  ['1Ki', 1024],
])('%s', (text, bytes) => expect(parseDiskSize(text)).toBe(bytes));

test.each(['', 'GB', '-1', '1e9', '10XB', '10GBB', '1.', '.5G', '10 G B', '99999999PB', '٣GB'])(
  '%p is no size',
  (text) => expect(parseDiskSize(text)).toBeUndefined(),
);
