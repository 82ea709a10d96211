// Maps of sparse files: which parts of the content stand in the archive (GNU tar manual, "Storing Sparse Files").
// The old GNU form is in the header, forms 0.0 and 0.1 in the extended header, 1.0 before the content.

import { LIMITS, MilleError } from '../../../core/index.ts';
import { BLOCK, brokenTar, readNumber } from './format.ts';
import { type PaxRecords, paxNumber, paxText } from './pax.ts';

/** A part of the content that stands in the archive. */
export interface Fragment {
  readonly offset: number;
  readonly length: number;
}

/** A reader of blocks that follow the header. */
export type NextBlocks = (bytes: number) => Promise<Uint8Array>;

/** The parts of a sparse file and its real size. */
export interface SparseMap {
  readonly fragments: readonly Fragment[];
  readonly size: number;
  /** Bytes of the entry's data that the map itself took (form 1.0). */
  readonly mapBytes: number;
}

/** Reads the old GNU form, type `S`: four parts in the header, more in blocks that follow. */
export async function readOldSparse(header: Uint8Array, next: NextBlocks): Promise<SparseMap> {
  const fragments: Fragment[] = [];
  const size = readNumber(header, [483, 12], 'real size');
  const take = (block: Uint8Array, start: number, count: number) => {
    for (let i = 0; i < count; i++) {
      const at = start + 24 * i;
      if (block[at] === 0) return;
      fragments.push({
        offset: readNumber(block, [at, 12], 'sparse map'),
        length: readNumber(block, [at + 12, 12], 'sparse map'),
      });
    }
  };
  take(header, 386, 4);
  let more = header[482] !== 0;
  for (let read = BLOCK; more; read += BLOCK) {
    if (read > LIMITS.tarHeader) throw tooLarge();
    const block = await next(BLOCK);
    take(block, 0, 21);
    more = block[504] !== 0;
  }
  return { fragments, size, mapBytes: 0 };
}

/**
 * Reads the forms of extended headers, if there is one.
 * @param pairs offsets and lengths of form 0.0, whose keys come many times
 */
export async function readPaxSparse(
  records: PaxRecords,
  pairs: readonly number[],
  next: NextBlocks,
): Promise<SparseMap | undefined> {
  const size = records.get('GNU.sparse.realsize') ?? records.get('GNU.sparse.size');
  const text = (key: string) => paxText(records.get(key) ?? new Uint8Array());
  if (text('GNU.sparse.major') === '1' && text('GNU.sparse.minor') === '0') {
    if (!size) throw brokenTar('a sparse file has no size');
    return { ...(await readFormOne(next)), size: paxNumber(size, 'size') };
  }
  const map = records.get('GNU.sparse.map');
  if (!map && !records.has('GNU.sparse.numblocks')) return undefined;
  if (!size) throw brokenTar('a sparse file has no size');
  const numbers = map
    ? paxText(map)
        .split(',')
        .filter((item) => item !== '')
        .map(decimal)
    : pairs;
  return { fragments: pairUp(numbers), size: paxNumber(size, 'size'), mapBytes: 0 };
}

async function readFormOne(next: NextBlocks): Promise<Omit<SparseMap, 'size'>> {
  const numbers: number[] = [];
  let current = '';
  let wanted = 1;
  let mapBytes = 0;
  while (numbers.length < wanted) {
    if (mapBytes >= LIMITS.tarHeader) throw tooLarge();
    const block = await next(BLOCK);
    mapBytes += BLOCK;
    for (let i = 0; i < BLOCK && numbers.length < wanted; i++) {
      if (block[i] !== 10) {
        current += String.fromCharCode(block[i]!);
        continue;
      }
      numbers.push(decimal(current));
      current = '';
      if (numbers.length === 1) wanted = 1 + 2 * numbers[0]!;
    }
    if (current.length > 20) throw brokenTar('a sparse map is malformed');
  }
  return { fragments: pairUp(numbers.slice(1)), mapBytes };
}

function pairUp(numbers: readonly number[]): Fragment[] {
  if (numbers.length % 2 === 1) throw brokenTar('a sparse map is malformed');
  return Array.from({ length: numbers.length / 2 }, (_, i) => ({
    offset: numbers[2 * i]!,
    length: numbers[2 * i + 1]!,
  }));
}

function decimal(text: string): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
  if (!Number.isSafeInteger(value)) throw brokenTar('a sparse map is malformed');
  return value;
}

/** @throws MilleError `archive-broken` unless the parts are in order, within the file, and `stored` bytes long */
export function checkSparse(map: SparseMap, stored: number): void {
  let end = 0;
  let total = 0;
  for (const { offset, length } of map.fragments) {
    if (offset < end || offset + length > map.size) throw brokenTar('a sparse map is malformed');
    end = offset + length;
    total += length;
  }
  if (total !== stored) throw brokenTar('a sparse map does not agree with its data');
}

function tooLarge(): MilleError {
  return new MilleError(
    'archive-limit',
    `the archive holds a sparse map of more than ${LIMITS.tarHeader} bytes`,
  );
}
