// Compression on all cores. The data are cut into blocks of one size, and each becomes a gzip member or a zstd frame of
// its own: a row of these is a file of its format like any other (RFC 1952, 2.2; RFC 8878, 3), and its bytes depend on
// the content and the level alone, however many cores there are. Blocks are large enough for that to cost a percent.

import { availableParallelism } from 'node:os';
import { gzipBlockPacker, packGzipBlock } from './gzip-block.ts';

/** Bytes of a block: a gzip member looks back 32 KiB, a zstd frame 2 MiB and more. */
const GZIP_BLOCK = 1 << 20;
const ZSTD_BLOCK = 1 << 22;

/**
 * libdeflate's 4: files within a percent of those of Go's 6, which Docker takes (Go sources 4 % larger), 1 to 4 % smaller
 * than those of the library that buildah takes. Its 5 is 1 to 2 % smaller still for an eighth more time, nearly all of
 * which is its search for matches.
 */
const GZIP_LEVEL = 4;
const ZSTD_LEVEL = 3;

/** More than these wait for whoever reads and writes. */
const MOST_WORKERS = 4;

/** Compresses one block, whose memory is given away. */
type BlockCompressor = (block: Uint8Array<ArrayBuffer>) => Promise<Uint8Array>;

/** Compresses with gzip. The bytes depend on the content and the level (0 to 12) only: no name, no time. */
export async function* compressGzip(
  chunks: AsyncIterable<Uint8Array>,
  level = GZIP_LEVEL,
  workers = workerCount(),
): AsyncGenerator<Uint8Array, void, void> {
  const pool = sharedPool(workers);
  const compress: BlockCompressor = (block) => pool.compress(block, level);
  try {
    yield* inOrder(blocksOf(chunks, GZIP_BLOCK, pool.spare), compress, workers);
  } finally {
    pool.leave();
  }
}

/** Compresses with zstd, with checksums; the bytes depend on the content and the level only. */
export async function* compressZstd(
  chunks: AsyncIterable<Uint8Array>,
  level = ZSTD_LEVEL,
  workers = workerCount(),
): AsyncGenerator<Uint8Array, void, void> {
  // Loaded when needed: it brings all of node:stream, 10 ms that most commands can do without.
  const { constants, zstdCompress } = await import('node:zlib');
  const params = { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 };
  const compress: BlockCompressor = (block) =>
    new Promise((resolve, reject) => {
      zstdCompress(block, { params }, (error, bytes) => (error ? reject(error) : resolve(bytes)));
    });
  yield* inOrder(blocksOf(chunks, ZSTD_BLOCK), compress, workers);
}

function workerCount(): number {
  return Math.min(availableParallelism(), MOST_WORKERS);
}

/**
 * A stream in blocks of one size, the last one smaller; one that is empty for nothing at all. Each has its own
 * memory: that of a spare one, which has their size, where there is any.
 */
async function* blocksOf(
  chunks: AsyncIterable<Uint8Array>,
  size: number,
  spare: Uint8Array<ArrayBuffer>[] = [],
): AsyncGenerator<Uint8Array<ArrayBuffer>, void, void> {
  let block = spare.pop() ?? new Uint8Array(size);
  let filled = 0;
  let any = false;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; ) {
      const part = chunk.subarray(at, at + size - filled);
      block.set(part, filled);
      at += part.length;
      filled += part.length;
      if (filled < size) continue;
      any = true;
      yield block;
      block = spare.pop() ?? new Uint8Array(size);
      filled = 0;
    }
  }
  if (filled > 0 || !any) yield block.slice(0, filled);
}

/** Works on several blocks at once and gives the results in their order. */
async function* inOrder(
  blocks: AsyncIterable<Uint8Array<ArrayBuffer>>,
  compress: BlockCompressor,
  workers: number,
): AsyncGenerator<Uint8Array, void, void> {
  const under: Promise<Uint8Array>[] = [];
  try {
    for await (const block of blocks) {
      under.push(compress(block));
      // One more than can be worked on: none waits for the reader.
      if (under.length > workers) yield await under.shift()!;
    }
    while (under.length > 0) yield await under.shift()!;
  } finally {
    // After a failure, or where nobody wants the rest.
    for (const one of under) one.catch(() => {});
  }
}

const GZIP_WORKER = `const pack = (${gzipBlockPacker})();
onmessage = ({ data: { bytes, level } }) => {
  try {
    const packed = pack(bytes, level);
    postMessage({ packed, bytes }, [packed.buffer, bytes.buffer]);
  } catch (error) {
    postMessage({ error: String(error) });
  }
};`;

/** Threads that compress blocks, for as many streams as want them. */
interface GzipPool {
  /** Blocks that were compressed: memory that need not be found, and emptied, again. */
  readonly spare: Uint8Array<ArrayBuffer>[];
  compress(block: Uint8Array<ArrayBuffer>, level: number): Promise<Uint8Array>;
  /** To be called once by each stream; the last one ends the threads. */
  leave(): void;
}

/** Pools that are at work, by the number of their threads, and the streams that use them. */
const pools = new Map<
  number,
  { readonly pool: Omit<GzipPool, 'leave'> & { close(): void }; users: number }
>();

/** Layers that are compressed at the same time share the cores. */
function sharedPool(workers: number): GzipPool {
  const shared = pools.get(workers) ?? { pool: gzipPool(workers), users: 0 };
  pools.set(workers, shared);
  shared.users++;
  const leave = () => {
    if (--shared.users > 0) return;
    pools.delete(workers);
    shared.pool.close();
  };
  return { ...shared.pool, leave };
}

/** Threads with libdeflate, which the runtime has for whole blocks only. The first block tells whether any are needed. */
function gzipPool(workers: number): Omit<GzipPool, 'leave'> & { close(): void } {
  const spare: Uint8Array<ArrayBuffer>[] = [];
  const idle: Worker[] = [];
  const all: Worker[] = [];
  const waiting: ((worker: Worker) => void)[] = [];
  // From a text: a file would have to be found by the compiled program too.
  const url = URL.createObjectURL(new Blob([GZIP_WORKER], { type: 'application/javascript' }));
  const start = (): Worker => {
    const worker = new Worker(url);
    all.push(worker);
    return worker;
  };
  const free = (): Worker | Promise<Worker> => {
    const ready = idle.pop() ?? (all.length < workers ? start() : undefined);
    return ready ?? new Promise((resolve) => waiting.push(resolve));
  };
  const compress = async (bytes: Uint8Array<ArrayBuffer>, level: number) => {
    // What is alone is done before a thread has started.
    if (bytes.length < GZIP_BLOCK && all.length === 0) return packGzipBlock(bytes, level);
    const worker = await free();
    try {
      const answer = await ask(worker, { bytes, level });
      // More of them than one stream has on its way are memory for nothing.
      if (answer.bytes.length === GZIP_BLOCK && spare.length <= workers) spare.push(answer.bytes);
      return answer.packed;
    } finally {
      const next = waiting.shift();
      if (next) next(worker);
      else idle.push(worker);
    }
  };
  return {
    compress,
    spare,
    close: () => {
      for (const worker of all) worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
}

/** What a thread gives back. */
interface Packed {
  readonly packed: Uint8Array;
  /** The block, which is the caller's again. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

function ask(
  worker: Worker,
  message: { readonly bytes: Uint8Array<ArrayBuffer>; readonly level: number },
): Promise<Packed> {
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Packed | { readonly error: string }>) => {
      if ('packed' in data) resolve(data);
      else reject(new Error(data.error));
    };
    worker.onerror = (event) => reject(new Error(event.message));
    worker.postMessage(message, [message.bytes.buffer]);
  });
}
