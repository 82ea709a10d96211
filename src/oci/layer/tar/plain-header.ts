// The header of nearly every entry, one that ustar can say whole: written where it shall stand, without anything being
// made for it. A layer of fifty thousand files has fifty thousand of them.

import { encodePath } from '../../../core/index.ts';
import type { Entry, EntryType } from '../../image/index.ts';
import { BLOCK, checksum, FIELD, type Field, fitsOctal } from './format.ts';
import { tarName } from './name.ts';

/** What the type field says of each type. */
export const TYPE_FLAGS: Record<EntryType, string> = {
  file: '0',
  hardlink: '1',
  symlink: '2',
  char: '3',
  block: '4',
  dir: '5',
  fifo: '6',
  whiteout: '0',
  opaque: '0',
};

/** What the field `magic` holds: the format's name and version. */
export const MAGIC = encodePath('ustar\u000000');

const TEMPLATE = new Uint8Array(BLOCK);
TEMPLATE.set(MAGIC, FIELD.magic[0]);
/** Its bytes and the spaces that the field of the sum counts as. */
const TEMPLATE_SUM = checksum(TEMPLATE);

/**
 * Writes the header of an entry at an offset.
 * @returns false for an entry that needs an extended header; what stands at the offset then means nothing
 * @throws MilleError `image-invalid` for a reserved name
 */
export function writePlainHeader(entry: Entry, out: Uint8Array, at: number): boolean {
  const { mode, uid, gid, size, mtime, link, type } = entry;
  const numbers =
    fitsOctal(uid, FIELD.uid[1]) &&
    fitsOctal(gid, FIELD.gid[1]) &&
    fitsOctal(size, FIELD.size[1]) &&
    fitsOctal(mtime, FIELD.mtime[1]);
  if (!numbers || entry.xattrs) return false;
  out.set(TEMPLATE, at);
  const name = writeName(tarName(entry), out, at);
  const target = link === undefined ? 0 : writeAscii(link, out, at, FIELD.link);
  if (name < 0 || target < 0) return false;
  let sum = TEMPLATE_SUM + name + target;
  sum += writeDigits(mode, out, at, FIELD.mode);
  sum += writeDigits(uid, out, at, FIELD.uid);
  sum += writeDigits(gid, out, at, FIELD.gid);
  sum += writeDigits(size, out, at, FIELD.size);
  sum += writeDigits(mtime, out, at, FIELD.mtime);
  if (type === 'char' || type === 'block') {
    sum += writeDigits(entry.major ?? 0, out, at, FIELD.major);
    sum += writeDigits(entry.minor ?? 0, out, at, FIELD.minor);
  }
  const flag = TYPE_FLAGS[type].charCodeAt(0);
  out[at + FIELD.type[0]] = flag;
  const [start, length] = FIELD.checksum;
  writeDigits(sum + flag, out, at, [start, length - 1]);
  out[at + start + length - 1] = 32;
  return true;
}

// What follows gives the sum of the bytes that it wrote, which would cost as much again to read; -1 where they do not fit.

/** The name whole, or as prefix and name. */
function writeName(name: string, out: Uint8Array, at: number): number {
  const [, most] = FIELD.name;
  if (name.length <= most) return writeAscii(name, out, at, FIELD.name);
  // The slash between the two is not written; a directory's last slash is no place to split.
  const slash = name.lastIndexOf('/', Math.min(name.length - 2, FIELD.prefix[1]));
  if (slash <= 0 || name.length - slash - 1 > most) return -1;
  const prefix = writeAscii(name.slice(0, slash), out, at, FIELD.prefix);
  const rest = writeAscii(name.slice(slash + 1), out, at, FIELD.name);
  return prefix < 0 || rest < 0 ? -1 : prefix + rest;
}

function writeAscii(text: string, out: Uint8Array, at: number, [start, length]: Field): number {
  if (text.length > length) return -1;
  let sum = 0;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code >= 0x80) return -1;
    out[at + start + i] = code;
    sum += code;
  }
  return sum;
}

/** A number as `writeOctal` writes it. */
function writeDigits(value: number, out: Uint8Array, at: number, [start, length]: Field): number {
  let sum = 48 * (length - 1);
  let rest = value;
  for (let to = at + start + length - 2; to >= at + start; to--) {
    // A quotient of integers below 2^53 by eight is exact.
    const next = Math.floor(rest / 8);
    const digit = rest - next * 8;
    out[to] = 48 + digit;
    sum += digit;
    rest = next;
  }
  return sum;
}
