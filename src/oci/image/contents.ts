// What is inside a layer: the table of contents, the common currency of the program (design, idea 2), and the
// tree of files that COPY reads from, whatever it comes from.

import type { Digest } from '../../core/index.ts';

/**
 * The kind of a layer's entry. `whiteout` hides the path below it (tar `.wh.NAME`); `opaque` hides everything
 * that lower layers have in the directory `path` (tar `.wh..wh..opq`). Sockets never enter a layer.
 */
export type EntryType = (typeof ENTRY_TYPES)[number];

/** All kinds. Tables of contents on the disk have their places in this list: a new one comes last. */
export const ENTRY_TYPES = [
  'file',
  'dir',
  'symlink',
  'hardlink',
  'char',
  'block',
  'fifo',
  'whiteout',
  'opaque',
] as const;

/** One entry of a layer. */
export interface Entry {
  /** Clean and relative ('' is the root directory), in the encoding of `core/path.ts`. */
  readonly path: string;
  readonly type: EntryType;
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes of content; 0 for all but files. */
  readonly size: number;
  /** Modification time, whole seconds since the epoch (may be negative). */
  readonly mtime: number;
  /** Target: of a symbolic link as written; of a hard link the clean path of an entry. */
  readonly link?: string;
  readonly major?: number;
  readonly minor?: number;
  /** Extended attributes; values in base64. */
  readonly xattrs?: Readonly<Record<string, string>>;
  /** SHA-256 of a file's content. */
  readonly digest?: Digest;
}

/** The entries of a layer in the order of its tar. A later entry of the same path replaces an earlier one. */
export interface TableOfContents {
  readonly entries: readonly Entry[];
}

/** Everything the store knows of one layer. */
export interface LayerInfo {
  /** Digest of the uncompressed tar. */
  readonly diffId: Digest;
  /** Bytes of the uncompressed tar. */
  readonly size: number;
  /**
   * Digest of what the layer holds, times left out: equal for two layers whose content is the same. What a step's
   * key uses for its parent (design, idea 5).
   */
  readonly contentId: Digest;
  /** Entries, for display. */
  readonly files: number;
}

/** Reads one file's content from start to end. */
export interface ContentReader {
  /** Fills the buffer's start; the number of bytes, 0 at the end. */
  read(buffer: Uint8Array): number;
  close(): void;
}

/** A file or directory that COPY can take. Never a whiteout; hard links are shown as files. */
export interface TreeEntry extends Omit<Entry, 'type' | 'digest'> {
  readonly type: Exclude<EntryType, 'whiteout' | 'opaque' | 'hardlink'>;
  /** Of a file's content: only where it was known when the entry was made, and is settled (see `settledDigest`). */
  readonly digest?: Digest;
  /** The same for all names of one hard-linked file within a tree. */
  readonly inode?: string;
}

/** A tree of files to copy from: the build context, a stage, an image, a heredoc. */
export interface FileTree {
  /** The entry at a clean path, without following a link there; undefined where there is none. */
  get(path: string): TreeEntry | undefined;
  /** The names in a directory, sorted. */
  children(path: string): readonly string[];
  /** The entries in a directory, sorted by name: `children` and `get` in one, for trees that have them at hand. */
  entries?(path: string): readonly TreeEntry[];
  /** The digest of a file's content (remembered where possible). */
  digest(path: string): Digest;
  /**
   * The digest where it is known already, and what `open` gives is sure to have it: such content need not be hashed
   * again while it is copied.
   */
  settledDigest?(path: string): Digest | undefined;
  open(path: string): ContentReader;
  /** Whether somebody looks at what `open` gives of a file, so that it cannot be had from elsewhere. */
  watched?(path: string): boolean;
  /** The absolute path of a file with exactly this content on the local disk, where there is one. */
  localPath?(path: string): string | undefined;
}

/** Reads bytes that are already in memory. */
export function bytesReader(bytes: Uint8Array): ContentReader {
  let at = 0;
  return {
    read(buffer) {
      const part = bytes.subarray(at, at + buffer.length);
      buffer.set(part);
      at += part.length;
      return part.length;
    },
    close() {},
  };
}
