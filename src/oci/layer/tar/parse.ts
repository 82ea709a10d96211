// Reads a tar from a stream: v7, ustar, star, GNU (long names, base-256 numbers, old sparse files) and extended
// headers (local and global, sparse 0.0 to 1.0). Strict about checksums and everything else that damage would
// show in; tolerant, as Go is, of an archive without its two final blocks of zeroes.

import { LIMITS, MilleError } from '../../../core/index.ts';
import { nextTurn } from '../../../sys/index.ts';
import type { Entry } from '../../image/index.ts';
import { ByteReader } from './byte-reader.ts';
import { readEntry } from './entry.ts';
import { Extensions } from './extensions.ts';
import { BLOCK, brokenTar, checksum, FIELD, padding, readNumber, signedChecksum } from './format.ts';
import { checkSparse, type Fragment, readOldSparse, readPaxSparse } from './sparse.ts';

/** Receives what an archive holds, in its order. Bytes are valid only during the call. */
export interface TarHandler {
  /**
   * A header. Names are clean; whiteouts are still files (see `asLayerEntry`).
   * @param nanoseconds what the time has beyond its seconds
   */
  entry(entry: Entry, nanoseconds: number): void;
  /** A part of the entry's content, and its offset in the archive. */
  data?(bytes: Uint8Array, offset: number): void;
  /** Where a part of the entry's content lies: whoever has this gets no `data`, and the content need not be read. */
  placed?(offset: number, length: number): void;
  /** A hole of a sparse file. */
  zeros?(length: number): void;
  /** All of the entry was read; the next one comes when the promise, if there is one, is fulfilled. */
  end?(entry: Entry): void | Promise<void>;
}

/** A handler that reads all contents. */
export type ReadingHandler = Required<Omit<TarHandler, 'placed'>>;

/**
 * Reads an archive to the end of its stream.
 * @throws MilleError `archive-broken`, `archive-escape`, `archive-limit`
 */
export async function readTar(source: AsyncIterable<Uint8Array>, handler: TarHandler): Promise<void> {
  const reader = new ByteReader(source);
  try {
    await readEntries(reader, handler);
    // The rest is padding of whoever wrote it; it is read because a digest covers it.
    while (await reader.some(Number.MAX_SAFE_INTEGER));
  } finally {
    await reader.close();
  }
}

async function readEntries(reader: ByteReader, handler: TarHandler): Promise<void> {
  const extensions = new Extensions();
  let entries = 0;
  let expanded = 0;
  for (;;) {
    const block = reader.takeNow(BLOCK) ?? (await firstOrNext(reader));
    if (!block || (await isEnd(block, reader))) {
      if (extensions.pending) throw brokenTar('it ends after an extended header');
      return;
    }
    if (reader.offset === BLOCK && !isTarHeader(block)) throw noTar();
    checkSum(block);
    const flag = String.fromCharCode(block[FIELD.type[0]]!);
    if (Extensions.isOne(flag)) {
      await extensions.read(flag, readNumber(block, FIELD.size, 'size'), reader);
      continue;
    }
    if (++entries > LIMITS.archiveEntries)
      throw new MilleError('archive-limit', `the archive holds more than ${LIMITS.archiveEntries} entries`);
    // Blocks of a sparse map follow the header and may overwrite it.
    const header = flag === 'S' ? block.slice() : block;
    const parsed = readEntry(header, extensions);
    if (!parsed) {
      // A volume label.
      extensions.clear();
      continue;
    }
    expanded = await readContent({ reader, handler, ...parsed, header, flag, extensions, expanded });
    extensions.clear();
  }
}

/** What is shorter than one header is no archive rather than a damaged one. */
async function firstOrNext(reader: ByteReader): Promise<Uint8Array | undefined> {
  const first = reader.offset === 0;
  try {
    return await reader.takeOrEnd(BLOCK);
  } catch (error) {
    throw first && error instanceof MilleError && error.message.startsWith('the tar archive')
      ? noTar()
      : error;
  }
}

function noTar(): MilleError {
  return new MilleError('archive-broken', 'this is no tar archive', {
    hint: 'look at what the file is: `file NAME` tells',
  });
}

interface Content {
  readonly reader: ByteReader;
  readonly handler: TarHandler;
  readonly entry: Entry;
  readonly stored: number;
  readonly nanoseconds: number;
  readonly header: Uint8Array;
  readonly flag: string;
  readonly extensions: Extensions;
  readonly expanded: number;
}

/** Reads what follows an entry's header. @returns the bytes that the archive expanded to so far */
async function readContent(content: Content): Promise<number> {
  const { reader, handler, stored, flag, extensions } = content;
  let { entry } = content;
  let left = stored;
  let fragments: readonly Fragment[] | undefined;
  if (entry.type === 'file' && (flag === 'S' || extensions.sparse)) {
    const next = (bytes: number) => reader.take(bytes);
    const map =
      flag === 'S'
        ? await readOldSparse(content.header, next)
        : await readPaxSparse(extensions.records, extensions.sparsePairs, next);
    if (map) {
      left -= map.mapBytes;
      checkSparse(map, left);
      fragments = map.fragments;
      entry = { ...entry, size: map.size };
    }
  }
  const expanded = content.expanded + entry.size;
  if (expanded > LIMITS.archiveBytes)
    throw new MilleError('archive-limit', `the archive expands to more than ${LIMITS.archiveBytes} bytes`);
  handler.entry(entry, content.nanoseconds);
  if (fragments) await readFragments(reader, handler, { fragments, size: entry.size });
  else await readData(reader, handler, { left, entry });
  const pad = padding(left);
  if (pad > 0 && reader.takeNow(pad) === undefined) await reader.skip(pad);
  const waiting = handler.end?.(entry);
  if (waiting) await waiting;
  return expanded;
}

async function readData(
  reader: ByteReader,
  handler: TarHandler,
  part: { left: number; entry: Entry | undefined },
): Promise<void> {
  // Data after anything but a file (directories of incremental archives) mean nothing here.
  const wanted = part.entry === undefined || part.entry.type === 'file';
  if (handler.placed || !wanted) {
    const { offset } = reader;
    if ((await reader.skip(part.left)) < part.left) throw brokenTar('it ends too early');
    if (wanted && part.left > 0) handler.placed?.(offset, part.left);
    return;
  }
  for (let left = part.left; left > 0; ) {
    const offset = reader.offset;
    let bytes = reader.someNow(left);
    if (bytes.length === 0) {
      const more = await reader.some(left);
      if (!more) throw brokenTar('it ends too early');
      bytes = more;
    }
    left -= bytes.length;
    handler.data?.(bytes, offset);
  }
}

const HOLE_PER_TURN = 1 << 24;

async function readFragments(
  reader: ByteReader,
  handler: TarHandler,
  map: { fragments: readonly Fragment[]; size: number },
): Promise<void> {
  let at = 0;
  const zeros = async (until: number) => {
    while (at < until) {
      const length = Math.min(until - at, HOLE_PER_TURN);
      handler.zeros?.(length);
      at += length;
      if (length === HOLE_PER_TURN) await nextTurn();
    }
  };
  for (const { offset, length } of map.fragments) {
    await zeros(offset);
    await readData(reader, handler, { left: length, entry: undefined });
    at = offset + length;
  }
  await zeros(map.size);
}

/** Whether a block begins the end of the archive: two blocks of zeroes, or one and then nothing. */
async function isEnd(block: Uint8Array, reader: ByteReader): Promise<boolean> {
  if (!isZero(block)) return false;
  const second = await reader.takeOrEnd(BLOCK);
  if (second && !isZero(second)) throw brokenTar('a block of zeroes is followed by something else');
  return true;
}

function isZero(block: Uint8Array): boolean {
  return block[0] === 0 && block.every((byte) => byte === 0);
}

function checkSum(block: Uint8Array): void {
  const stored = readNumber(block, FIELD.checksum, 'checksum');
  if (stored === checksum(block) || stored === signedChecksum(block)) return;
  throw brokenTar('a header has a wrong checksum');
}

/** Whether a block is a header with a right checksum. */
export function isTarHeader(block: Uint8Array): boolean {
  if (block.length < BLOCK || isZero(block.subarray(0, BLOCK))) return false;
  try {
    checkSum(block.subarray(0, BLOCK));
    return true;
  } catch {
    return false;
  }
}
