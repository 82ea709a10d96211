// Records of vulnerabilities, wherever they lie: files of JSON in a directory and those below it, and archives of such
// files, zip or tar. One record is held at a time.

import { displayPath, MilleError } from '../../core/index.ts';
import { type ReadRecord, readRecord } from '../../insight/vulnerabilities/index.ts';
import { readTar } from '../../oci/layer/index.ts';
import {
  CWD,
  closeFd,
  decompress,
  isErrno,
  namesIn,
  O,
  openAt,
  readChunks,
  readIntoAt,
  readSmallFile,
  statAt,
} from '../../sys/index.ts';
import { readZipFile } from './zip-file.ts';

/** What is told of all records of a place. */
export interface RecordTally {
  /** Records that were read. */
  records: number;
  /** Files that are none, or that are damaged or too large. */
  broken: number;
  /** The first few of them. */
  readonly brokenNames: string[];
}

/** Nothing yet. */
export function newTally(): RecordTally {
  return { records: 0, broken: 0, brokenNames: [] };
}

/** What is done with each record; it is waited for. */
export type RecordHandler = (record: ReadRecord) => void;

const LARGEST_RECORD = 16 * 1024 * 1024;
const DEEPEST = 8;
const MOST_FILES = 4_000_000;
const MOST_BROKEN_NAMES = 5;
const ARCHIVE = /\.(?:zip|tar|tgz|tar\.[a-z0-9]+)$/;

/** How records are read. */
export interface RecordReading {
  readonly tally: RecordTally;
  readonly handle: RecordHandler;
  readonly signal: AbortSignal | undefined;
  /** Files that are no records, as databases that lie there: told and passed over. */
  readonly other?: (path: string) => boolean;
}

/**
 * Reads all records below a path: a directory, a file of JSON, or an archive.
 * @throws MilleError `io` for a path that is not there; `archive-broken`, `archive-limit`; `interrupted`
 */
export async function readRecords(path: string, reading: RecordReading): Promise<void> {
  const stat = statAt(CWD, path);
  // A link is followed at the top, where somebody named it; nowhere below.
  if (stat?.type === 'dir' || (stat?.type === 'symlink' && isDirectory(path))) {
    await readDirectory(path, reading, { depth: 0, files: { count: 0 } });
  } else await readFile(path, reading, true);
}

function isDirectory(path: string): boolean {
  return statAt(CWD, `${path}/.`) !== undefined;
}

interface Walk {
  readonly depth: number;
  readonly files: { count: number };
}

async function readDirectory(path: string, reading: RecordReading, walk: Walk): Promise<void> {
  for (const name of namesIn(path)) {
    const inner = `${path}/${name}`;
    const type = statAt(CWD, inner)?.type;
    if (type === 'dir') {
      if (walk.depth < DEEPEST) await readDirectory(inner, reading, { ...walk, depth: walk.depth + 1 });
    } else if (type === 'file') {
      if (++walk.files.count > MOST_FILES)
        throw new MilleError('archive-limit', `${displayPath(path)} holds more than ${MOST_FILES} files`);
      if (!reading.other?.(inner)) await readFile(inner, reading, false);
    }
  }
}

async function readFile(path: string, reading: RecordReading, named: boolean): Promise<void> {
  checkSignal(reading.signal);
  if (ARCHIVE.test(path) || (named && !path.endsWith('.json'))) {
    try {
      await readArchive(path, reading);
    } catch (error) {
      throw withName(error, path);
    }
  } else if (path.endsWith('.json')) takeFile(path, reading);
}

/** Says of a damaged archive which one it is: a directory may hold many. */
function withName(error: unknown, path: string): unknown {
  if (!(error instanceof MilleError) || !error.code.startsWith('archive-') || error.message.includes(path))
    return error;
  const hint = error.hint === undefined ? {} : { hint: error.hint };
  return new MilleError(error.code, `${displayPath(path)}: ${error.message}`, { ...hint, cause: error });
}

function takeFile(path: string, reading: RecordReading): void {
  let bytes: Uint8Array | undefined;
  try {
    bytes = readSmallFile(CWD, path, LARGEST_RECORD);
  } catch (error) {
    if (!isErrno(error, 'EFBIG')) throw error;
  }
  takeBytes(path, bytes, reading);
}

async function readArchive(path: string, reading: RecordReading): Promise<void> {
  const isZip = startsWith(path, [0x50, 0x4b]);
  const name = displayPath(path);
  if (isZip) {
    for await (const member of readZipFile(path, { wanted: isRecordName, limit: LARGEST_RECORD })) {
      checkSignal(reading.signal);
      takeBytes(`${name}: ${displayPath(member.name)}`, member.bytes, reading);
    }
    return;
  }
  const { stream } = await decompress(readChunks(path));
  let held: Uint8Array | undefined;
  let length = 0;
  let wanted = false;
  await readTar(stream, {
    entry(entry) {
      checkSignal(reading.signal);
      wanted = entry.type === 'file' && isRecordName(entry.path);
      held = wanted && entry.size <= LARGEST_RECORD ? new Uint8Array(entry.size) : undefined;
      length = 0;
    },
    data(bytes) {
      if (!held) return;
      const part = bytes.subarray(0, held.length - length);
      held.set(part, length);
      length += part.length;
    },
    end(entry) {
      if (wanted) takeBytes(`${name}: ${displayPath(entry.path)}`, held?.subarray(0, length), reading);
    },
  });
}

function isRecordName(name: string): boolean {
  return name.endsWith('.json');
}

function startsWith(path: string, magic: readonly number[]): boolean {
  const fd = openAt(CWD, path, { flags: O.RDONLY });
  try {
    const bytes = new Uint8Array(magic.length);
    return readIntoAt(fd, bytes, 0) === magic.length && magic.every((byte, i) => bytes[i] === byte);
  } finally {
    closeFd(fd);
  }
}

const decoder = new TextDecoder();

/** A record, or a list of records, as some databases are handed on. */
function takeBytes(name: string, bytes: Uint8Array | undefined, { tally, handle }: RecordReading): void {
  let value: unknown;
  try {
    value = bytes && JSON.parse(decoder.decode(bytes));
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
  }
  for (const one of Array.isArray(value) ? value : [value]) {
    const record = readRecord(one);
    if (!record) {
      tally.broken++;
      if (tally.brokenNames.length < MOST_BROKEN_NAMES) tally.brokenNames.push(name);
      continue;
    }
    tally.records++;
    handle(record);
  }
}

function checkSignal(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new MilleError('interrupted', 'interrupted');
}
