// Writes headers: ustar, with an extended header before it only where ustar cannot say it. The bytes depend on
// the entry alone: no user names, no access times, nothing of the machine.

import { encodePath } from '../../../core/index.ts';
import type { Entry } from '../../image/index.ts';
import { BLOCK, checksum, FIELD, type Field, fitsOctal, padding, writeOctal } from './format.ts';
import { tarName } from './name.ts';
import { paxRecord, xattrKey } from './pax.ts';
import { MAGIC, TYPE_FLAGS, writePlainHeader } from './plain-header.ts';

/** All header blocks of an entry, before its content. @throws MilleError `image-invalid` for a reserved name */
export function encodeHeader(entry: Entry): Uint8Array {
  const block = new Uint8Array(BLOCK);
  if (writePlainHeader(entry, block, 0)) return block;
  return encode(entry, { name: tarName(entry), nanoseconds: 0 });
}

/** The same for an archive that is no layer: no name is reserved in it, and times are kept to the nanosecond. */
export function encodeExactHeader(entry: Entry, nanoseconds: number): Uint8Array {
  return encode(entry, { name: entry.type === 'dir' ? `${entry.path}/` : entry.path, nanoseconds });
}

function encode(entry: Entry, given: { readonly name: string; readonly nanoseconds: number }): Uint8Array {
  const name = encodePath(given.name);
  const link = entry.link === undefined ? NOTHING : encodePath(entry.link);
  const split = splitName(name);
  const { nanoseconds } = given;
  const records = paxRecords(entry, { name: split ? undefined : name, link, nanoseconds });
  const before = records === undefined ? NOTHING : extendedHeader(records);
  const out = new Uint8Array(before.length + BLOCK);
  out.set(before);
  const block = out.subarray(before.length);
  writeHeader(block, entry, { name: split ?? [NOTHING, name.subarray(0, FIELD.name[1])], link });
  return out;
}

const NOTHING = new Uint8Array(0);

/** The name as ustar's prefix and name; undefined where it does not fit or is not ASCII. */
function splitName(name: Uint8Array): readonly [prefix: Uint8Array, name: Uint8Array] | undefined {
  for (const byte of name) if (byte >= 0x80) return undefined;
  if (name.length <= FIELD.name[1]) return [NOTHING, name];
  // The slash between the two is not written; a directory's last slash is no place to split.
  const slash = name.lastIndexOf(0x2f, Math.min(name.length - 2, FIELD.prefix[1]));
  if (slash <= 0 || name.length - slash - 1 > FIELD.name[1]) return undefined;
  return [name.subarray(0, slash), name.subarray(slash + 1)];
}

function paxRecords(
  entry: Entry,
  names: { name: Uint8Array | undefined; link: Uint8Array; nanoseconds: number },
): Uint8Array[] | undefined {
  const records: [string, Uint8Array][] = [];
  const number = (key: string, value: number, field: Field) => {
    if (!fitsOctal(value, field[1])) records.push([key, encodePath(String(value))]);
  };
  if (names.name) records.push(['path', names.name]);
  if (names.link.length > FIELD.link[1] || names.link.some((byte) => byte >= 0x80))
    records.push(['linkpath', names.link]);
  number('size', entry.size, FIELD.size);
  number('uid', entry.uid, FIELD.uid);
  number('gid', entry.gid, FIELD.gid);
  if (names.nanoseconds === 0) number('mtime', entry.mtime, FIELD.mtime);
  else records.push(['mtime', encodePath(decimalTime(entry.mtime, names.nanoseconds))]);
  for (const [key, value] of Object.entries(entry.xattrs ?? {}))
    records.push([xattrKey(key), Buffer.from(value, 'base64')]);
  if (records.length === 0) return undefined;
  records.sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  return records.map(([key, value]) => paxRecord(key, value));
}

/** Seconds with a fraction of nine digits. Before 1970 the fraction counts away from zero, like the rest. */
function decimalTime(seconds: number, nanoseconds: number): string {
  const whole = seconds < 0 ? -seconds - 1 : seconds;
  const fraction = seconds < 0 ? 1_000_000_000 - nanoseconds : nanoseconds;
  return `${seconds < 0 ? '-' : ''}${whole}.${String(fraction).padStart(9, '0')}`;
}

function extendedHeader(records: readonly Uint8Array[]): Uint8Array {
  const size = records.reduce((sum, record) => sum + record.length, 0);
  const out = new Uint8Array(BLOCK + size + padding(size));
  const block = out.subarray(0, BLOCK);
  block.set(encodePath('PaxHeaders.0'), FIELD.name[0]);
  writeOctal(block, FIELD.mode, 0o644);
  finish(block, { uid: 0, gid: 0, size, mtime: 0 }, 'x');
  let at = BLOCK;
  for (const record of records) {
    out.set(record, at);
    at += record.length;
  }
  return out;
}

function writeHeader(
  block: Uint8Array,
  entry: Entry,
  names: { name: readonly [Uint8Array, Uint8Array]; link: Uint8Array },
): void {
  block.set(names.name[0], FIELD.prefix[0]);
  block.set(names.name[1], FIELD.name[0]);
  block.set(names.link.subarray(0, FIELD.link[1]), FIELD.link[0]);
  writeOctal(block, FIELD.mode, entry.mode);
  if (entry.type === 'char' || entry.type === 'block') {
    writeOctal(block, FIELD.major, entry.major ?? 0);
    writeOctal(block, FIELD.minor, entry.minor ?? 0);
  }
  finish(block, entry, TYPE_FLAGS[entry.type]);
}

function finish(
  block: Uint8Array,
  numbers: { uid: number; gid: number; size: number; mtime: number },
  type: string,
): void {
  // What does not fit stands in the extended header; the field is then 0, as Go writes it.
  for (const key of ['uid', 'gid', 'size', 'mtime'] as const) {
    const value = numbers[key];
    writeOctal(block, FIELD[key], fitsOctal(value, FIELD[key][1]) ? value : 0);
  }
  block[FIELD.type[0]] = type.charCodeAt(0);
  block.set(MAGIC, FIELD.magic[0]);
  const [start] = FIELD.checksum;
  writeOctal(block, [start, 7], checksum(block));
  block[start + 7] = 32;
}
