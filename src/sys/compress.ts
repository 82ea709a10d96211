// Compression of archives and layers. The format is found by looking at the bytes, never by a file's name; data
// that is damaged or ends too early is an error, never a shorter stream; expansion is bounded.

import type { Transform } from 'node:stream';
import { LIMITS, MilleError } from '../core/index.ts';
import { filterThrough } from './filter-program.ts';
import { isErrno } from './system-error.ts';
import { followZstd } from './zstd-frames.ts';

/** How bytes are compressed. */
export type Compression = 'none' | 'gzip' | 'zstd' | 'bzip2' | 'xz';

/** Bytes that are enough to tell the format. */
const MAGIC_LENGTH = 6;
const MAGIC: readonly (readonly [Compression, readonly number[]])[] = [
  ['gzip', [0x1f, 0x8b, 8]],
  ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
  ['bzip2', [0x42, 0x5a, 0x68]],
  ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0]],
];

/** The format of data that begin with these bytes; `none` for anything unknown. */
export function sniffCompression(start: Uint8Array): Compression {
  // A zstd stream may begin with a skippable frame, whose magic has sixteen values.
  if (start.length >= 4 && (start[0]! & 0xf0) === 0x50 && start[1] === 0x2a && start[2] === 0x4d)
    if (start[3] === 0x18) return 'zstd';
  return MAGIC.find(([, magic]) => magic.every((byte, i) => start[i] === byte))?.[0] ?? 'none';
}

/** A stream and how it was compressed. */
export interface Decompressed {
  readonly format: Compression;
  readonly stream: AsyncGenerator<Uint8Array, void, void>;
}

/**
 * Decompresses by content: gzip and zstd (also several members or frames in a row), bzip2, xz, or nothing.
 * The stream throws MilleError `archive-broken` for damaged or truncated data, `archive-limit` above
 * `LIMITS.archiveBytes` or `LIMITS.archiveRatio`, `tool-missing` where bzip2 or xz is not installed.
 */
export async function decompress(chunks: AsyncIterable<Uint8Array>): Promise<Decompressed> {
  const iterator = chunks[Symbol.asyncIterator]();
  const first: Uint8Array[] = [];
  let length = 0;
  let ended = false;
  const more = async () => {
    const next = await iterator.next();
    if (next.done) {
      ended = true;
      return;
    }
    // Kept beyond the next chunk, so copied.
    first.push(next.value.slice());
    length += next.value.length;
  };
  const start = () => {
    const joined = first.length === 1 ? first[0]! : Buffer.concat(first, length);
    first.splice(0, first.length, joined);
    return joined;
  };
  while (length < MAGIC_LENGTH && !ended) await more();
  const format = sniffCompression(start());
  if (format !== 'gzip') return { format, stream: expand(format, resume(start(), iterator)) };
  let failure: { readonly error: unknown } | undefined;
  try {
    while (length <= SMALL && !ended) await more();
  } catch (error) {
    // It comes after what was read, as it does further on.
    failure = { error };
  }
  const expanded = length <= SMALL && !failure ? expandSmall(start()) : undefined;
  if (expanded) return { format, stream: once(expanded) };
  return { format, stream: expand(format, failure ? failing(start(), failure) : resume(start(), iterator)) };
}

async function* failing(start: Uint8Array, { error }: { readonly error: unknown }) {
  yield start;
  throw error;
}

/** Compressed bytes that are expanded at once: deflate makes at most 1032 times as many of them. */
const SMALL = 1 << 15;

const MEMBER = Uint8Array.of(0x1f, 0x8b, 8);

/**
 * What is one small gzip member, expanded without the streams of node:zlib, which take 20 ms to load; undefined for
 * anything else, damaged data too. The runtime's function may stop after a first member: what could be another one is
 * left to the streams, and the checksum is ours.
 */
function expandSmall(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.length < 18 || Buffer.from(bytes).indexOf(MEMBER, 1) >= 0) return undefined;
  let expanded: Uint8Array;
  try {
    expanded = Bun.gunzipSync(bytes as Uint8Array<ArrayBuffer>);
  } catch {
    return undefined;
  }
  const trailer = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 8, 8);
  const whole =
    trailer.getUint32(0, true) === Bun.hash.crc32(expanded) && trailer.getUint32(4, true) === expanded.length;
  return whole ? expanded : undefined;
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void, void> {
  if (bytes.length > 0) yield bytes;
}

async function* resume(start: Uint8Array, rest: AsyncIterator<Uint8Array>) {
  try {
    if (start.length > 0) yield start;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

async function* expand(format: Compression, input: AsyncGenerator<Uint8Array, void, void>) {
  const count = { compressed: 0 };
  let expanded = 0;
  for await (const chunk of decoder(format, counting(input, count))) {
    expanded += chunk.length;
    checkLimits(expanded, format === 'none' ? expanded : count.compressed);
    yield chunk;
  }
}

async function* counting(input: AsyncIterable<Uint8Array>, count: { compressed: number }) {
  for await (const chunk of input) {
    count.compressed += chunk.length;
    yield chunk;
  }
}

const FREE_BYTES = 100 * 1024 * 1024;

function checkLimits(expanded: number, compressed: number): void {
  if (expanded > LIMITS.archiveBytes) throw tooLarge(`more than ${LIMITS.archiveBytes} bytes`);
  if (expanded > FREE_BYTES && expanded > compressed * LIMITS.archiveRatio)
    throw tooLarge(`more than ${LIMITS.archiveRatio} times its compressed size`);
}

function tooLarge(what: string): MilleError {
  return new MilleError('archive-limit', `the archive expands to ${what}`, {
    hint: 'this looks like a decompression bomb; unpack it by other means if it is meant to be so',
  });
}

function decoder(format: Compression, input: AsyncGenerator<Uint8Array, void, void>) {
  if (format === 'gzip') return transform((zlib) => zlib.createGunzip({ chunkSize: BLOCK }), input, 'gzip');
  if (format === 'zstd') return zstd(input);
  if (format === 'bzip2' || format === 'xz') return filterThrough(format, input);
  return input;
}

async function* zstd(input: AsyncGenerator<Uint8Array, void, void>) {
  const follower = followZstd();
  async function* followed() {
    for await (const chunk of input) {
      follower.push(chunk);
      yield chunk;
    }
  }
  yield* transform((zlib) => zlib.createZstdDecompress({ chunkSize: BLOCK }), followed(), 'zstd');
  if (!follower.complete()) throw broken('zstd', 'it ends too early');
}

const BLOCK = 1 << 18;

/** Runs chunks through a stream of node:zlib, with back-pressure both ways. */
async function* transform(
  make: (zlib: typeof import('node:zlib')) => Transform,
  input: AsyncGenerator<Uint8Array, void, void>,
  name: string,
): AsyncGenerator<Uint8Array, void, void> {
  // Loaded when needed: it brings all of node:stream, 10 ms that most commands can do without.
  const stream = make(await import('node:zlib'));
  let failure: unknown;
  const closed = new Promise((resolve) => stream.once('close', resolve));
  const feed = async () => {
    try {
      for await (const chunk of input) {
        if (stream.destroyed) return;
        // Until the stream has taken the chunk: its memory is the reader's again after that.
        await Promise.race([closed, new Promise((resolve) => stream.write(chunk, resolve))]);
      }
      stream.end();
    } catch (error) {
      failure = error;
      stream.destroy(error as Error);
    }
  };
  const fed = feed();
  try {
    for await (const chunk of stream) yield chunk as Uint8Array;
  } catch (error) {
    throw failure ?? reworded(error, name);
  } finally {
    stream.destroy();
    await fed;
  }
  if (failure) throw failure;
}

function reworded(error: unknown, name: string): unknown {
  if (error instanceof MilleError) return error;
  const early = isErrno(error, 'Z_BUF_ERROR');
  return broken(name, early ? 'it ends too early' : (error as Error).message, error);
}

/** The error for compressed data that cannot be decoded. */
export function broken(name: string, why: string, cause?: unknown): MilleError {
  return new MilleError('archive-broken', `the ${name} data are damaged: ${why}`, {
    hint: 'fetch or create the archive again',
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Compresses a value for the database. */
export function packBytes(bytes: Uint8Array | string): Uint8Array {
  return Bun.zstdCompressSync(bytes, { level: 3 });
}

/** Undoes `packBytes`. @throws where the bytes are damaged */
export function unpackBytes(bytes: Uint8Array): Uint8Array {
  return Bun.zstdDecompressSync(bytes);
}

/** Expands a small deflate stream at once; undefined for a broken one, and for one of more than `limit` bytes. */
export type Inflate = (bytes: Uint8Array, format: 'raw' | 'zlib', limit: number) => Uint8Array | undefined;

/** Loads what expands small deflate streams. */
export async function loadInflate(): Promise<Inflate> {
  const { inflateRawSync, inflateSync } = await import('node:zlib');
  return (bytes, format, limit) => {
    try {
      const options = { maxOutputLength: Math.max(1, limit) };
      return format === 'raw' ? inflateRawSync(bytes, options) : inflateSync(bytes, options);
    } catch {
      return undefined;
    }
  };
}
