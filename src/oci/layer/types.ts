// The nouns of this room: what layers are made from and what is known of stacks of them.

import type { ContentReader, Entry, FileTree, LayerInfo, TableOfContents } from '../image/index.ts';

/** Something to be written into a layer. */
export interface LayerSourceEntry {
  /**
   * As it shall stand in the layer. A file's `size` must be that of its content; a `digest` is used only with
   * `trustDigests`.
   */
  readonly entry: Entry;
  /** Opens the content; needed for files that are not empty. Called at most once, and closed. */
  readonly open?: () => ContentReader;
  /** Whether somebody looks at what is read: the content is then to come from `open`, wherever else it may be. */
  readonly watched?: () => boolean;
}

/** What is known of a layer once its tar was written or read. */
export interface ScannedLayer {
  readonly info: LayerInfo;
  readonly toc: TableOfContents;
}

/** Takes bytes in order. They are valid until it returns (or its promise resolves): copy what is kept. */
export type ByteSink = (bytes: Uint8Array) => void | Promise<void>;

/** What a stack of layers shows at a path. */
export interface MergedEntry {
  /** With the path as seen; hard links show the attributes of their file. Never whiteout, opaque or hardlink. */
  readonly entry: Entry;
  /** Index (0 = bottom) of the layer whose unpacked directory holds it, at `entry.path`. */
  readonly layer: number;
  /** For files: the layer and the entry of its table of contents that carry the bytes in a tar. */
  readonly content?: { readonly layer: number; readonly entry: Entry };
  /** The same for all names of a file with several hard links. */
  readonly inode?: string;
}

/** A stack of tables of contents, seen as a container would see the files. */
export interface MergedTree {
  /** How many layers were merged. */
  readonly layers: number;
  /** The entry at a clean path, no link followed anywhere; undefined where there is none. '' may be absent too. */
  get(path: string): MergedEntry | undefined;
  /** The names in a directory, sorted; none for anything that is no directory. */
  children(path: string): readonly string[];
  /**
   * Resolves symbolic links as if the tree were the root directory: `..` stops there. The result need not exist:
   * what comes after the last existing part is kept as text. The final part is followed unless `followFinal` is
   * false. @returns a clean path; undefined after 40 links (a loop)
   */
  resolve(path: string, options?: { readonly followFinal?: boolean }): string | undefined;
  /** All entries, parents first, names sorted. */
  walk(): IterableIterator<MergedEntry>;
}

/** An open archive. */
export interface TarArchive {
  /** As they follow one another, hard links as such; files with their digests. */
  readonly entries: readonly Entry[];
  /** Opens the content of one of the entries, a file. */
  open(entry: Entry): ContentReader;
  close(): void;
}

/** A tree over an open archive; `close` ends it. */
export interface ArchiveTree extends FileTree {
  close(): void;
}
