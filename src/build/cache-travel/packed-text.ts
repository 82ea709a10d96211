// JSON, compressed, as it lies in the blobs of a cache.

import { compressZstd, decompress } from '../../sys/index.ts';
import { damaged } from './document.ts';

/** Compresses text. The same text gives the same bytes. */
export async function packText(text: string): Promise<Uint8Array> {
  async function* chunks() {
    const bytes = Buffer.from(text);
    for (let at = 0; at < bytes.length; at += 1 << 20) yield bytes.subarray(at, at + (1 << 20));
  }
  const packed: Uint8Array[] = [];
  for await (const chunk of compressZstd(chunks(), 9)) packed.push(chunk.slice());
  return Buffer.concat(packed);
}

/** Expands and parses; never more than `most` bytes. @throws MilleError `image-invalid` */
export async function unpackText(bytes: Uint8Array, most: number, what: string): Promise<unknown> {
  async function* whole() {
    yield bytes;
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  try {
    const { format, stream } = await decompress(whole());
    if (format !== 'zstd') throw damaged(`${what} is not compressed with zstd`);
    for await (const chunk of stream) {
      size += chunk.length;
      if (size > most) throw damaged(`${what} expands to more than ${most} bytes`);
      chunks.push(chunk.slice());
    }
    return JSON.parse(Buffer.concat(chunks).toString('utf8'));
  } catch (error) {
    throw error instanceof Error && error.message.startsWith('the cache is damaged')
      ? error
      : damaged(what, error);
  }
}
