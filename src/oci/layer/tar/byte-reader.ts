// Bytes of a stream, as many at a time as a parser asks for, copied only where chunks had to be joined.

import type { SkippableChunks } from '../../../sys/index.ts';
import { brokenTar } from './format.ts';

const EMPTY = new Uint8Array(0);

/** Reads a stream of chunks. What it returns is valid until the next call. */
export class ByteReader {
  /** Bytes handed out so far: the offset in the stream of what comes next. */
  offset = 0;
  #chunk: Uint8Array = EMPTY;
  #at = 0;
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #skip: ((bytes: number) => number) | undefined;

  /** @param source one that can pass over bytes does so where they are not wanted */
  constructor(source: AsyncIterable<Uint8Array> | SkippableChunks) {
    this.#source = source[Symbol.asyncIterator]();
    this.#skip = 'skip' in source ? source.skip : undefined;
  }

  /** The next `count` bytes if they are at hand in one piece. */
  takeNow(count: number): Uint8Array | undefined {
    const end = this.#at + count;
    if (end > this.#chunk.length) return undefined;
    const bytes = this.#chunk.subarray(this.#at, end);
    this.#at = end;
    this.offset += count;
    return bytes;
  }

  /** The next `count` bytes. @throws MilleError `archive-broken` where the stream ends before */
  async take(count: number): Promise<Uint8Array> {
    const bytes = await this.takeOrEnd(count);
    if (!bytes) throw brokenTar('it ends too early');
    return bytes;
  }

  /** The next `count` bytes; undefined where the stream ends exactly here. */
  async takeOrEnd(count: number): Promise<Uint8Array | undefined> {
    const now = this.takeNow(count);
    if (now) return now;
    const out = new Uint8Array(count);
    let have = 0;
    while (have < count) {
      const part = await this.some(count - have);
      if (!part) {
        if (have === 0) return undefined;
        throw brokenTar('it ends too early');
      }
      out.set(part, have);
      have += part.length;
    }
    return out;
  }

  /** At least one and at most `most` bytes; undefined at the end. */
  async some(most: number): Promise<Uint8Array | undefined> {
    if (this.#at === this.#chunk.length && !(await this.#fill())) return undefined;
    return this.someNow(most);
  }

  /** What is at hand, at most `most` bytes; perhaps none. */
  someNow(most: number): Uint8Array {
    const part = this.#chunk.subarray(this.#at, this.#at + most);
    this.#at += part.length;
    this.offset += part.length;
    return part;
  }

  /** Passes over up to `count` bytes. @returns how many there were */
  async skip(count: number): Promise<number> {
    let left = count - this.someNow(count).length;
    if (left > 0 && this.#skip) {
      const skipped = this.#skip(left);
      this.offset += skipped;
      left -= skipped;
    }
    while (left > 0) {
      const part = await this.some(left);
      if (!part) break;
      left -= part.length;
    }
    return count - left;
  }

  /** Gives up the source. */
  async close(): Promise<void> {
    await this.#source.return?.();
  }

  async #fill(): Promise<boolean> {
    for (;;) {
      const next = await this.#source.next();
      if (next.done) return false;
      if (next.value.length === 0) continue;
      this.#chunk = next.value;
      this.#at = 0;
      return true;
    }
  }
}
