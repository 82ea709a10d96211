// Writes a layer: entries in, tar out, and what is known of it afterwards, in one pass over the content.

import { type Digest, displayPath } from '../../core/index.ts';
import { BYTES_PER_TURN, nextTurn, sha256 } from '../../sys/index.ts';
import type { Entry } from '../image/index.ts';
import { contentId } from './content-id.ts';
import { changedWhileRead, copyContent } from './copy-content.ts';
import type { EarlierTar, Part } from './earlier-tar.ts';
import { encodeHeader } from './tar/encode.ts';
import { BLOCK, padding } from './tar/format.ts';
import { writePlainHeader } from './tar/plain-header.ts';
import { TarWriter } from './tar-writer.ts';
import type { ByteSink, LayerSourceEntry, ScannedLayer } from './types.ts';

/** How to write a layer. */
export interface WriteOptions {
  /** Seconds since the epoch; later times become this one. */
  readonly clampTime?: number;
  /** Takes the digests of entries as true and does not hash their content again. */
  readonly trustDigests?: boolean;
  /** With `trustDigests`: content that is in this tar with the digest of its entry is taken from there. */
  readonly earlier?: EarlierTar;
  /** Told the bytes written so far, every few MiB. */
  readonly onProgress?: (bytes: number) => void;
}

const EMPTY = sha256('');
/** Files up to this size are read, and hashed in one call, where they lie in the buffer: nearly all, without a pause. */
const SMALL = 1 << 17;
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
  const take = (source: LayerSourceEntry): void | Promise<void> => {
    const entry = normal(source.entry, options.clampTime);
    const written = writeNow(writer, source, { entry, options });
    if (!written) return takeSlowly(source, entry);
    listed.push(written);
    if (writer.written - turn >= BYTES_PER_TURN) return pause();
  };
  const takeSlowly = async (source: LayerSourceEntry, entry: Entry) => {
    await writer.flush();
    const how = { entry, options };
    listed.push(writeNow(writer, source, how) ?? (await writeLarge(writer, source, how)));
    if (writer.written - turn >= BYTES_PER_TURN) await pause();
  };
  const pause = () => {
    turn = writer.written;
    options.onProgress?.(turn);
    return nextTurn();
  };
  let diffId: Digest;
  try {
    if (Symbol.asyncIterator in entries) for await (const source of entries) await take(source);
    else {
      for (const source of entries) {
        const waiting = take(source);
        if (waiting) await waiting;
      }
    }
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

interface How {
  readonly entry: Entry;
  readonly options: WriteOptions;
}

/** Writes an entry and its content into the buffer; undefined where it does not fit into what is left of it. */
function writeNow(writer: TarWriter, source: LayerSourceEntry, { entry, options }: How): Entry | undefined {
  const content = entry.type === 'file' ? entry.size : 0;
  if (content > SMALL) return undefined;
  const { target: bytes } = writer;
  let header = BLOCK;
  // A block more than the content: for its padding, or for what a file has beyond its size.
  const start = writer.roomFor(header + content + BLOCK);
  if (start < 0) return undefined;
  if (!writePlainHeader(entry, bytes, start)) {
    const long = encodeHeader(entry);
    header = long.length;
    if (writer.roomFor(header + content + BLOCK) < 0) return undefined;
    bytes.set(long, start);
  }
  if (entry.type !== 'file') {
    writer.advance(header);
    return entry;
  }
  const at = start + header;
  const digest = contentNow(source, { entry, options }, { bytes, start, end: at });
  const end = at + content + padding(content);
  bytes.fill(0, at + content, end);
  writer.advance(end - start);
  return digest === entry.digest ? entry : { ...entry, digest };
}

/** Puts a file's content behind its header. */
function contentNow(source: LayerSourceEntry, { entry, options }: How, header: Part): Digest {
  const { size, path } = entry;
  const trusted = options.trustDigests ? entry.digest : undefined;
  if (!source.open) return emptyContent(entry);
  const { bytes, end: at } = header;
  const { earlier } = options;
  if (trusted && earlier && !source.watched?.()) {
    if (earlier.take(entry, header)) return trusted;
  }
  const reader = source.open();
  try {
    let have = 0;
    // One byte more than expected is asked for, so that a file that grew is noticed.
    for (let count = -1; have <= size && count !== 0; have += count)
      count = reader.read(bytes.subarray(at + have, at + size + 1));
    if (have !== size) throw changedWhileRead(path);
    return trusted ?? (size === 0 ? EMPTY : sha256(bytes.subarray(at, at + size)));
  } finally {
    reader.close();
  }
}

function emptyContent({ size, path }: Entry): Digest {
  if (size > 0) throw new Error(`no content given for '${displayPath(path)}'`);
  return EMPTY;
}

/** Writes an entry of any size. */
async function writeLarge(
  writer: TarWriter,
  source: LayerSourceEntry,
  { entry, options }: How,
): Promise<Entry> {
  await writer.write(encodeHeader(entry));
  if (entry.type !== 'file') return entry;
  if (!source.open) return { ...entry, digest: emptyContent(entry) };
  const { size, path } = entry;
  const trusted = options.trustDigests ? entry.digest : undefined;
  const reader = source.open();
  try {
    const digest = await copyContent(writer, { reader, size, trusted, path });
    return digest === entry.digest ? entry : { ...entry, digest };
  } finally {
    reader.close();
  }
}
