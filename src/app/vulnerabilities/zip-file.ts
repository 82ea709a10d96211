// The members of a zip archive on disk, one after the other (PKWARE's APPNOTE, 4.3 and, for archives of more than 65,535
// members, 4.5.3). Stored and deflated members only, which is all that databases are packed with. Sizes are bounded before
// anything is allocated for them.

import { MilleError } from '../../core/index.ts';
import { CWD, closeFd, inflateAtMost, O, openAt, readIntoAt, statFd } from '../../sys/index.ts';

/** A member that was read. */
export interface ZipMember {
  readonly name: string;
  /** Undefined for one that is damaged, larger than the limit, or packed in another way. */
  readonly bytes: Uint8Array | undefined;
}

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_SIZE = 22;
const LOCATOR_SIZE = 20;
const LARGEST_DIRECTORY = 512 * 1024 * 1024;
const MOST_MEMBERS = 4_000_000;
const MOST_BYTES = 64 * 1024 ** 3;

interface Place {
  readonly name: string;
  readonly offset: number;
  readonly packed: number;
  readonly unpacked: number;
  readonly method: number;
}

/**
 * Reads all members whose names are wanted, in their order in the file.
 * @throws MilleError `archive-broken`, `archive-limit`
 */
export async function* readZipFile(
  path: string,
  { wanted, limit }: { readonly wanted: (name: string) => boolean; readonly limit: number },
): AsyncGenerator<ZipMember, void, void> {
  const fd = openAt(CWD, path, { flags: O.RDONLY });
  try {
    const places = readDirectory(fd, path).filter(({ name }) => wanted(name));
    places.sort((a, b) => a.offset - b.offset);
    let total = 0;
    for (const place of places) {
      const bytes = await readMember(fd, place, limit);
      total += bytes?.length ?? 0;
      if (total > MOST_BYTES) throw new MilleError('archive-limit', `${path} unpacks to more than 64 GiB`);
      yield { name: place.name, bytes };
    }
  } finally {
    closeFd(fd);
  }
}

async function readMember(fd: number, place: Place, limit: number): Promise<Uint8Array | undefined> {
  const { offset, packed, unpacked, method } = place;
  if (packed > limit || unpacked > limit) return undefined;
  const header = readAt(fd, offset, 30);
  if (header.byteLength < 30 || header.getUint32(0, true) !== LOCAL) return undefined;
  const start = offset + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  const content = bytesAt(fd, start, packed);
  if (content.length < packed) return undefined;
  if (method === 0) return content;
  return method === 8 ? (await inflateAtMost(content, 'raw', limit))?.bytes : undefined;
}

function readDirectory(fd: number, path: string): Place[] {
  const { offset, size } = findDirectory(fd, path);
  if (size > LARGEST_DIRECTORY) throw new MilleError('archive-limit', `${path} has too many members`);
  const bytes = bytesAt(fd, offset, size);
  if (bytes.length < size) throw broken(path);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const decoder = new TextDecoder();
  const places: Place[] = [];
  for (let at = 0; at + 46 <= size && view.getUint32(at, true) === CENTRAL; ) {
    if (places.length >= MOST_MEMBERS)
      throw new MilleError('archive-limit', `${path} has more than ${MOST_MEMBERS} members`);
    const [nameLength, extraLength] = [view.getUint16(at + 28, true), view.getUint16(at + 30, true)];
    const nameEnd = at + 46 + nameLength;
    if (nameEnd + extraLength > size) throw broken(path);
    const wide = readWide(view, at, { from: nameEnd, to: nameEnd + extraLength });
    // Encrypted ones are as good as damaged.
    const encrypted = (view.getUint16(at + 8, true) & 1) !== 0;
    places.push({
      name: decoder.decode(bytes.subarray(at + 46, nameEnd)),
      ...wide,
      method: encrypted ? -1 : view.getUint16(at + 10, true),
    });
    at = nameEnd + extraLength + view.getUint16(at + 32, true);
  }
  return places;
}

/** Sizes and offset, which stand in an extra field where 32 bits are not enough. */
function readWide(
  view: DataView,
  at: number,
  extra: { readonly from: number; readonly to: number },
): Pick<Place, 'offset' | 'packed' | 'unpacked'> {
  const narrow = [
    view.getUint32(at + 24, true),
    view.getUint32(at + 20, true),
    view.getUint32(at + 42, true),
  ];
  let next = wideField(view, extra);
  const [unpacked, packed, offset] = narrow.map((value) => {
    if (value !== 0xffffffff || next === undefined || next + 8 > extra.to) return value;
    const wide = Number(view.getBigUint64(next, true));
    next += 8;
    return wide;
  });
  return { unpacked: unpacked!, packed: packed!, offset: offset! };
}

function wideField(view: DataView, { from, to }: { readonly from: number; readonly to: number }) {
  for (let at = from; at + 4 <= to; at += 4 + view.getUint16(at + 2, true))
    if (view.getUint16(at, true) === 1) return at + 4;
  return undefined;
}

/** Where the list of members is, by the record at the archive's end. */
function findDirectory(fd: number, path: string): { readonly offset: number; readonly size: number } {
  const { size: length } = statFd(fd);
  const from = Math.max(0, length - END_SIZE - 0xffff - LOCATOR_SIZE);
  const tail = readAt(fd, from, length - from);
  for (let at = tail.byteLength - END_SIZE; at >= 0; at--) {
    if (tail.getUint32(at, true) !== END) continue;
    const found = { size: tail.getUint32(at + 12, true), offset: tail.getUint32(at + 16, true) };
    const locator = at - LOCATOR_SIZE;
    const isWide = locator >= 0 && tail.getUint32(locator, true) === LOCATOR_64;
    if (!isWide) return found;
    const record = readAt(fd, Number(tail.getBigUint64(locator + 8, true)), 56);
    if (record.byteLength < 56 || record.getUint32(0, true) !== END_64) break;
    return { size: Number(record.getBigUint64(40, true)), offset: Number(record.getBigUint64(48, true)) };
  }
  throw broken(path);
}

function broken(path: string): MilleError {
  return new MilleError('archive-broken', `${path} is no zip archive, or one that ends too early`, {
    hint: 'fetch it again',
  });
}

function readAt(fd: number, offset: number, length: number): DataView {
  const bytes = bytesAt(fd, offset, length);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}

/** So many bytes, or those that are left. */
function bytesAt(fd: number, offset: number, length: number): Uint8Array {
  if (!Number.isSafeInteger(offset) || offset < 0) return new Uint8Array(0);
  const bytes = new Uint8Array(Math.min(length, Math.max(0, statFd(fd).size - offset)));
  let done = 0;
  while (done < bytes.length) {
    const count = readIntoAt(fd, bytes.subarray(done), offset + done);
    if (count === 0) break;
    done += count;
  }
  return bytes.subarray(0, done);
}
