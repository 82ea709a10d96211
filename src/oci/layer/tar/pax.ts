// Extended headers (POSIX.1-2017, pax, "pax Extended Header"): records `LENGTH KEY=VALUE\n`. Values are bytes
// here: file names are written as they are, also where they are not UTF-8, as Go, GNU tar and libarchive do.

import { decodePath, encodePath } from '../../../core/index.ts';
import { brokenTar } from './format.ts';

/** A value of an extended header. */
export type PaxRecords = Map<string, Uint8Array>;

/** Attributes stand under this prefix, their values as raw bytes. */
export const XATTR_PREFIX = 'SCHILY.xattr.';

/** One record as bytes. */
export function paxRecord(key: string, value: Uint8Array): Uint8Array {
  const tail = encodePath(` ${key}=`);
  const body = tail.length + value.length + 1;
  let length = body + 1;
  while (length !== body + String(length).length) length = body + String(length).length;
  const out = new Uint8Array(length);
  const digits = encodePath(String(length));
  out.set(digits);
  out.set(tail, digits.length);
  out.set(value, digits.length + tail.length);
  out[length - 1] = 10;
  return out;
}

/** Calls `take` for each record of an extended header. @throws MilleError `archive-broken` */
export function readPax(data: Uint8Array, take: (key: string, value: Uint8Array) => void): void {
  for (let at = 0; at < data.length; ) {
    let length = 0;
    let digits = at;
    for (; data[digits]! >= 48 && data[digits]! <= 57 && digits < at + 8; digits++)
      length = length * 10 + data[digits]! - 48;
    const end = at + length;
    const equals = data.indexOf(0x3d, digits);
    const sound = digits > at && data[digits] === 32 && end <= data.length && data[end - 1] === 10;
    if (!sound || equals < 0 || equals <= digits + 1 || equals >= end)
      throw brokenTar('an extended header is malformed');
    const key = decodePath(data.subarray(digits + 1, equals));
    if (key.includes('\0')) throw brokenTar('an extended header is malformed');
    take(key, data.slice(equals + 1, end - 1));
    at = end;
  }
}

/** An attribute's name as a key: `=` cannot stand in keys, so that it is escaped as GNU tar does. */
export function xattrKey(name: string): string {
  return /=|%3D|%25/.test(name)
    ? XATTR_PREFIX + name.replace(/%/g, '%25').replace(/=/g, '%3D')
    : XATTR_PREFIX + name;
}

/** The inverse of `xattrKey`. */
export function xattrName(key: string): string {
  const name = key.slice(XATTR_PREFIX.length);
  return name.replace(/%3D|%25/g, (code) => (code === '%3D' ? '=' : '%'));
}

/** A value as a text of the path encoding. */
export function paxText(value: Uint8Array): string {
  return decodePath(value);
}

/** A decimal number without sign. @throws MilleError `archive-broken` */
export function paxNumber(value: Uint8Array, key: string): number {
  const text = decodePath(value);
  const number = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(number)) throw brokenTar(`the extended header's ${key} is no number`);
  return number;
}

/** A time in seconds with an optional fraction, rounded down. @throws MilleError `archive-broken` */
export function paxSeconds(value: Uint8Array, key: string): number {
  const match = /^(-?)(\d{1,15})(?:\.(\d*))?$/.exec(decodePath(value));
  if (!match) throw brokenTar(`the extended header's ${key} is no time`);
  const whole = Number(match[2]);
  if (match[1] === '') return whole;
  return /[1-9]/.test(match[3] ?? '') ? -whole - 1 : -whole + 0;
}

/** The nanoseconds beyond `paxSeconds` of the same value. */
export function paxNanoseconds(value: Uint8Array): number {
  const match = /^(-?)\d{1,15}\.(\d+)$/.exec(decodePath(value));
  if (!match) return 0;
  const fraction = Number(match[2]!.padEnd(9, '0').slice(0, 9));
  return match[1] === '-' && fraction > 0 ? 1_000_000_000 - fraction : fraction;
}
