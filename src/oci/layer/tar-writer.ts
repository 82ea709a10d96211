// The writer's inner loop: one large buffer that headers and content are gathered in, hashed and passed on whole.

import type { Digest } from '../../core/index.ts';
import { createHasher } from '../../sys/index.ts';
import type { ByteSink } from './types.ts';

const BUFFER = 1 << 20;

/** Gathers bytes, hashes them and passes them on. */
export class TarWriter {
  readonly #buffer = new Uint8Array(BUFFER);
  readonly #hasher = createHasher();
  readonly #sink: ByteSink;
  #used = 0;
  #flushed = 0;

  constructor(sink: ByteSink) {
    this.#sink = sink;
  }

  /** Bytes written so far. */
  get written(): number {
    return this.#flushed + this.#used;
  }

  /** The free end of the buffer, at least one byte; what is put there is kept by `advance`. */
  async space(): Promise<Uint8Array> {
    if (this.#used === BUFFER) await this.flush();
    return this.#buffer.subarray(this.#used);
  }

  /** The free end if it has at least `bytes` bytes. */
  spaceNow(bytes: number): Uint8Array | undefined {
    return BUFFER - this.#used >= bytes ? this.#buffer.subarray(this.#used) : undefined;
  }

  /** Keeps `bytes` bytes that were put into the free end. */
  advance(bytes: number): void {
    this.#used += bytes;
  }

  /** Adds bytes. @returns a promise only where the buffer was full */
  write(bytes: Uint8Array): void | Promise<void> {
    if (bytes.length > BUFFER - this.#used) return this.#writeSlowly(bytes);
    this.#buffer.set(bytes, this.#used);
    this.#used += bytes.length;
  }

  async #writeSlowly(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length; ) {
      const space = await this.space();
      const part = bytes.subarray(at, at + space.length);
      space.set(part);
      this.advance(part.length);
      at += part.length;
    }
  }

  /** Passes on what was gathered. */
  async flush(): Promise<void> {
    if (this.#used === 0) return;
    const bytes = this.#buffer.subarray(0, this.#used);
    this.#hasher.update(bytes);
    const waiting = this.#sink(bytes);
    if (waiting) await waiting;
    this.#flushed += this.#used;
    this.#used = 0;
  }

  /** Passes on the rest. @returns the digest of everything */
  async finish(): Promise<Digest> {
    await this.flush();
    return this.#hasher.digest();
  }
}
