// One block of bytes as gzip members. What does not compress is stored: libdeflate takes as long over noise as over text,
// and layers are full of archives, pictures and wheels.

/** Compresses a block, whose bytes and level alone decide what comes out. */
type GzipBlockPacker = (block: Uint8Array<ArrayBuffer>, level: number) => Uint8Array;

/**
 * Makes what compresses a block with libdeflate.
 *
 * It is also sent to other threads as a text, so everything that it needs is inside of it.
 */
export function gzipBlockPacker(): GzipBlockPacker {
  /** Bytes that are judged together. */
  const PIECE = 1 << 16;
  /** Pieces in a row that are worth a member of their own. */
  const LEAST = 2;
  /** How far from even the counts of byte values may be, as the sum of their squares: below 7.94 bits a byte. */
  const UNEVEN = 1.04;
  /** Of some thousand places that are compared in a piece. */
  const MOST_REPEATED = 8;
  /** Bytes of a stored block (RFC 1951, 3.2.4). */
  const MOST_STORED = 0xffff;

  /** Whether all bytes are as frequent, looking at every `stride`th word: one byte of each, in turn from all four places. */
  function isEven(words: Uint32Array, stride: number): boolean {
    const counts = new Uint32Array(256);
    let taken = 0;
    for (let at = 0; at < words.length; at += stride, taken++) {
      const byte = (words[at]! >>> ((taken & 3) << 3)) & 255;
      counts[byte] = counts[byte]! + 1;
    }
    let squares = 0;
    for (let byte = 0; byte < 256; byte++) squares += counts[byte]! * counts[byte]!;
    // Chance alone adds as many as were taken, give or take: few samples are not condemned for what noise may be.
    const even = (taken * taken) / 256;
    return squares <= Math.max(even * UNEVEN, even + 5 * Math.sqrt(2 * even)) + taken;
  }

  /** Whether words occur again, at whatever distance: those are compared that are chosen by what they are. */
  function repeats(words: Uint32Array): boolean {
    const seen = new Int32Array(4096);
    let repeated = 0;
    for (let at = 0; at < words.length; at++) {
      const mixed = Math.imul(words[at]!, 0x9e3779b1);
      if (mixed >>> 28 !== 0) continue;
      const slot = (mixed >>> 16) & 4095;
      if (seen[slot] === mixed && ++repeated > MOST_REPEATED) return true;
      seen[slot] = mixed;
    }
    return false;
  }

  function isNoise(block: Uint8Array<ArrayBuffer>, start: number): boolean {
    const words = new Uint32Array(block.buffer, block.byteOffset + start, PIECE >>> 2);
    // Nearly all that compresses shows it in a few bytes.
    return isEven(words, 17) && isEven(words, 3) && !repeats(words);
  }

  /** Where a member ends that begins at `start`, and whether it is noise. */
  function memberAt(
    block: Uint8Array<ArrayBuffer>,
    start: number,
  ): { readonly end: number; readonly noise: boolean } {
    let end = start;
    while (end + PIECE <= block.length && isNoise(block, end)) end += PIECE;
    if (end - start >= LEAST * PIECE) return { end, noise: true };
    // Up to where enough noise in a row begins.
    let row = end - start;
    if (row === 0) end = start + PIECE;
    for (; end < block.length; end += PIECE) {
      if (end + PIECE <= block.length && isNoise(block, end)) row += PIECE;
      else row = 0;
      if (row === LEAST * PIECE) return { end: end + PIECE - row, noise: false };
    }
    return { end: block.length, noise: false };
  }

  /** A member of stored blocks, to the byte as libdeflate makes it, which takes four times as long. */
  function store(bytes: Uint8Array<ArrayBuffer>): Uint8Array {
    const blocks = Math.max(1, Math.ceil(bytes.length / MOST_STORED));
    const member = new Uint8Array(10 + bytes.length + 5 * blocks + 8);
    member.set([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 4, 255]);
    let to = 10;
    for (let block = 0; block < blocks; block++) {
      const part = bytes.subarray(block * MOST_STORED, (block + 1) * MOST_STORED);
      const { length } = part;
      member[to] = block === blocks - 1 ? 1 : 0;
      member[to + 1] = length;
      member[to + 2] = length >>> 8;
      member[to + 3] = ~length;
      member[to + 4] = ~length >>> 8;
      member.set(part, to + 5);
      to += 5 + length;
    }
    const view = new DataView(member.buffer);
    view.setUint32(to, Bun.hash.crc32(bytes), true);
    view.setUint32(to + 4, bytes.length, true);
    return member;
  }

  const pack = (bytes: Uint8Array<ArrayBuffer>, level: number): Uint8Array =>
    level === 0 ? store(bytes) : Bun.gzipSync(bytes, { level: level as 5, library: 'libdeflate' });

  return (block, level) => {
    if (level === 0) return store(block);
    const members: Uint8Array[] = [];
    for (let at = 0; at < block.length; ) {
      const { end, noise } = memberAt(block, at);
      members.push(pack(block.subarray(at, end), noise ? 0 : level));
      at = end;
    }
    if (members.length === 0) return store(block);
    if (members.length === 1) return members[0]!;
    const packed = new Uint8Array(members.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const member of members) {
      packed.set(member, at);
      at += member.length;
    }
    return packed;
  };
}

/** `gzipBlockPacker` in this thread. */
export const packGzipBlock: GzipBlockPacker = gzipBlockPacker();
