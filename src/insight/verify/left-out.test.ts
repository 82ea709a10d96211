import { describe, expect, test } from 'bun:test';
import { normaliserOf } from './left-out.ts';
import { patternOf } from './random-names.ts';

function read(path: string, bytes: Uint8Array | string, source?: number): string | undefined {
  const given = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
  const mtime = (of: string) => (of === 'd/a.py' ? source : undefined);
  const result = normaliserOf(path)!.read(given, { path, mtime });
  return result === undefined ? undefined : Buffer.from(result).toString('hex');
}

function compiled(time: number, body: string, flags = 0): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt32LE(0x0a0d0da7, 0);
  header.writeUInt32LE(flags, 4);
  header.writeUInt32LE(time, 8);
  header.writeUInt32LE(9, 12);
  return Buffer.concat([header, Buffer.from(body, 'latin1')]);
}

/** A zip of one stored file. */
function zip(time: number, content: string): Buffer {
  const name = Buffer.from('a/B.class');
  const stamp = Buffer.alloc(9);
  stamp.writeUInt16LE(0x5455, 0);
  stamp.writeUInt16LE(5, 2);
  stamp.writeUInt32LE(time, 5);
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt32LE(time, 10);
  local.writeUInt32LE(content.length, 18);
  local.writeUInt32LE(content.length, 22);
  local.writeUInt16LE(name.length, 26);
  local.writeUInt16LE(stamp.length, 28);
  const first = Buffer.concat([local, name, stamp, Buffer.from(content)]);
  const central = Buffer.alloc(46);
  central.writeUInt32LE(0x02014b50, 0);
  central.writeUInt32LE(time, 12);
  central.writeUInt16LE(name.length, 28);
  central.writeUInt16LE(stamp.length, 30);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(first.length, 16);
  return Buffer.concat([first, central, name, stamp, end]);
}

describe('files that say something else each time and mean the same', () => {
  test('compiled Python: the time of its source', () => {
    expect(read('a.pyc', compiled(1, 'x'))).toBe(read('a.pyc', compiled(2, 'x'))!);
    expect(read('a.pyc', compiled(1, 'x'))).not.toBe(read('a.pyc', compiled(1, 'y'))!);
    // What is checked by the hash of its source has no time in it.
    expect(read('a.pyc', compiled(1, 'x', 1))).not.toBe(read('a.pyc', compiled(2, 'x', 1))!);
    // The same tuple of two strings, once with a reference.
    const [twice, once] = [')\x02z\x01az\x01a', ')\x02\xfa\x01ar\0\0\0\0'];
    expect(read('a.pyc', compiled(1, twice))).toBe(read('a.pyc', compiled(1, once))!);
    expect(read('a.pyc', 'short')).toBeUndefined();
    // It is another matter whether it is that of its source.
    for (const path of [
      'd/a.pyc',
      'd/__pycache__/a.cpython-311.pyc',
      'd/__pycache__/a.cpython-311.opt-1.pyc',
    ]) {
      expect(read(path, compiled(1, 'x'), 1)).toBe(read(path, compiled(2, 'x'), 2)!);
      expect(read(path, compiled(1, 'x'), 1)).not.toBe(read(path, compiled(2, 'x'), 3)!);
    }
  });

  test('lists of installed files: their order, and digests of compiled modules', () => {
    const path = 'usr/lib/python3/x-1.dist-info/RECORD';
    const digests = (one: string) => `b.py,sha256=B,2\na.pyc,sha256=${one},9\nc.pyc,,\n`;
    expect(read(path, digests('1'))).toBe(read(path, `c.pyc,,\na.pyc,sha256=2,9\nb.py,sha256=B,2\n`)!);
    expect(read(path, digests('1'))).not.toBe(read(path, 'b.py,sha256=C,2\na.pyc,,\nc.pyc,,\n')!);
    expect(normaliserOf('app/RECORD')).toBeUndefined();
  });

  test('what Node keeps of programs that it compiled: all of it', () => {
    const map = 'tmp/v8-compile-cache-0/zSusr.MAP';
    expect(read(map, '{"a":[1,2]}')).toBe(read(map, '{"b":[3]}')!);
    expect(normaliserOf('app/v8-compile-cache-0/zSusr.MAP')).toBeUndefined();
  });

  test('archives: times of their entries', () => {
    expect(read('app.jar', zip(1, 'x'))).toBe(read('app.jar', zip(77, 'x'))!);
    expect(read('app.jar', zip(1, 'x'))).not.toBe(read('app.jar', zip(1, 'y'))!);
    for (const cut of [0, 10, 40, 90]) expect(read('app.jar', zip(1, 'x').subarray(0, cut))).toBeUndefined();
    const broken = zip(1, 'x');
    broken.writeUInt32LE(0xffffff, broken.length - 6);
    expect(read('app.jar', broken)).toBeUndefined();
  });
});

test('the form of names', () => {
  const fits = (names: string[], name: string) => patternOf(names)?.test(name);
  expect(fits(['tmpa3k9dk', 'tmp_k2jd7'], 'tmpqq1122')).toBe(true);
  expect(fits(['tmpa3k9dk', 'tmp_k2jd7'], 'tmpqq11223')).toBe(false);
  const logs = ['2026-11-26T00_40_12_123Z-debug-0.log', '2026-11-26T00_41_02_001Z-debug-0.log'];
  expect(fits(logs, '2026-12-01T23_59_59_999Z-debug-0.log')).toBe(true);
  expect(fits(logs, '2026-12-01T23_59_59_999Z-error-0.log')).toBe(false);
  expect(fits(['a.x', 'bb.x'], 'c.y')).toBe(false);
  expect(patternOf(['a-b', 'c'])).toBeUndefined();
  expect(patternOf(['a-b', 'c+d'])).toBeUndefined();
});
