import { describe, expect, test } from 'bun:test';
import fc from 'fast-check';
import { decodePath } from '../../core/index.ts';
import { descriptorPath, parseCall, stringOf, type TraceLine, TraceReader } from './trace-line.ts';

function linesOf(...parts: string[]): TraceLine[] {
  const lines: TraceLine[] = [];
  const reader = new TraceReader((line) => lines.push(line));
  for (const part of parts) reader.push(part);
  return lines;
}

/** As strace writes it: what is no printable ASCII in as few octal digits as do. */
function quoted(bytes: Uint8Array): string {
  const letters = [...bytes].map((byte, i) => {
    if (byte === 34 || byte === 92) return `\\${String.fromCharCode(byte)}`;
    if (byte === 10) return '\\n';
    if (byte >= 32 && byte < 127) return String.fromCharCode(byte);
    const next = bytes[i + 1] ?? 0;
    return `\\${byte.toString(8).padStart(next >= 48 && next <= 57 ? 3 : 1, '0')}`;
  });
  return `"${letters.join('')}"`;
}

describe('a call', () => {
  test('has words and a result', () => {
    expect(
      parseCall('openat(AT_FDCWD</a>, "b, (c", O_RDONLY|O_CLOEXEC) = 3</a/b\\54 (c>') ?? undefined,
    ).toEqual({
      name: 'openat',
      words: ['AT_FDCWD</a>', '"b, (c"', 'O_RDONLY|O_CLOEXEC'],
      result: '3</a/b\\54 (c>',
    });
    expect(parseCall('execve("/bin/sh", [...], 0xc000024740 /* 3 vars */) = 0')?.words).toHaveLength(3);
    expect(parseCall("vfork()   = 12 /* 14 in strace's PID NS */")?.result).toStartWith('12 /* 14');
    expect(parseCall('newfstatat(3</x>, "", {st_mode=S_IFREG|0644, st_size=3, ...}, 0) = 0')?.words[3]).toBe(
      '0',
    );
    expect(parseCall('exit_group(0)')).toBeUndefined();
  });

  test('that was interrupted is put together, also that of a thread which took the place of its process', () => {
    expect(
      linesOf(
        '7 openat(AT_FDCWD</>, "a", O_RDONLY <unfinished ...>\n8  access("x", F_OK) = 0\n7 <... op',
        'enat resumed>) = 3</a>\n7 +++ exited with 0 +++\n',
        '9 execve("/p", [...], 0x1 /* 1 var */ <unfinished ...>\n5 +++ superseded by execve in pid 9 +++\n',
        '5 <... execve resumed>) = 0\n',
      ).filter(({ kind }) => kind !== 'begun'),
    ).toMatchObject([
      { kind: 'call', pid: 8 },
      { kind: 'call', pid: 7, call: { words: ['AT_FDCWD</>', '"a"', 'O_RDONLY'], result: '3</a>' } },
      { kind: 'ended', pid: 7 },
      { kind: 'superseded', pid: 5, by: 9 },
      { kind: 'call', pid: 5, call: { name: 'execve', result: '0' } },
    ]);
  });

  test('with any name of a file gives that name', () => {
    const byte = fc.integer({ min: 1, max: 255 });
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 40 }), fc.nat(60), (bytes, cut) => {
        const line = `1 unlink(${quoted(Uint8Array.from(bytes))}) = 0\n`;
        const [parsed] = linesOf(line.slice(0, cut), line.slice(cut));
        if (parsed?.kind !== 'call') throw new Error(`not understood: ${line}`);
        expect(stringOf(parsed.call.words[0])).toBe(decodePath(Uint8Array.from(bytes)));
      }),
    );
  });

  test('about a descriptor has the path of that', () => {
    expect(descriptorPath('3</a\\74b\\76>')).toBe('/a<b>');
    expect(descriptorPath('3<pipe:[12]>')).toBeUndefined();
    expect(descriptorPath('3</x>(deleted)')).toBeUndefined();
    expect(descriptorPath('3</x (deleted)>')).toBeUndefined();
    expect(descriptorPath('AT_FDCWD')).toBeUndefined();
  });

  test('without an end is refused at some length', () => {
    expect(() => linesOf('x'.repeat(100_000))).toThrow('without end');
  });
});
