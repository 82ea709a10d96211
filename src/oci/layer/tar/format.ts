// The tar header block: where its fields are (POSIX.1-2017, pax, "ustar Interchange Format"; GNU tar manual,
// "Basic Tar Format"), and how numbers stand in them.

import { MilleError } from '../../../core/index.ts';

/** Everything in a tar is a multiple of this. */
export const BLOCK = 512;

/** Offset and length of the header's fields. */
export const FIELD = {
  name: [0, 100],
  mode: [100, 8],
  uid: [108, 8],
  gid: [116, 8],
  size: [124, 12],
  mtime: [136, 12],
  checksum: [148, 8],
  type: [156, 1],
  link: [157, 100],
  magic: [257, 8],
  major: [329, 8],
  minor: [337, 8],
  prefix: [345, 155],
  /** The prefix of Schilling's star, recognised by `tar\0` at the end of the block. */
  starPrefix: [345, 131],
  starMagic: [508, 4],
} as const satisfies Record<string, readonly [number, number]>;

export type Field = readonly [offset: number, length: number];

/** The error for an archive that cannot be read. */
export function brokenTar(why: string): MilleError {
  return new MilleError('archive-broken', `the tar archive is damaged: ${why}`, {
    hint: 'fetch or create the archive again',
  });
}

/** Bytes of padding after `size` bytes of content. */
export function padding(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

/** Writes a number in octal with leading zeroes and a final NUL. The caller has checked that it fits. */
export function writeOctal(block: Uint8Array, field: Field, value: number): void {
  const [start, length] = field;
  let rest = value;
  for (let at = start + length - 2; at >= start; at--) {
    block[at] = 48 + (rest % 8);
    rest = Math.floor(rest / 8);
  }
  block[start + length - 1] = 0;
}

/** Whether a number fits a field of this length, NUL included. */
export function fitsOctal(value: number, length: number): boolean {
  return value >= 0 && value < 8 ** (length - 1);
}

/**
 * Reads a number: octal between spaces and NULs, or base 256 (GNU) where the first bit is set.
 * @throws MilleError `archive-broken` for other bytes and for numbers beyond 2^53
 */
export function readNumber(block: Uint8Array, field: Field, name: string): number {
  const [start, length] = field;
  if (block[start]! & 0x80) return readBase256(block, field, name);
  let at = start;
  let end = start + length;
  while (at < end && isBlank(block[at]!)) at++;
  while (end > at && isBlank(block[end - 1]!)) end--;
  let value = 0;
  for (; at < end; at++) {
    const digit = block[at]! - 48;
    // What follows a NUL is left over from the program's buffer.
    if (block[at] === 0) break;
    if (digit < 0 || digit > 7) throw brokenTar(`the ${name} of an entry is no number`);
    value = value * 8 + digit;
  }
  return value;
}

function isBlank(byte: number): boolean {
  return byte === 0 || byte === 32;
}

function readBase256(block: Uint8Array, [start, length]: Field, name: string): number {
  const negative = (block[start]! & 0x40) !== 0;
  const flip = negative ? 0xff : 0;
  let value = 0;
  for (let i = 0; i < length; i++) {
    const byte = i === 0 ? (block[start]! & 0x7f) | (negative ? 0x80 : 0) : block[start + i]!;
    value = value * 256 + (byte ^ flip);
    if (value > Number.MAX_SAFE_INTEGER) throw brokenTar(`the ${name} of an entry is too large`);
  }
  return negative ? -value - 1 : value;
}

/** The sum of a header's bytes, the checksum field taken as spaces. */
export function checksum(block: Uint8Array): number {
  const [start, length] = FIELD.checksum;
  let sum = 32 * length;
  for (let i = 0; i < start; i++) sum += block[i]!;
  for (let i = start + length; i < BLOCK; i++) sum += block[i]!;
  return sum;
}

/** The same with bytes taken as signed, as some old programs computed it. */
export function signedChecksum(block: Uint8Array): number {
  const [start, length] = FIELD.checksum;
  let sum = 32 * length;
  for (let i = 0; i < BLOCK; i++) if (i < start || i >= start + length) sum += (block[i]! << 24) >> 24;
  return sum;
}
