// The header of an rpm package as a database keeps it: counts of index entries and of bytes, the entries (tag, type,
// offset, count), the bytes. All big-endian. See the reference of rpm, "Header format".

import { cleanRelative, decodePath, joinRelative } from '../../../core/index.ts';
import { type FoundPackage, word } from '../types.ts';

const TAG = {
  name: 1000,
  version: 1001,
  release: 1002,
  epoch: 1003,
  size: 1009,
  license: 1014,
  architecture: 1022,
  sourceRpm: 1044,
  directoryIndexes: 1116,
  baseNames: 1117,
  directoryNames: 1118,
  longSize: 5009,
} as const;

const TYPE = { int32: 4, int64: 5, string: 6, stringArray: 8, i18nString: 9 } as const;

interface IndexEntry {
  readonly type: number;
  readonly offset: number;
  readonly count: number;
}

/** What a header says of its package. Keys that signatures are checked with lie among the packages. */
export function readRpmHeader(bytes: Uint8Array): FoundPackage | 'key' | 'damaged' {
  const header = openHeader(bytes);
  if (!header) return 'damaged';
  const text = (tag: number) => word(header.strings(tag, 1)[0]);
  const [name, version, release] = [text(TAG.name), text(TAG.version), text(TAG.release)];
  if (name === 'gpg-pubkey') return 'key';
  if (!name || !version) return 'damaged';
  const epoch = header.number(TAG.epoch);
  const architecture = text(TAG.architecture);
  const license = text(TAG.license);
  const source = sourceOf(text(TAG.sourceRpm));
  const size = header.number(TAG.longSize) ?? header.number(TAG.size);
  const files = filesOf(header);
  return {
    type: 'rpm',
    name,
    version: `${epoch === undefined ? '' : `${epoch}:`}${version}${release === undefined ? '' : `-${release}`}`,
    ...(source === undefined || source.name === name ? {} : { source }),
    ...(architecture === undefined ? {} : { architecture }),
    ...(license === undefined ? {} : { licenses: [license] }),
    ...(size === undefined ? {} : { size }),
    ...(files.length === 0 ? {} : { files }),
  };
}

interface Header {
  strings(tag: number, most: number): string[];
  number(tag: number): number | undefined;
  numbers(tag: number): number[];
}

function openHeader(bytes: Uint8Array): Header | undefined {
  if (bytes.length < 8) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const [entries, length] = [view.getUint32(0), view.getUint32(4)];
  const start = 8 + entries * 16;
  if (entries > 0xffff || start + length > bytes.length) return undefined;
  const data = bytes.subarray(start, start + length);
  const index = new Map<number, IndexEntry>();
  for (let at = 8; at < start; at += 16)
    index.set(view.getUint32(at), {
      type: view.getUint32(at + 4),
      offset: view.getUint32(at + 8),
      count: view.getUint32(at + 12),
    });
  const values = new DataView(data.buffer, data.byteOffset, data.length);
  const numbers = (tag: number) => {
    const entry = index.get(tag);
    const width = entry?.type === TYPE.int32 ? 4 : entry?.type === TYPE.int64 ? 8 : 0;
    if (!entry || width === 0 || entry.offset + entry.count * width > data.length) return [];
    return Array.from({ length: entry.count }, (_, i) => {
      const at = entry.offset + i * width;
      return width === 4 ? values.getUint32(at) : Number(values.getBigUint64(at));
    });
  };
  return {
    numbers,
    number: (tag) => numbers(tag)[0],
    strings: (tag, most) => {
      const entry = index.get(tag);
      if (!entry || !isText(entry.type)) return [];
      const found: string[] = [];
      let at = entry.offset;
      for (let i = 0; i < Math.min(entry.count, most) && at < data.length; i++) {
        const end = data.indexOf(0, at);
        if (end < 0) break;
        found.push(decodePath(data.subarray(at, end)));
        at = end + 1;
      }
      return found;
    },
  };
}

function isText(type: number): boolean {
  return type === TYPE.string || type === TYPE.stringArray || type === TYPE.i18nString;
}

/** `bash-5.1.8-6.el9.src.rpm`: the name may hold hyphens, version and release may not. */
function sourceOf(file: string | undefined): { readonly name: string; readonly version: string } | undefined {
  const [, name, version] = /^(.+)-([^-]+-[^-]+)\.(?:no)?src\.rpm$/.exec(file ?? '') ?? [];
  return name !== undefined && version !== undefined ? { name, version } : undefined;
}

const MOST_FILES = 500_000;

/** Paths are kept as directories, names, and which name is in which directory. */
function filesOf(header: Header): string[] {
  const directories = header.strings(TAG.directoryNames, MOST_FILES);
  const of = header.numbers(TAG.directoryIndexes);
  return header.strings(TAG.baseNames, MOST_FILES).flatMap((name, i) => {
    const directory = directories[of[i] ?? -1];
    return directory === undefined ? [] : [joinRelative(cleanRelative(directory), name)];
  });
}
