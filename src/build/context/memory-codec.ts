// The memory of a context as bytes: names as JSON (which keeps lone surrogates), everything of fixed size in arrays
// that are used as they are. Fifty thousand files are read in a few milliseconds.

import type { Digest } from '../../core/index.ts';
import { type FileStat, packBytes, sha256, unpackBytes } from '../../sys/index.ts';

/** Numbers in a signature: see `digest-memory.ts`. */
export const SIGNATURE_NUMBERS = 7;

const VERSION = 2;
const DIGEST_BYTES = 32;

/** The part of a file's stat that tells whether it changed. */
export type SignatureStat = Pick<
  FileStat,
  'dev' | 'ino' | 'size' | 'mtime' | 'mtimeNsec' | 'ctime' | 'ctimeNsec'
>;

/** One remembered file. */
export interface Row {
  readonly name: string;
  /** What its signature is made of. */
  readonly stat: SignatureStat;
  readonly digest: Digest;
  readonly xattrs?: Readonly<Record<string, string>>;
  /** How often the memory was written since the file was asked for. */
  readonly age: number;
}

/** The files of one directory, sorted by name. */
export interface DirectoryRows {
  readonly directory: string;
  readonly rows: readonly Row[];
}

/** What was read. Rows are counted through, directory after directory. */
export interface StoredRows {
  readonly count: number;
  /** The first row of each directory, and the names of it and those that follow. */
  readonly directories: ReadonlyMap<string, { readonly first: number; readonly names: readonly string[] }>;
  readonly signatures: Float64Array;
  readonly ages: Uint8Array;
  readonly xattrs: ReadonlyMap<number, Readonly<Record<string, string>>>;
  digest(row: number): Digest;
  row(index: number, name: string, age: number): Row;
}

type Header = readonly [
  version: number,
  directories: readonly (readonly [directory: string, names: readonly string[]])[],
  xattrs: readonly (readonly [row: number, Readonly<Record<string, string>>])[],
];

const CHECKSUM_BYTES = 8;

/** Numbers of eight bytes, then digests, then ages, then the JSON; a checksum at the end. */
export function encodeRows(directories: readonly DirectoryRows[]): Uint8Array {
  const rows = directories.flatMap((directory) => directory.rows);
  const header: Header = [
    VERSION,
    directories.map(({ directory, rows }) => [directory, rows.map((row) => row.name)]),
    rows.flatMap(({ xattrs }, i) => (xattrs ? [[i, xattrs] as const] : [])),
  ];
  const json = new TextEncoder().encode(JSON.stringify(header));
  const { digests, ages, text } = offsets(rows.length);
  const out = new Uint8Array(text + json.length);
  const numbers = new Float64Array(out.buffer, 0, 1 + rows.length * SIGNATURE_NUMBERS);
  const bytes = Buffer.from(out.buffer);
  numbers[0] = rows.length;
  for (const [i, row] of rows.entries()) {
    const { dev, ino, size, mtime, mtimeNsec, ctime, ctimeNsec } = row.stat;
    const at = 1 + i * SIGNATURE_NUMBERS;
    numbers[at] = dev;
    numbers[at + 1] = ino;
    numbers[at + 2] = size;
    numbers[at + 3] = mtime;
    numbers[at + 4] = mtimeNsec;
    numbers[at + 5] = ctime;
    numbers[at + 6] = ctimeNsec;
    bytes.write(row.digest.slice(7), digests + i * DIGEST_BYTES, 'hex');
    out[ages + i] = row.age;
  }
  out.set(json, text);
  const packed = packBytes(out);
  return Buffer.concat([packed, checksum(packed)]);
}

function offsets(count: number): { digests: number; ages: number; text: number } {
  const digests = 8 + count * SIGNATURE_NUMBERS * 8;
  const ages = digests + count * DIGEST_BYTES;
  return { digests, ages, text: ages + count };
}

function checksum(bytes: Uint8Array): Uint8Array {
  return Buffer.from(sha256(bytes).slice(7, 7 + 2 * CHECKSUM_BYTES), 'hex');
}

/** Undoes `encodeRows`; what is damaged or of another version is empty. */
export function decodeRows(bytes: Uint8Array | undefined): StoredRows {
  if (!bytes || bytes.length <= CHECKSUM_BYTES) return EMPTY;
  const packed = bytes.subarray(0, -CHECKSUM_BYTES);
  if (!Buffer.from(checksum(packed)).equals(bytes.subarray(-CHECKSUM_BYTES))) return EMPTY;
  try {
    return readRows(unpackBytes(packed));
  } catch {
    return EMPTY;
  }
}

function readRows(unpacked: Uint8Array): StoredRows {
  // Numbers of eight bytes need an address that eight divides.
  const all = unpacked.byteOffset % 8 === 0 ? unpacked : unpacked.slice();
  const count = new Float64Array(all.buffer, all.byteOffset, 1)[0]!;
  const at = offsets(count);
  const [version, listed, xattrs] = JSON.parse(Buffer.from(all.subarray(at.text)).toString()) as Header;
  if (version !== VERSION) return EMPTY;
  const signatures = new Float64Array(all.buffer, all.byteOffset + 8, count * SIGNATURE_NUMBERS);
  const ages = all.subarray(at.ages, at.text);
  // All digits at once: a slice of a text costs nothing.
  const hex = Buffer.from(all.buffer, all.byteOffset + at.digests, count * DIGEST_BYTES).toString('hex');
  const directories = new Map<string, { first: number; names: readonly string[] }>();
  let first = 0;
  for (const [directory, names] of listed) {
    directories.set(directory, { first, names });
    first += names.length;
  }
  const attributes = new Map(xattrs);
  // Written by `encodeRows` from digests.
  const digest = (row: number) => `sha256:${hex.slice(row * 64, row * 64 + 64)}` as Digest;
  return {
    count,
    directories,
    signatures,
    ages,
    xattrs: attributes,
    digest,
    row: (index, name, age) => {
      const row = { name, stat: statOf(signatures, index * SIGNATURE_NUMBERS), digest: digest(index), age };
      const found = attributes.get(index);
      return found ? { ...row, xattrs: found } : row;
    },
  };
}

function statOf(numbers: Float64Array, at: number): SignatureStat {
  return {
    dev: numbers[at]!,
    ino: numbers[at + 1]!,
    size: numbers[at + 2]!,
    mtime: numbers[at + 3]!,
    mtimeNsec: numbers[at + 4]!,
    ctime: numbers[at + 5]!,
    ctimeNsec: numbers[at + 6]!,
  };
}

const EMPTY: StoredRows = {
  count: 0,
  directories: new Map(),
  signatures: new Float64Array(0),
  ages: new Uint8Array(0),
  xattrs: new Map(),
  digest: () => {
    throw new Error('no row');
  },
  row: () => {
    throw new Error('no row');
  },
};
