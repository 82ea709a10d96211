// One block of bytes as gzip members. What does not compress is stored: libdeflate takes as long over noise as over text,
// and layers are full of archives, pictures and wheels.

/**
 * Compresses a block with libdeflate. The bytes depend on the content and the level alone.
 *
 * It is also sent to other threads as a text, so everything that it needs is inside of it.
 */
export function packGzipBlock(block: Uint8Array<ArrayBuffer>, level: number): Uint8Array {
  /** Bytes that are judged together. */
  const PIECE = 1 << 16;
  /** Pieces in a row that are worth a member of their own. */
  const LEAST = 2;
  /** How far from even the counts of byte values may be, as the sum of their squares: below 7.94 bits a byte. */
  const UNEVEN = 1.04;
  /** Of some thousand places that are compared in a piece. */
  const MOST_REPEATED = 8;

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
    // Chance alone adds as many as were taken.
    return squares <= ((taken * taken) / 256) * UNEVEN + taken;
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

  function isNoise(start: number): boolean {
    const words = new Uint32Array(block.buffer, block.byteOffset + start, PIECE >>> 2);
    // Nearly all that compresses shows it in a few bytes.
    return isEven(words, 17) && isEven(words, 3) && !repeats(words);
  }

  /** Where a member ends that begins at `start`, and whether it is noise. */
  function memberAt(start: number): { readonly end: number; readonly noise: boolean } {
    let end = start;
    while (end + PIECE <= block.length && isNoise(end)) end += PIECE;
    if (end - start >= LEAST * PIECE) return { end, noise: true };
    // Up to where enough noise in a row begins.
    let row = end - start;
    if (row === 0) end = start + PIECE;
    for (; end < block.length; end += PIECE) {
      if (end + PIECE <= block.length && isNoise(end)) row += PIECE;
      else row = 0;
      if (row === LEAST * PIECE) return { end: end + PIECE - row, noise: false };
    }
    return { end: block.length, noise: false };
  }

  const pack = (bytes: Uint8Array<ArrayBuffer>, noise: boolean) =>
    Bun.gzipSync(bytes, { level: (noise ? 0 : level) as 5, library: 'libdeflate' });
  const members: Uint8Array[] = [];
  for (let at = 0; at < block.length; ) {
    const { end, noise } = level === 0 ? { end: block.length, noise: true } : memberAt(at);
    members.push(pack(block.subarray(at, end), noise));
    at = end;
  }
  if (members.length === 0) return pack(block, true);
  if (members.length === 1) return members[0]!;
  const packed = new Uint8Array(members.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const member of members) {
    packed.set(member, at);
    at += member.length;
  }
  return packed;
}
