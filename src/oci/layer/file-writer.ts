// Writes one unpacked file; long runs of zeroes become holes.

import { closeFd, O, openAt, skipFd, truncateFd, writeAll } from '../../sys/index.ts';

/** Zeroes are looked for in pieces of this size, at multiples of it: what file systems allot. */
const PIECE = 4096;
/** A run of zeroes shorter than this is written: many small holes cost more than they save. */
const HOLE = 1 << 16;
const ZEROES = new Uint8Array(HOLE);

/** A file being written. */
export class FileWriter {
  readonly #fd: number;
  /** Bytes taken so far, the last `#zeroes` of which are zeroes not yet written. */
  #position = 0;
  #zeroes = 0;

  /** Makes the file; it must not exist. */
  constructor(dirFd: number, name: string) {
    this.#fd = openAt(dirFd, name, { flags: O.WRONLY | O.CREAT | O.EXCL | O.NOFOLLOW, mode: 0o600 });
  }

  write(bytes: Uint8Array): void {
    // What waits to be written are the bytes from `start` on, then `zeroes` zeroes that end at `at`.
    let start = 0;
    let zeroes = 0;
    for (let at = 0; at < bytes.length; ) {
      const piece = bytes.subarray(at, at + PIECE - ((this.#position + at) % PIECE));
      at += piece.length;
      if (isZero(piece)) {
        zeroes += piece.length;
        continue;
      }
      if (zeroes >= HOLE) {
        this.#put(bytes.subarray(start, at - piece.length - zeroes));
        this.#zeroes += zeroes;
        start = at - piece.length;
      } else if (zeroes > 0 && zeroes === at - piece.length - start && this.#zeroes > 0) {
        // These zeroes go on with those of the chunk before.
        this.#zeroes += zeroes;
        start = at - piece.length;
      }
      zeroes = 0;
    }
    this.#put(bytes.subarray(start, bytes.length - zeroes));
    this.#zeroes += zeroes;
    this.#position += bytes.length;
  }

  /** Leaves a hole. */
  skip(length: number): void {
    this.#position += length;
    this.#zeroes += length;
  }

  /** Ends the file with its full length. */
  close(): void {
    try {
      if (this.#zeroes > 0) truncateFd(this.#fd, this.#position);
    } finally {
      closeFd(this.#fd);
    }
  }

  /** Ends an unfinished file. */
  abandon(): void {
    closeFd(this.#fd);
  }

  #put(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (this.#zeroes >= HOLE) skipFd(this.#fd, this.#zeroes);
    else if (this.#zeroes > 0) writeAll(this.#fd, ZEROES.subarray(0, this.#zeroes));
    this.#zeroes = 0;
    writeAll(this.#fd, bytes);
  }
}

function isZero(piece: Uint8Array): boolean {
  // Nearly all content shows at the first looks that it is none.
  if (piece[0] !== 0 || piece[piece.length >> 1] !== 0) return false;
  return Buffer.compare(piece, ZEROES.subarray(0, piece.length)) === 0;
}
