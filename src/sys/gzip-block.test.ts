import { expect, test } from 'bun:test';
import fc from 'fast-check';
import { packGzipBlock } from './gzip-block.ts';

const PIECE = 1 << 16;

function noise(length: number, seed = 1): Uint8Array {
  const words = new Uint32Array(length / 4);
  let state = seed;
  for (let i = 0; i < words.length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    words[i] = state;
  }
  return new Uint8Array(words.buffer);
}

function text(length: number): Uint8Array {
  return Buffer.alloc(length, Array.from({ length: 3000 }, (_, i) => `line ${i * 7919}\n`).join(''));
}

/** As a whole, with nothing told apart. */
const plain = (bytes: Uint8Array) =>
  Bun.gzipSync(bytes as Uint8Array<ArrayBuffer>, { level: 5, library: 'libdeflate' });
const pack = (...parts: Uint8Array[]) => packGzipBlock(new Uint8Array(Buffer.concat(parts)), 5);
const expanded = (packed: Uint8Array) => Bun.spawnSync(['gzip', '-dc'], { stdin: packed }).stdout;

test('noise is stored, and what is between compressed', () => {
  const parts = [text(PIECE + 77), noise(5 * PIECE), text(3 * PIECE)];
  const packed = pack(...parts);
  expect(expanded(packed).equals(Buffer.concat(parts))).toBe(true);
  expect(packed.length).toBeLessThan(plain(Buffer.concat(parts)).length * 1.005);
  const stored = pack(noise(4 * PIECE));
  // A header, a trailer, and five bytes for each 64 KiB.
  expect(stored.length).toBeLessThan(4 * PIECE + 64);
  expect(expanded(stored).equals(noise(4 * PIECE))).toBe(true);
});

test('what is stored is what libdeflate would have made of it', () => {
  for (const length of [0, 4, 0xffff + 1 - 4, 0xffff + 1, 2 * 0xffff + 2, 5 * PIECE]) {
    const bytes = noise(length) as Uint8Array<ArrayBuffer>;
    const whole = Bun.gzipSync(bytes, { level: 0, library: 'libdeflate' });
    expect(Buffer.compare(packGzipBlock(bytes, 0), whole)).toBe(0);
  }
  const odd = noise(0x20000).subarray(0, 0xffff) as Uint8Array<ArrayBuffer>;
  const whole = Bun.gzipSync(odd, { level: 0, library: 'libdeflate' });
  expect(Buffer.compare(packGzipBlock(odd, 0), whole)).toBe(0);
});

test('what only looks like noise is compressed', () => {
  const once = noise(PIECE / 4);
  const again = Array.from({ length: 16 }, () => once);
  expect(pack(...again).length).toBeLessThan(PIECE);
  // All values are as frequent, in their order.
  const order = new Uint8Array(4 * PIECE).map((_, i) => i);
  expect(pack(order).length).toBeLessThan(PIECE / 8);
  // Samples of sound: one byte of two says little.
  const sound = noise(4 * PIECE).map((byte, i) => (i % 2 === 0 ? byte : byte & 3));
  expect(pack(sound).length).toBe(plain(sound).length);
});

test('one piece alone is no member of its own', () => {
  const bytes = new Uint8Array(Buffer.concat([text(PIECE), noise(PIECE), text(PIECE)]));
  expect(Buffer.compare(packGzipBlock(bytes, 5), plain(bytes))).toBe(0);
});

test('whatever the parts, what comes out went in', () => {
  const part = fc.record({
    even: fc.boolean(),
    size: fc.integer({ min: 0, max: 4 * PIECE }),
    seed: fc.integer({ min: 1 }),
  });
  const property = fc.property(
    fc.array(part, { maxLength: 4 }),
    fc.integer({ min: 0, max: 6 }),
    (parts, level) => {
      const bytes = new Uint8Array(
        Buffer.concat(
          parts.map(({ even, size, seed }) => (even ? noise(4 * size, seed).subarray(0, size) : text(size))),
        ),
      );
      const packed = packGzipBlock(bytes, level);
      expect(expanded(packed).equals(bytes)).toBe(true);
      expect(Buffer.compare(packGzipBlock(bytes.slice(), level), packed)).toBe(0);
    },
  );
  fc.assert(property, { numRuns: 20 });
});
