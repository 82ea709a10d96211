// Remembers the digest of a file's content by what the kernel says of the file, so that an unchanged context
// costs its stat calls only. The signature holds device, inode, size and both times to the nanosecond: a file
// rewritten with its size and mtime kept still differs in ctime, which no program can set.

import type { Digest } from '../../core/index.ts';
import {
  type DirectoryRows,
  decodeRows,
  encodeRows,
  type Row,
  SIGNATURE_NUMBERS,
  type SignatureStat,
  type StoredRows,
} from './memory-codec.ts';

/** Where a memory is kept between builds: one value per context directory. */
export interface MemoryStorage {
  load(key: string): Uint8Array | undefined;
  save(key: string, bytes: Uint8Array): void;
}

/** What is remembered of one file. */
export interface RememberedFile {
  readonly digest: Digest;
  /** Extended attributes, in base64; absent means none. */
  readonly xattrs?: Readonly<Record<string, string>>;
}

/** A file by the directory that lists it (clean, relative) and its name. */
export interface ListedName {
  readonly directory: string;
  readonly name: string;
}

/** The memory of one context directory. */
export interface DigestMemory {
  /** Quickest when the files of a directory are asked for together and by name, as a listing gives them. */
  recall(file: ListedName, stat: SignatureStat): RememberedFile | undefined;
  /** @returns false for a file that could change again unnoticed: it is not remembered */
  remember(file: ListedName, stat: SignatureStat, known: RememberedFile): boolean;
  /** Writes what is new; does nothing where nothing is. */
  save(): void;
}

// The kernel stamps times with a resolution of some milliseconds, network file systems of a second or two. A
// file changed within that time of being hashed could change again under the same signature: it is not remembered.
const RACY_SECONDS = 2.5;

/** A file not asked for while the memory was written this often is forgotten: most likely it is gone. */
const FORGOTTEN_AFTER = 30;

/** Opens the memory for a key. `now` gives seconds since the epoch. A damaged memory is an empty one. */
export function openDigestMemory(storage: MemoryStorage, key: string, now: () => number): DigestMemory {
  const stored = decodeRows(storage.load(key));
  const cursor = new Cursor(stored);
  /** Rows of files that were asked for and are as they were. */
  const used = new Uint8Array(stored.count);
  const fresh = new Map<string, Map<string, Row>>();
  return {
    recall({ directory, name }, stat) {
      const row = cursor.find(directory, name);
      if (row < 0 || !sameSignature(stored.signatures, row, stat)) return undefined;
      used[row] = 1;
      const digest = stored.digest(row);
      const xattrs = stored.xattrs.get(row);
      return xattrs ? { digest, xattrs } : { digest };
    },
    remember({ directory, name }, stat, { digest, xattrs }) {
      const changed = Math.max(stat.ctime + stat.ctimeNsec / 1e9, stat.mtime + stat.mtimeNsec / 1e9);
      if (now() - changed < RACY_SECONDS) return false;
      const rows = fresh.get(directory) ?? new Map<string, Row>();
      fresh.set(directory, rows);
      rows.set(name, { name, stat, digest, age: 0, ...(xattrs ? { xattrs } : {}) });
      return true;
    },
    save() {
      if (fresh.size === 0) return;
      storage.save(key, encodeRows(merge(stored, used, fresh)));
      fresh.clear();
    },
  };
}

/** Finds rows; a search begins where the last one ended. */
class Cursor {
  readonly #stored: StoredRows;
  #directory: string | undefined;
  #names: readonly string[] = [];
  #first = 0;
  #next = 0;

  constructor(stored: StoredRows) {
    this.#stored = stored;
  }

  /** The row of a file, or -1. */
  find(directory: string, name: string): number {
    if (directory !== this.#directory) {
      const found = this.#stored.directories.get(directory);
      this.#directory = directory;
      this.#names = found?.names ?? [];
      this.#first = found?.first ?? 0;
      this.#next = 0;
    }
    const names = this.#names;
    if (this.#next > 0 && names[this.#next - 1]! >= name) this.#next = 0;
    while (this.#next < names.length && names[this.#next]! < name) this.#next++;
    return names[this.#next] === name ? this.#first + this.#next++ : -1;
  }
}

/** What is kept: new rows in place of old ones, and old ones until they were not used for long. */
function merge(
  stored: StoredRows,
  used: Uint8Array,
  fresh: ReadonlyMap<string, ReadonlyMap<string, Row>>,
): DirectoryRows[] {
  const all = new Map<string, Map<string, Row>>();
  for (const [directory, { first, names }] of stored.directories) {
    const rows = new Map<string, Row>();
    for (const [i, name] of names.entries()) {
      const age = used[first + i] ? 0 : stored.ages[first + i]! + 1;
      if (age < FORGOTTEN_AFTER) rows.set(name, stored.row(first + i, name, age));
    }
    if (rows.size > 0) all.set(directory, rows);
  }
  for (const [directory, rows] of fresh) {
    const kept = all.get(directory) ?? new Map<string, Row>();
    all.set(directory, kept);
    for (const [name, row] of rows) kept.set(name, row);
  }
  return [...all].map(([directory, rows]) => ({
    directory,
    rows: [...rows.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
  }));
}

function sameSignature(all: Float64Array, row: number, stat: SignatureStat): boolean {
  const at = row * SIGNATURE_NUMBERS;
  return (
    all[at] === stat.dev &&
    all[at + 1] === stat.ino &&
    all[at + 2] === stat.size &&
    all[at + 3] === stat.mtime &&
    all[at + 4] === stat.mtimeNsec &&
    all[at + 5] === stat.ctime &&
    all[at + 6] === stat.ctimeNsec
  );
}
