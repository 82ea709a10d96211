// The content of a file, read into a tar that is being written.

import { type Digest, displayPath, MilleError } from '../../core/index.ts';
import { BYTES_PER_TURN, createHasher, nextTurn } from '../../sys/index.ts';
import type { ContentReader } from '../image/index.ts';
import { BLOCK, padding } from './tar/format.ts';
import type { TarWriter } from './tar-writer.ts';

const ZEROES = new Uint8Array(BLOCK);

/** A file about to be copied. */
export interface Content {
  readonly reader: ContentReader;
  /** As the header says it, which is written. */
  readonly size: number;
  /** Its digest, where it is known and needs no proof. */
  readonly trusted?: Digest | undefined;
  /** For errors. */
  readonly path: string;
}

/**
 * Copies a file of any size and pads it. The reader stays open.
 * @throws MilleError `io` where there are fewer or more bytes than its size
 */
export async function copyContent(writer: TarWriter, content: Content): Promise<Digest> {
  const { reader, size, trusted, path } = content;
  const hasher = trusted ? undefined : createHasher();
  let left = size;
  let since = 0;
  while (left > 0) {
    const space = await writer.space();
    const count = reader.read(space.length > left ? space.subarray(0, left) : space);
    if (count === 0) throw changedWhileRead(path);
    hasher?.update(space.subarray(0, count));
    writer.advance(count);
    left -= count;
    since += count;
    if (since < BYTES_PER_TURN) continue;
    since = 0;
    await nextTurn();
  }
  if (reader.read(new Uint8Array(1)) !== 0) throw changedWhileRead(path);
  await writer.write(ZEROES.subarray(0, padding(size)));
  return trusted ?? hasher!.digest();
}

/** The error for a file that did not hold still. */
export function changedWhileRead(path: string): MilleError {
  return new MilleError('io', `'${displayPath(path)}' changed its size while it was being read`, {
    hint: 'try again when nothing writes there; what was already made is kept',
  });
}
