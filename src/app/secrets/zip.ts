// The members of a zip archive in memory: jar, war, whl and their like.

import { inflateAtMost } from '../../sys/index.ts';

/** A member, not inflated yet. */
export interface ZipMember {
  readonly path: string;
  readonly size: number;
  /** Its content; undefined where it is damaged, encrypted, compressed otherwise, or larger than `most`. */
  read(most: number): Promise<Uint8Array | undefined>;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;

/** The members by the archive's directory; none where there is no archive. Names are not to be used as paths. */
export function zipMembers(bytes: Uint8Array): readonly ZipMember[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = findEnd(view);
  if (end < 0) return [];
  const members: ZipMember[] = [];
  const decoder = new TextDecoder();
  let at = view.getUint32(end + 16, true);
  for (let left = view.getUint16(end + 10, true); left > 0; left--) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== CENTRAL) break;
    const method = view.getUint16(at + 10, true);
    const flags = view.getUint16(at + 8, true);
    const packed = view.getUint32(at + 20, true);
    const size = view.getUint32(at + 24, true);
    const lengths = [28, 30, 32].map((offset) => view.getUint16(at + offset, true));
    const local = view.getUint32(at + 42, true);
    const path = decoder.decode(bytes.subarray(at + 46, at + 46 + lengths[0]!));
    at += 46 + lengths[0]! + lengths[1]! + lengths[2]!;
    if (path.endsWith('/')) continue;
    members.push({
      path,
      size,
      async read(most) {
        if ((flags & 1) !== 0 || size > most || local + 30 > bytes.length) return undefined;
        if (view.getUint32(local, true) !== LOCAL) return undefined;
        const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
        const data = bytes.subarray(start, start + packed);
        // What is longer than the directory says is no honest archive.
        if (method === 0) return packed === size ? data : undefined;
        return method === 8 ? (await inflateAtMost(data, 'raw', size))?.bytes : undefined;
      },
    });
  }
  return members;
}

/** The end of the directory stands before a comment of at most 64 KiB. */
function findEnd(view: DataView): number {
  for (let at = view.byteLength - 22; at >= 0 && at > view.byteLength - 22 - 0x10000; at--)
    if (view.getUint32(at, true) === END) return at;
  return -1;
}
