// Writes a layer: entries in, tar out, and what is known of it afterwards, in one pass over the content.

import { type Digest, displayPath } from '../../core/index.ts';
import { BYTES_PER_TURN, nextTurn, sha256 } from '../../sys/index.ts';
import type { Entry } from '../image/index.ts';
import { contentId } from './content-id.ts';
import { type Content, changedWhileRead, copyContent } from './copy-content.ts';
import { encodeHeader } from './tar/encode.ts';
import { BLOCK, padding } from './tar/format.ts';
import { TarWriter } from './tar-writer.ts';
import type { ByteSink, LayerSourceEntry, ScannedLayer } from './types.ts';

/** How to write a layer. */
export interface WriteOptions {
  /** Seconds since the epoch; later times become this one. */
  readonly clampTime?: number;
  /** Takes the digests of entries as true and does not hash their content again. */
  readonly trustDigests?: boolean;
  /** Told the bytes written so far, every few MiB. */
  readonly onProgress?: (bytes: number) => void;
}

const EMPTY = sha256('');
/** Files up to this size are hashed in one call once they are in the buffer. */
const SMALL = 1 << 16;
const ZEROES = new Uint8Array(2 * BLOCK);

/**
 * Writes a layer's tar in the order given, and hashes it and the content of its files on the way. Nothing is
 * sorted: the order is part of the layer's identity.
 * @throws MilleError `io` naming a file whose size changed while it was read, `image-invalid` for a name that
 *   the format reserves; what sources and sink throw
 */
export async function writeLayer(
  entries: Iterable<LayerSourceEntry> | AsyncIterable<LayerSourceEntry>,
  sink: ByteSink,
  options: WriteOptions = {},
): Promise<ScannedLayer> {
  const writer = new TarWriter(sink);
  const listed: Entry[] = [];
  let turn = 0;
  const take = async (source: LayerSourceEntry) => {
    const entry = normal(source.entry, options.clampTime);
    const waiting = writer.write(encodeHeader(entry));
    if (waiting) await waiting;
    listed.push(entry.type === 'file' ? await writeContent(writer, source, { entry, options }) : entry);
    if (writer.written - turn < BYTES_PER_TURN) return;
    turn = writer.written;
    options.onProgress?.(turn);
    await nextTurn();
  };
  let diffId: Digest;
  try {
    if (Symbol.asyncIterator in entries) for await (const source of entries) await take(source);
    else for (const source of entries) await take(source);
    await writer.write(ZEROES);
    diffId = await writer.finish();
  } finally {
    // Whoever has the sink may close it now.
    await writer.settle();
  }
  const size = writer.written;
  const toc = { entries: listed };
  return { info: { diffId, size, contentId: contentId(toc), files: listed.length }, toc };
}

/** The entry as it goes into the tar: whole seconds, clamped; deletions without attributes. */
export function normal(entry: Entry, clampTime: number | undefined): Entry {
  const { path, type } = entry;
  if (type === 'whiteout' || type === 'opaque')
    return { path, type, mode: 0, uid: 0, gid: 0, size: 0, mtime: clampTime ?? 0 };
  const whole = Math.floor(entry.mtime);
  const mtime = clampTime === undefined ? whole : Math.min(whole, clampTime);
  const size = type === 'file' ? entry.size : 0;
  return mtime === entry.mtime && size === entry.size ? entry : { ...entry, mtime, size };
}

async function writeContent(
  writer: TarWriter,
  source: LayerSourceEntry,
  how: { entry: Entry; options: WriteOptions },
): Promise<Entry> {
  const { entry, options } = how;
  const trusted = options.trustDigests ? entry.digest : undefined;
  if (!source.open) {
    if (entry.size > 0) throw new Error(`no content given for '${displayPath(entry.path)}'`);
    return { ...entry, digest: EMPTY };
  }
  const reader = source.open();
  try {
    const small = entry.size <= SMALL ? writer.spaceNow(entry.size + BLOCK) : undefined;
    const digest = small
      ? copySmall(writer, { reader, space: small, size: entry.size, trusted, path: entry.path })
      : await copyContent(writer, { reader, size: entry.size, trusted, path: entry.path });
    return digest === entry.digest ? entry : { ...entry, digest };
  } finally {
    reader.close();
  }
}

/** Reads a file that fits into the buffer, its padding included. */
function copySmall(writer: TarWriter, copy: Content & { space: Uint8Array }): Digest {
  const { reader, space, size, trusted, path } = copy;
  let have = 0;
  // One byte more than expected is asked for, so that a file that grew is noticed.
  for (let count = -1; have <= size && count !== 0; have += count)
    count = reader.read(space.subarray(have, size + 1));
  if (have !== size) throw changedWhileRead(path);
  const digest = trusted ?? (size === 0 ? EMPTY : sha256(space.subarray(0, size)));
  const pad = padding(size);
  space.fill(0, size, size + pad);
  writer.advance(size + pad);
  return digest;
}
