// Files whose format says something else each time though they mean the same. Read as such, they can be compared still:
// a text that stands for all that counts in them.

import { baseName, joinRelative, parentPath } from '../../core/index.ts';
import { compareFiles, type FileChange, type Stack } from '../differences/index.ts';
import { meaningOfMarshal } from './marshal.ts';

/** A kind of file, and how it is read. */
export interface Normaliser {
  /** In a few words, what is left out: `times and references in compiled Python`. */
  readonly leftOut: string;
  readonly matches: (path: string) => boolean;
  /** What counts of a file; undefined for one that is not of this kind after all. */
  readonly read: (bytes: Uint8Array, place: FilePlace) => Uint8Array | string | undefined;
}

/** Where a file is. */
export interface FilePlace {
  /** As containers see it. */
  readonly path: string;
  /** The time of another file there, in seconds; undefined where there is none. */
  readonly mtime: (path: string) => number | undefined;
}

/** Larger files are not read. */
const LARGEST = 64 * 1024 * 1024;

/** What differs in its content alone, and can be read without what says nothing. */
export function filesToRead(before: Stack, after: Stack): FileChange[] {
  return compareFiles(before, after).changes.filter(
    ({ path, kind, aspects, before: a, after: b }) =>
      kind === 'changed' &&
      aspects.every((aspect) => aspect === 'content') &&
      Math.max(a?.size ?? 0, b?.size ?? 0) <= LARGEST &&
      normaliserOf(path) !== undefined,
  );
}

/** How a file at a path is to be compared; undefined where nothing is known. */
export function normaliserOf(path: string): Normaliser | undefined {
  return NORMALISERS.find(({ matches }) => matches(path));
}

const NORMALISERS: readonly Normaliser[] = [
  {
    leftOut: 'times and references in compiled Python',
    matches: (path) => path.endsWith('.pyc'),
    read: compiledPython,
  },
  {
    leftOut: 'the order of the list of installed files',
    matches: (path) => /\.(?:dist|egg)-info\/(?:RECORD|installed-files\.txt|SOURCES\.txt)$/.test(path),
    read: sortedLines,
  },
  {
    leftOut: 'times in archives',
    matches: (path) => /\.(?:jar|war|ear|zip|whl|egg)$/.test(path),
    read: zipWithoutTimes,
  },
  {
    // Node and V8 hold it against the source, and compile again where it does not fit.
    leftOut: 'what Node keeps of programs that it compiled',
    matches: (path) => /^tmp\/(?:v8-compile-cache-\d+|node-compile-cache)\//.test(path),
    read: () => '',
  },
];

const PYTHON_HEADER = 16;

/** In the header: four bytes of version, of flags, of the source's time, of its size (PEP 552). */
function compiledPython(bytes: Uint8Array, { path, mtime }: FilePlace): string | undefined {
  const view = viewOf(bytes);
  if (bytes.length < PYTHON_HEADER) return undefined;
  const header = Uint8Array.from(bytes.subarray(0, PYTHON_HEADER));
  // Flags say that it is known by the hash of its source, which stands in the place of time and size.
  if (view.getUint32(4, true) === 0) {
    const source = mtime(sourceOf(path));
    // Where it is another time than the source has, Python compiles again, at each start: that is not the same.
    const isCurrent = source !== undefined && view.getUint32(8, true) === source >>> 0;
    header.fill(0, 8, 12);
    header[8] = isCurrent ? 1 : 0;
  }
  const code = bytes.subarray(PYTHON_HEADER);
  const meaning = meaningOfMarshal(code, view.getUint16(0, true));
  return [latin1(header), meaning === undefined ? `bytes ${latin1(code)}` : `code ${meaning}`].join('\n');
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}

/** `a/__pycache__/b.cpython-311.opt-1.pyc` is of `a/b.py`. */
export function sourceOf(path: string): string {
  const name = baseName(path).replace(/(?:\.[\w-]+){0,2}\.pyc$/, '.py');
  const directory = parentPath(path);
  return joinRelative(baseName(directory) === '__pycache__' ? parentPath(directory) : directory, name);
}

/** Of compiled modules the digests are those of files with times in them. */
function sortedLines(bytes: Uint8Array): string {
  const lines = new TextDecoder('latin1').decode(bytes).split('\n');
  return lines
    .map((line) => line.replace(/(\.pyc),sha256=[\w-]+,\d*/, '$1,,'))
    .sort()
    .join('\n');
}

const END_OF_ZIP = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
/** Extra fields that hold times: extended timestamps, NTFS's, old Unix'. */
const TIME_FIELDS = new Set([0x5455, 0x000a, 0x5855]);

/** A zip with zeros for the times of its entries. */
function zipWithoutTimes(bytes: Uint8Array): Uint8Array | undefined {
  const copy = Uint8Array.from(bytes);
  const view = viewOf(copy);
  try {
    let end = copy.length - 22;
    while (end >= 0 && view.getUint32(end, true) !== END_OF_ZIP) end--;
    if (end < 0) return undefined;
    const entries = view.getUint16(end + 10, true);
    let at = view.getUint32(end + 16, true);
    for (let i = 0; i < entries; i++) {
      if (view.getUint32(at, true) !== CENTRAL) return undefined;
      const local = view.getUint32(at + 42, true);
      if (view.getUint32(local, true) !== LOCAL) return undefined;
      copy.fill(0, at + 12, at + 16);
      copy.fill(0, local + 10, local + 14);
      const [name, extra, comment] = [28, 30, 32].map((place) => view.getUint16(at + place, true));
      clearTimes(copy, at + 46 + name!, extra!);
      clearTimes(copy, local + 30 + view.getUint16(local + 26, true), view.getUint16(local + 28, true));
      at += 46 + name! + extra! + comment!;
    }
    return copy;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function clearTimes(bytes: Uint8Array, start: number, length: number): void {
  const view = viewOf(bytes);
  for (let at = start; at + 4 <= start + length; ) {
    const size = view.getUint16(at + 2, true);
    if (TIME_FIELDS.has(view.getUint16(at, true))) bytes.fill(0, at + 4, at + 4 + size);
    at += 4 + size;
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
