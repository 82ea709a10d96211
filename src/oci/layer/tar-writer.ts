// The writer's inner loop: two large buffers in which headers and content are gathered, hashed and passed on whole.
// While the sink still has one, the other is filled: reading and hashing go on while the disk takes what was written.

import type { Digest } from '../../core/index.ts';
import { createHasher } from '../../sys/index.ts';
import type { ByteSink } from './types.ts';

const BUFFER = 1 << 20;

/** Gathers bytes, hashes them and passes them on. */
export class TarWriter {
  #buffer = new Uint8Array(BUFFER);
  /** The buffer that the sink may still have. */
  #other = new Uint8Array(BUFFER);
  readonly #hasher = createHasher();
  readonly #sink: ByteSink;
  #used = 0;
  #flushed = 0;
  /** What the sink does with the other buffer; never rejects: its error waits in `#failure`. */
  #passing: Promise<void> | undefined;
  #failure: { readonly error: unknown } | undefined;

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

  /** The buffer that is being filled; whoever waits for anything has to ask for it again. */
  get target(): Uint8Array {
    return this.#buffer;
  }

  /** Where in `target` there is room for `bytes` bytes; -1 where there is none. What is put there is kept by `advance`. */
  roomFor(bytes: number): number {
    return BUFFER - this.#used >= bytes ? this.#used : -1;
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

  /** Passes on what was gathered, once the sink has taken what it was given before. */
  async flush(): Promise<void> {
    await this.settle();
    if (this.#failure) throw this.#failure.error;
    const bytes = this.#buffer.subarray(0, this.#used);
    const passing = this.#sink(bytes);
    if (passing) {
      this.#passing = passing.catch((error: unknown) => {
        this.#failure = { error };
      });
    }
    this.#hasher.update(bytes);
    this.#flushed += this.#used;
    this.#used = 0;
    [this.#buffer, this.#other] = [this.#other, this.#buffer];
  }

  /** Resolves once the sink has nothing of ours any more; never rejects. */
  async settle(): Promise<void> {
    await this.#passing;
    this.#passing = undefined;
  }

  /** Passes on the rest. @returns the digest of everything */
  async finish(): Promise<Digest> {
    await this.flush();
    await this.settle();
    if (this.#failure) throw this.#failure.error;
    return this.#hasher.digest();
  }
}
