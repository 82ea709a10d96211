// Remembers the digest of a file's content by what the kernel says of the file, so that an unchanged context
// costs its stat calls only. The signature holds device, inode, size and both times to the nanosecond: a file
// rewritten with its size and mtime kept still differs in ctime, which no program can set.

import type { Digest } from '../../core/index.ts';
import type { FileStat } from '../../sys/index.ts';

/** Where a memory is kept between builds: one value per context directory. */
export interface MemoryStorage {
  load(key: string): Uint8Array | undefined;
  save(key: string, bytes: Uint8Array): void;
}

/** What is remembered of one file. */
export interface RememberedFile {
  readonly digest?: Digest;
  /** Extended attributes, in base64; absent means none. */
  readonly xattrs?: Readonly<Record<string, string>>;
}

/** The memory of one context directory. */
export interface DigestMemory {
  recall(path: string, stat: FileStat): RememberedFile | undefined;
  remember(path: string, stat: FileStat, file: RememberedFile): void;
  /** Writes what is new; does nothing where nothing is. */
  save(): void;
}

// The kernel stamps times with a resolution of some milliseconds, network file systems of a second or two. A
// file changed within that time of being hashed could change again under the same signature: it is not remembered.
const RACY_SECONDS = 2.5;

type Row = [signature: string, digest: Digest | null, xattrs?: Readonly<Record<string, string>>];

/** Opens the memory for a key. `now` gives seconds since the epoch. A damaged memory is an empty one. */
export function openDigestMemory(storage: MemoryStorage, key: string, now: () => number): DigestMemory {
  const known = load(storage, key);
  let dirty = false;
  return {
    recall(path, stat) {
      const row = known.get(path);
      if (!row || row[0] !== signature(stat)) return undefined;
      return { ...(row[1] ? { digest: row[1] } : {}), ...(row[2] ? { xattrs: row[2] } : {}) };
    },
    remember(path, stat, file) {
      const changed = Math.max(stat.ctime + stat.ctimeNsec / 1e9, stat.mtime + stat.mtimeNsec / 1e9);
      if (now() - changed < RACY_SECONDS) return;
      const row: Row = [signature(stat), file.digest ?? null];
      if (file.xattrs) row[2] = file.xattrs;
      known.set(path, row);
      dirty = true;
    },
    save() {
      if (!dirty) return;
      dirty = false;
      storage.save(key, Buffer.from(JSON.stringify([...known])));
    },
  };
}

function load(storage: MemoryStorage, key: string): Map<string, Row> {
  const bytes = storage.load(key);
  if (!bytes) return new Map();
  try {
    return new Map(JSON.parse(Buffer.from(bytes).toString()) as [string, Row][]);
  } catch {
    return new Map();
  }
}

function signature(stat: FileStat): string {
  const { dev, ino, size, mtime, mtimeNsec, ctime, ctimeNsec } = stat;
  return `${dev}.${ino}.${size}.${mtime}.${mtimeNsec}.${ctime}.${ctimeNsec}`;
}
