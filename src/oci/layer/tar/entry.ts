// A header block and what preceded it, as an entry.

import { decodePath, MilleError } from '../../../core/index.ts';
import type { Entry } from '../../image/index.ts';
import type { Extensions } from './extensions.ts';
import { brokenTar, FIELD, type Field, readNumber } from './format.ts';
import { cleanName } from './name.ts';
import { paxNanoseconds, paxNumber, paxSeconds, paxText, XATTR_PREFIX, xattrName } from './pax.ts';

type TarType = Exclude<Entry['type'], 'whiteout' | 'opaque'>;

const TYPES: Readonly<Record<string, TarType>> = {
  '\0': 'file',
  '0': 'file',
  '1': 'hardlink',
  '2': 'symlink',
  '3': 'char',
  '4': 'block',
  '5': 'dir',
  '6': 'fifo',
  // Contiguous files, sparse files, and directories of GNU's incremental archives.
  '7': 'file',
  S: 'file',
  D: 'dir',
};

/** Owners beyond this mean "no change" to chown(2), or do not fit. */
const LARGEST_ID = 0xfffffffe;

/** An entry and how many bytes of data follow its header. */
export interface ParsedHeader {
  readonly entry: Entry;
  readonly stored: number;
  /** Of its time, beyond the seconds. */
  readonly nanoseconds: number;
}

/**
 * Reads a header block whose checksum was right.
 * @returns undefined for a volume label
 * @throws MilleError `archive-broken`, `archive-escape`, `archive-limit`
 */
export function readEntry(block: Uint8Array, extensions: Extensions): ParsedHeader | undefined {
  const flag = String.fromCharCode(block[FIELD.type[0]]!);
  if (flag === 'V') return undefined;
  const written = TYPES[flag];
  if (!written) throw brokenTar(`it holds an entry of the unknown type ${JSON.stringify(flag)}`);
  const { records } = extensions;
  const raw = readName(block, extensions, flag);
  // Archives from before directories had a type mark them by a slash.
  const type = written === 'file' && raw.endsWith('/') ? 'dir' : written;
  const path = cleanName(raw);
  if (path === '' && type !== 'dir') throw brokenTar('it holds an entry without a name');
  const number = (key: string, field: Field) => {
    const value = records.get(key);
    return value ? paxNumber(value, key) : readNumber(block, field, key);
  };
  const size = number('size', FIELD.size);
  const uid = number('uid', FIELD.uid);
  const gid = number('gid', FIELD.gid);
  if (size < 0) throw brokenTar('an entry has a negative size');
  if (uid < 0 || gid < 0 || uid > LARGEST_ID || gid > LARGEST_ID)
    throw brokenTar('an entry has an impossible owner');
  const mtime = records.get('mtime');
  const xattrs = readXattrs(extensions);
  const entry: Entry = {
    path,
    type,
    // A link has no mode of its own: whatever an archive says, on a disk it is 777.
    mode: type === 'symlink' ? 0o777 : readNumber(block, FIELD.mode, 'mode') & 0o7777,
    uid,
    gid,
    size: type === 'file' ? size : 0,
    mtime: mtime ? paxSeconds(mtime, 'mtime') : readNumber(block, FIELD.mtime, 'mtime'),
    ...(type === 'symlink' || type === 'hardlink' ? { link: readLink(block, extensions, type) } : undefined),
    ...(type === 'char' || type === 'block'
      ? { major: readDevice(block, FIELD.major), minor: readDevice(block, FIELD.minor) }
      : undefined),
    ...(xattrs ? { xattrs } : undefined),
  };
  const followed = written === 'file' || flag === 'D';
  return { entry, stored: followed ? size : 0, nanoseconds: mtime ? paxNanoseconds(mtime) : 0 };
}

function readDevice(block: Uint8Array, field: Field): number {
  const value = readNumber(block, field, 'device');
  if (value < 0 || value > 0xffffffff) throw brokenTar('an entry has an impossible device number');
  return value;
}

function text(block: Uint8Array, [start, length]: Field): string {
  let end = start;
  let high = 0;
  while (end < start + length && block[end] !== 0) high |= block[end++]!;
  const bytes = block.subarray(start, end);
  return high < 0x80 ? String.fromCharCode.apply(null, bytes as unknown as number[]) : decodePath(bytes);
}

function readName(block: Uint8Array, extensions: Extensions, flag: string): string {
  const real = extensions.records.get('GNU.sparse.name') ?? extensions.records.get('path');
  if (real) return paxText(real);
  if (extensions.longName) return decodePath(extensions.longName);
  const name = text(block, FIELD.name);
  // `ustar\0` has a prefix; in GNU's form (`ustar ` with spaces) the place holds other things.
  const posix = text(block, FIELD.magic).startsWith('ustar') && block[FIELD.magic[0] + 5] === 0;
  if (!posix || flag === 'S') return name;
  const star = text(block, FIELD.starMagic) === 'tar';
  const prefix = text(block, star ? FIELD.starPrefix : FIELD.prefix);
  return prefix === '' ? name : `${prefix}/${name}`;
}

function readLink(block: Uint8Array, extensions: Extensions, type: TarType): string {
  const pax = extensions.records.get('linkpath');
  const raw = pax
    ? paxText(pax)
    : extensions.longLink
      ? decodePath(extensions.longLink)
      : text(block, FIELD.link);
  if (type === 'symlink') {
    if (raw === '' || raw.length > 4095 || raw.includes('\0'))
      throw brokenTar('a symbolic link has an impossible target');
    return raw;
  }
  try {
    const clean = cleanName(raw);
    if (clean === '') throw brokenTar('a hard link has no target');
    return clean;
  } catch (error) {
    if (!(error instanceof MilleError) || error.code !== 'archive-escape') throw error;
    throw new MilleError('archive-escape', error.message.replace('a name', 'a hard link to a name'), {
      hint: 'such an archive could reach files outside its directory; nothing of this entry was unpacked',
    });
  }
}

function readXattrs(extensions: Extensions): Record<string, string> | undefined {
  if (extensions.records.size === 0) return undefined;
  let xattrs: Record<string, string> | undefined;
  for (const [key, value] of extensions.records) {
    if (!key.startsWith(XATTR_PREFIX)) continue;
    xattrs ??= Object.create(null) as Record<string, string>;
    xattrs[xattrName(key)] = Buffer.from(value).toString('base64');
  }
  return xattrs && Object.fromEntries(Object.entries(xattrs).sort(([a], [b]) => (a < b ? -1 : 1)));
}
