import { describe, expect, test } from 'bun:test';
import { meaningOfMarshal } from './marshal.ts';

const PYTHON_310 = 3439;
const PYTHON_311 = 3495;

/** Types as Python writes them; `z!` is one that may be referred to. */
function type(name: string): number {
  return name.charCodeAt(0) | (name.endsWith('!') ? 0x80 : 0);
}

function short(kind: string, text: string): Buffer {
  return Buffer.concat([Buffer.from([type(kind), text.length]), Buffer.from(text)]);
}

function number(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32LE(value);
  return bytes;
}

function bytes(text: string): Buffer {
  return Buffer.concat([Buffer.from('s'), number(text.length), Buffer.from(text)]);
}

function reference(place: number): Buffer {
  return Buffer.concat([Buffer.from('r'), number(place)]);
}

function tuple(...all: Buffer[]): Buffer {
  return Buffer.concat([Buffer.from([type(')'), all.length]), ...all]);
}

function frozenset(...all: Buffer[]): Buffer {
  return Buffer.concat([Buffer.from('>'), number(all.length), ...all]);
}

function read(given: Buffer, magic = PYTHON_311): string | undefined {
  return meaningOfMarshal(given, magic);
}

describe('compiled Python means the same', () => {
  test('whether an object may be referred to, and is', () => {
    const twice = tuple(short('z', 'a'), short('z', 'a'), short('z', 'b'));
    expect(read(tuple(short('z!', 'a'), reference(0), short('z', 'b')))).toBe(read(twice)!);
    expect(read(tuple(short('z!', 'a'), short('z', 'a'), short('z!', 'b')))).toBe(read(twice)!);
    expect(read(tuple(short('Z!', 'a'), reference(0), short('Z!', 'b')))).toBe(read(twice)!);
    const other = tuple(short('z!', 'a'), short('z!', 'b'), reference(1));
    expect(read(other)).not.toBe(read(twice)!);
    expect(read(tuple(bytes('a'), short('z', 'a')))).not.toBe(read(tuple(short('z', 'a'), bytes('a')))!);
  });

  test('a set, in whatever order; a tuple is in its own', () => {
    const [a, b] = [short('z', 'a'), short('z', 'b')];
    expect(read(frozenset(a, b))).toBe(read(frozenset(b, a))!);
    expect(read(frozenset(a, b))).not.toBe(read(frozenset(a, a))!);
    expect(read(tuple(a, b))).not.toBe(read(tuple(b, a))!);
  });

  test('a code object, as 3.10 and as 3.11 write it', () => {
    const numbers = (count: number) => Array.from({ length: count }, (_, i) => number(i));
    const objects = (count: number, first: string) =>
      Array.from({ length: count }, (_, i) => (i === 0 ? bytes(first) : tuple()));
    const code = (magic: number, first: string) =>
      magic < 3450
        ? [Buffer.from('c'), ...numbers(6), ...objects(8, first), number(1), bytes('lines')]
        : [Buffer.from('c'), ...numbers(5), ...objects(8, first), number(1), bytes('lines'), bytes('')];
    for (const magic of [PYTHON_310, PYTHON_311]) {
      const one = Buffer.concat(code(magic, 'x'));
      expect(read(one, magic)).toBeDefined();
      expect(read(one, magic)).not.toBe(read(Buffer.concat(code(magic, 'y')), magic)!);
      for (let cut = 0; cut < one.length; cut++) expect(read(one.subarray(0, cut), magic)).toBeUndefined();
      expect(read(Buffer.concat([one, Buffer.from('N')]), magic)).toBeUndefined();
    }
  });

  test('what is not known, refers to nothing, or would fill the memory, is not read', () => {
    expect(read(short('z', 'a'), 3394)).toBeUndefined();
    expect(read(short('z', 'a'), 62211)).toBeUndefined();
    expect(read(Buffer.from('?'))).toBeUndefined();
    expect(read(reference(0))).toBeUndefined();
    expect(read(reference(-1))).toBeUndefined();
    expect(read(Buffer.concat([Buffer.from([type(')!'), 1]), reference(0)]))).toBeUndefined();
    expect(read(Buffer.concat([Buffer.from('('), number(-1)]))).toBeUndefined();
    expect(read(Buffer.concat([Buffer.from('('), number(0x7fffffff)]))).toBeUndefined();
    expect(
      read(Buffer.concat([...Array.from({ length: 3000 }, () => Buffer.from([41, 1])), Buffer.from('N')])),
    ).toBeUndefined();
    const doubled = Array.from({ length: 40 }, (_, i) => [
      Buffer.from([type(')!'), 2]),
      ...(i === 39 ? [short('z', 'a'), short('z', 'a')] : []),
    ]).flat();
    // Each tuple holds the next one twice: the second time by reference.
    const ends = Array.from({ length: 39 }, (_, i) => reference(39 - i));
    expect(read(Buffer.concat([...doubled, ...ends]))).toBeUndefined();
  });
});
