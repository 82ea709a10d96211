// What is in a layer that comes from elsewhere, from its tar, without unpacking it.

import { createHasher, type Hasher } from '../../sys/index.ts';
import type { Entry } from '../image/index.ts';
import { contentId } from './content-id.ts';
import { asLayerEntry } from './tar/name.ts';
import { type ReadingHandler, readTar } from './tar/parse.ts';
import type { ByteSink, ScannedLayer } from './types.ts';

/** How to scan. */
export interface ScanOptions {
  /** Told the bytes of the tar read so far. */
  readonly onProgress?: (bytes: number) => void;
  /** Somebody else who wants to be told what is found. */
  readonly also?: ReadingHandler;
}

/**
 * Reads a layer's plain tar to its end.
 * @throws MilleError `archive-broken`, `archive-escape`, `archive-limit`; what the stream throws
 */
export function scanLayer(
  stream: AsyncIterable<Uint8Array>,
  options: ScanOptions = {},
): Promise<ScannedLayer> {
  return copyAndScan(stream, () => {}, options);
}

/** Like `scanLayer`, passing the tar on unchanged. */
export async function copyAndScan(
  stream: AsyncIterable<Uint8Array>,
  sink: ByteSink,
  options: ScanOptions = {},
): Promise<ScannedLayer> {
  const scanner = createScanner();
  const { handler } = scanner;
  await readTar(scanner.tap(stream, sink, options), options.also ? both(handler, options.also) : handler);
  return scanner.finish();
}

/** Makes a table of contents while somebody reads a tar. */
export interface Scanner {
  /** The stream, hashed as it passes. */
  tap(
    stream: AsyncIterable<Uint8Array>,
    sink?: ByteSink,
    options?: ScanOptions,
  ): AsyncGenerator<Uint8Array, void, void>;
  readonly handler: ReadingHandler;
  /** What was found; to be asked for once, after the end. */
  finish(): ScannedLayer;
}

const ZEROES = new Uint8Array(1 << 16);

/** Starts a table of contents. */
export function createScanner(): Scanner {
  const hasher = createHasher();
  const entries: Entry[] = [];
  let size = 0;
  let content: Hasher | undefined;
  return {
    async *tap(stream, sink, options) {
      for await (const chunk of stream) {
        hasher.update(chunk);
        size += chunk.length;
        const waiting = sink?.(chunk);
        if (waiting) await waiting;
        options?.onProgress?.(size);
        yield chunk;
      }
    },
    handler: {
      entry(entry) {
        content = entry.type === 'file' ? createHasher() : undefined;
      },
      data: (bytes) => content?.update(bytes),
      zeros(length) {
        for (let left = length; left > 0; left -= ZEROES.length)
          content?.update(left < ZEROES.length ? ZEROES.subarray(0, left) : ZEROES);
      },
      end(entry) {
        const meant = asLayerEntry(entry);
        if (!meant) return;
        entries.push(meant.type === 'file' ? { ...meant, digest: content!.digest() } : meant);
      },
    },
    finish() {
      const toc = { entries };
      const diffId = hasher.digest();
      return { info: { diffId, size, contentId: contentId(toc), files: entries.length }, toc };
    },
  };
}

/** Tells two. */
export function both(a: ReadingHandler, b: ReadingHandler): ReadingHandler {
  return {
    entry(entry, nanoseconds) {
      a.entry(entry, nanoseconds);
      b.entry(entry, nanoseconds);
    },
    data(bytes, offset) {
      a.data(bytes, offset);
      b.data(bytes, offset);
    },
    zeros(length) {
      a.zeros(length);
      b.zeros(length);
    },
    end(entry) {
      a.end(entry);
      b.end(entry);
    },
  };
}
