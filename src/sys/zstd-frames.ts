// Follows the frames of a zstd stream (RFC 8878, section 3.1) without decoding them, to know whether it ended
// where it should: the runtime's decoder takes a stream that was cut short for a shorter one.

const FRAME_MAGIC = 0xfd2fb528;

/** Where a follower stands: what the next bytes that it collects mean. */
type State = 'magic' | 'descriptor' | 'header' | 'skippable' | 'block' | 'skip';

/** Follows a zstd stream. */
export interface ZstdFollower {
  /** Takes the next bytes of the compressed stream. */
  push(chunk: Uint8Array): void;
  /** Whether the stream so far ends with a whole frame (or is empty). */
  complete(): boolean;
}

/** Starts at the beginning of a stream. Bytes that are no frame make it incomplete for ever. */
export function followZstd(): ZstdFollower {
  const small = new Uint8Array(16);
  let have = 0;
  let need = 4;
  let state: State = 'magic';
  let skipping = 0;
  let checksum = false;
  let last = false;
  let broken = false;

  const expect = (next: State, bytes: number) => {
    state = next;
    need = bytes;
    have = 0;
  };
  const skip = (bytes: number) => {
    skipping = bytes;
    expect('skip', 0);
    if (bytes === 0) afterSkip();
  };
  function afterSkip(): void {
    if (last) expect('magic', 4);
    else expect('block', 3);
  }
  const little = (bytes: number) => {
    let value = 0;
    for (let i = bytes - 1; i >= 0; i--) value = value * 256 + small[i]!;
    return value;
  };

  function step(): void {
    if (state === 'magic') {
      const magic = little(4);
      if (magic === FRAME_MAGIC) expect('descriptor', 1);
      else if (magic >= 0x184d2a50 && magic <= 0x184d2a5f) expect('skippable', 4);
      else broken = true;
    } else if (state === 'descriptor') {
      const descriptor = small[0]!;
      checksum = (descriptor & 4) !== 0;
      const single = (descriptor & 0x20) !== 0;
      const sizeFlag = descriptor >> 6;
      const size = sizeFlag === 0 ? (single ? 1 : 0) : 1 << sizeFlag;
      const dictionary = [0, 1, 2, 4][descriptor & 3]!;
      const header = (single ? 0 : 1) + dictionary + size;
      if (header === 0) expect('block', 3);
      else expect('header', header);
    } else if (state === 'header') {
      expect('block', 3);
    } else if (state === 'skippable') {
      last = true;
      skip(little(4));
    } else if (state === 'block') {
      const header = little(3);
      last = (header & 1) === 1;
      const type = (header >> 1) & 3;
      const size = header >> 3;
      if (type === 3) broken = true;
      skip((type === 1 ? 1 : size) + (last && checksum ? 4 : 0));
    }
  }

  return {
    push(chunk) {
      for (let at = 0; at < chunk.length && !broken; ) {
        if (state === 'skip') {
          const count = Math.min(skipping, chunk.length - at);
          at += count;
          skipping -= count;
          if (skipping === 0) afterSkip();
        } else {
          small[have++] = chunk[at++]!;
          if (have === need) step();
        }
      }
    },
    complete: () => !broken && state === 'magic' && have === 0,
  };
}
