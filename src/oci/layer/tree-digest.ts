// The digest of a tree in an archive: over its entries in their order, times included.

import type { Digest } from '../../core/index.ts';
import { createHasher } from '../../sys/index.ts';
import type { Entry } from '../image/index.ts';

/** What is known of a tree that was written or read. */
export interface TreeSummary {
  readonly digest: Digest;
  /** Entries that are no directories. */
  readonly files: number;
  /** Bytes of content. */
  readonly bytes: number;
}

/** Gathers the digest of a tree. */
export interface TreeDigester {
  /** @param digest of the content, for a file */
  add(entry: Entry, nanoseconds: number, digest: Digest | undefined): void;
  finish(): TreeSummary;
}

/** Starts a digest. */
export function createTreeDigester(): TreeDigester {
  const hasher = createHasher();
  let files = 0;
  let bytes = 0;
  let lines = 'mille tree 1\n';
  return {
    add: ({ path, type, mode, uid, gid, size, mtime, link, major, minor, xattrs }, nanoseconds, digest) => {
      const attributes = xattrs && Object.entries(xattrs).sort(([a], [b]) => (a < b ? -1 : 1));
      const facts = [
        path,
        type,
        mode,
        uid,
        gid,
        size,
        mtime,
        nanoseconds,
        link,
        major,
        minor,
        attributes,
        digest,
      ];
      lines += `${JSON.stringify(facts)}\n`;
      if (type !== 'dir') files++;
      bytes += size;
      if (lines.length < 1 << 16) return;
      hasher.update(lines);
      lines = '';
    },
    finish: () => {
      hasher.update(lines);
      return { digest: hasher.digest(), files, bytes };
    },
  };
}
