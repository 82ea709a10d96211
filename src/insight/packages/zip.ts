// The files of a zip archive, by its central directory (PKWARE's APPNOTE, 4.3). Only what jars need: stored and deflated
// files, no encryption, no archive of several parts; larger than 4 GiB is not read.

import { decodePath } from '../../core/index.ts';
import type { ReaderTools } from './types.ts';

/** A file of an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly size: number;
  /** Its content; undefined where it is damaged, too large, or packed in an unknown way. */
  read(limit: number): Uint8Array | undefined;
}

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_SIZE = 22;
const MOST_ENTRIES = 200_000;

/** The entries of an archive; undefined for what is none. */
export function readZip(bytes: Uint8Array, tools: ReaderTools): readonly ZipEntry[] | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const end = endOf(view);
  if (end === undefined) return undefined;
  const [size, offset] = [view.getUint32(end + 12, true), view.getUint32(end + 16, true)];
  // What stands before the archive (a script that starts a jar) moves it all.
  const moved = end - size - offset;
  if (moved < 0) return undefined;
  const entries: ZipEntry[] = [];
  for (let at = offset + moved; at + 46 <= end && entries.length < MOST_ENTRIES; ) {
    if (view.getUint32(at, true) !== CENTRAL) break;
    const [method, packed] = [view.getUint16(at + 10, true), view.getUint32(at + 20, true)];
    const [unpacked, nameLength] = [view.getUint32(at + 24, true), view.getUint16(at + 28, true)];
    const start = view.getUint32(at + 42, true) + moved;
    const name = decodePath(bytes.subarray(at + 46, at + 46 + nameLength));
    entries.push({
      name,
      size: unpacked,
      read: (limit) => {
        if (unpacked > limit) return undefined;
        const content = contentOf(view, bytes, { start, packed });
        if (!content) return undefined;
        if (method === 0) return content;
        return method === 8 ? tools.inflate(content, 'raw', limit) : undefined;
      },
    });
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  }
  return entries;
}

/** The record at the end, behind which a comment may stand. */
function endOf(view: DataView): number | undefined {
  const first = Math.max(0, view.byteLength - END_SIZE - 0xffff);
  for (let at = view.byteLength - END_SIZE; at >= first; at--)
    if (view.getUint32(at, true) === END) return at;
  return undefined;
}

function contentOf(
  view: DataView,
  bytes: Uint8Array,
  { start, packed }: { readonly start: number; readonly packed: number },
): Uint8Array | undefined {
  if (start + 30 > bytes.length || view.getUint32(start, true) !== LOCAL) return undefined;
  const at = start + 30 + view.getUint16(start + 26, true) + view.getUint16(start + 28, true);
  return at + packed <= bytes.length ? bytes.subarray(at, at + packed) : undefined;
}
