// What precedes a header and adds to it: extended headers (local and global) and GNU's long names. All that an
// entry may gather this way is bounded.

import { LIMITS, MilleError } from '../../../core/index.ts';
import type { ByteReader } from './byte-reader.ts';
import { padding } from './format.ts';
import { type PaxRecords, paxNumber, readPax, XATTR_PREFIX } from './pax.ts';

const FLAGS = 'xXgLK';
/** Keys that make no sense for every entry of an archive, and would only hide something. */
const NEVER_GLOBAL = /^(path|linkpath|size|GNU\.sparse\..*)$/;

/** Gathers extensions until the header that they belong to was read. */
export class Extensions {
  /** Records in force: local ones over global ones. */
  records: PaxRecords = new Map();
  longName: Uint8Array | undefined;
  longLink: Uint8Array | undefined;
  /** Offsets and lengths of sparse form 0.0, whose keys come many times. */
  sparsePairs: number[] = [];
  /** Whether a sparse file may follow. */
  sparse = false;
  /** Whether something waits for its header. */
  pending = false;
  #globals: PaxRecords = new Map();
  #bytes = 0;

  /** Whether a type flag announces an extension. */
  static isOne(flag: string): boolean {
    return FLAGS.includes(flag);
  }

  /** Reads an extension of `size` bytes. @throws MilleError `archive-limit`, `archive-broken` */
  async read(flag: string, size: number, reader: ByteReader): Promise<void> {
    this.#bytes += size;
    if (this.#bytes > LIMITS.tarHeader) {
      throw new MilleError(
        'archive-limit',
        `the archive holds an entry with more than ${LIMITS.tarHeader} bytes of extended headers`,
      );
    }
    const data = (await reader.take(size)).slice();
    await reader.skip(padding(size));
    if (flag === 'g') {
      this.#readGlobal(data);
      return;
    }
    this.pending = true;
    if (flag === 'L') this.longName = untilNul(data);
    else if (flag === 'K') this.longLink = untilNul(data);
    else this.#readLocal(data);
  }

  /** Forgets what belonged to the header just read. */
  clear(): void {
    if (!this.pending && this.#bytes === 0) return;
    this.records = new Map(this.#globals);
    this.longName = undefined;
    this.longLink = undefined;
    this.sparsePairs = [];
    this.sparse = false;
    this.pending = false;
    this.#bytes = 0;
  }

  #readGlobal(data: Uint8Array): void {
    readPax(data, (key, value) => {
      if (NEVER_GLOBAL.test(key)) return;
      set(this.#globals, key, value);
      set(this.records, key, value);
    });
  }

  #readLocal(data: Uint8Array): void {
    readPax(data, (key, value) => {
      set(this.records, key, value);
      if (!key.startsWith('GNU.sparse.')) return;
      this.sparse = true;
      if (key === 'GNU.sparse.offset' || key === 'GNU.sparse.numbytes')
        this.sparsePairs.push(paxNumber(value, key));
    });
  }
}

// An empty value takes back what was said before; but an attribute's value may well be empty.
function set(records: PaxRecords, key: string, value: Uint8Array): void {
  if (value.length === 0 && !key.startsWith(XATTR_PREFIX)) records.delete(key);
  else records.set(key, value);
}

function untilNul(data: Uint8Array): Uint8Array {
  const end = data.indexOf(0);
  return end < 0 ? data : data.subarray(0, end);
}
