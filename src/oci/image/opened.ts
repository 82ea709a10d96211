// An image opened for looking into, wherever it lies: in the store, in an archive, in an OCI layout, in a registry, in a
// Docker daemon. Who inspects (layers, waste, packages, secrets, differences) knows only this.

import type { Digest } from '../../core/index.ts';
import type { Statement } from './attestations.ts';
import type { Entry, TableOfContents } from './contents.ts';
import type { Descriptor, ImageConfig } from './documents.ts';

/** Where an opened image lies. */
export type ImageOrigin = 'store' | 'archive' | 'layout' | 'registry' | 'docker';

/** Annotations of one of the documents that lead to an image. */
export interface Annotated {
  /** `entry`: what the index says of the image. */
  readonly of: 'manifest' | 'index' | 'entry';
  readonly annotations: Readonly<Record<string, string>>;
}

/** A statement about an image that lies beside it. */
export interface OpenedStatement extends Statement {
  /** Its bytes, unchecked; absent where it is not where the image is. */
  open?(): AsyncIterable<Uint8Array>;
}

/** What belongs to an image and is in none of its layers. */
export interface ImageSurroundings {
  readonly annotated: readonly Annotated[];
  readonly statements: readonly OpenedStatement[];
}

/** An image that can be looked into. */
export interface OpenedImage {
  /** As messages should call it: the name it was asked for by, in the familiar form. */
  readonly title: string;
  readonly origin: ImageOrigin;
  /** It is a cache of builds: its layers are no stack, and there is no history. Opened for those who ask for it only. */
  readonly isCache?: true;
  /** Digest of the config. */
  readonly imageId: Digest;
  /** Absent where there is none: Docker's own archives have no manifest with a digest. */
  readonly manifestDigest?: Digest;
  /** With the history: which instruction made which layer. */
  readonly config: ImageConfig;
  /** From the base upwards, one for each of `config.rootfs.diff_ids`. */
  readonly layers: readonly OpenedLayer[];
  /** Looks at what lies beside it; absent where nothing can. @throws MilleError for what is damaged, missing or denied */
  surroundings?(): Promise<ImageSurroundings>;
  /** Ends it: temporary files and connections. To be called once. */
  close(): Promise<void>;
}

/** One layer of an opened image. */
export interface OpenedLayer {
  readonly diffId: Digest;
  /** The blob as it is stored or sent there. */
  readonly blob: Descriptor;
  /** What it holds; read or fetched at most once. @throws MilleError for a damaged or hostile layer */
  toc(): Promise<TableOfContents>;
  /** Its entries for who looks at them once: some at a time. Absent where all are kept all the same. */
  pass?(): Promise<Iterable<readonly Entry[]>>;
  /** Bytes of the uncompressed tar; known with its table of contents. */
  size(): Promise<number>;
  /**
   * Reads contents of files in one pass over the layer's tar, in its order, as a stream: nothing is held but what the
   * visitor keeps. @param visit gives, for every entry, who wants its content, or undefined
   * @throws MilleError for a damaged or hostile layer
   */
  read(visit: (entry: Entry) => ContentVisitor | undefined): Promise<void>;
}

/** Bytes of a file that come in one piece, wherever the stream was cut. */
export const CONTENT_START = 16;

/** Receives one file's content. */
export interface ContentVisitor {
  /**
   * A part of it; the bytes are valid during the call only. The first part has `CONTENT_START` bytes at least, or is all
   * there is: it tells what kind of file this is.
   */
  data(bytes: Uint8Array): void;
  /** All of it was given. The pass waits for the promise. */
  end?(): void | Promise<void>;
}
