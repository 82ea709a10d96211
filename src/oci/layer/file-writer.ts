// Writes one unpacked file; long runs of zeroes become holes.

import { closeFd, O, openAt, skipFd, truncateFd, writeAll } from '../../sys/index.ts';

/** A run of zeroes this long, and so aligned, is left out. */
const HOLE = 1 << 16;
const ZEROES = new Uint8Array(HOLE);

/** A file being written. */
export class FileWriter {
  readonly #fd: number;
  #position = 0;
  #written = 0;

  /** Makes the file; it must not exist. */
  constructor(dirFd: number, name: string) {
    this.#fd = openAt(dirFd, name, { flags: O.WRONLY | O.CREAT | O.EXCL | O.NOFOLLOW, mode: 0o600 });
  }

  write(bytes: Uint8Array): void {
    // Pieces that begin and end at multiples of HOLE, so that every hole is found whatever the chunks are.
    for (let at = 0; at < bytes.length; ) {
      const room = HOLE - (this.#position % HOLE);
      const piece = bytes.subarray(at, at + room);
      at += piece.length;
      if (piece.length === HOLE && isZero(piece)) {
        this.skip(HOLE);
        continue;
      }
      // Pieces that are no holes go together: look ahead as far as they reach.
      let end = at;
      while (end + HOLE <= bytes.length && !isZero(bytes.subarray(end, end + HOLE))) end += HOLE;
      const start = at - piece.length;
      this.#put(bytes.subarray(start, end));
      at = end;
    }
  }

  /** Leaves a hole. */
  skip(length: number): void {
    this.#position += length;
  }

  /** Ends the file with its full length. */
  close(): void {
    try {
      if (this.#position > this.#written) truncateFd(this.#fd, this.#position);
    } finally {
      closeFd(this.#fd);
    }
  }

  /** Ends an unfinished file. */
  abandon(): void {
    closeFd(this.#fd);
  }

  #put(bytes: Uint8Array): void {
    if (this.#position > this.#written) skipFd(this.#fd, this.#position - this.#written);
    writeAll(this.#fd, bytes);
    this.#position += bytes.length;
    this.#written = this.#position;
  }
}

function isZero(bytes: Uint8Array): boolean {
  // Nearly all content shows at the first looks that it is no hole.
  if (bytes[0] !== 0 || bytes[HOLE >> 1] !== 0 || bytes[HOLE - 1] !== 0) return false;
  return Buffer.compare(bytes, ZEROES) === 0;
}
