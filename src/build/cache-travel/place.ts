// Where caches lie: a repository of a registry, or a directory that is an OCI layout. What differs between them is only
// how blobs and manifests are read and written.

import type { Digest } from '../../core/index.ts';
import type { Descriptor } from '../../oci/image/index.ts';

/** A place that caches are read from. */
export interface ReadingPlace {
  /** In words, for messages: `host/app:cache`, `the directory 'cache'`. */
  readonly name: string;
  /** The registry, and the repository in it: who writes to another one there need not send a blob again. */
  readonly repository?: { readonly registry: string; readonly name: string };
  /** The manifest, or an index of images. @throws MilleError `image-missing`, `digest-mismatch`; those of the way */
  manifest(digest?: Digest): Promise<Uint8Array>;
  /** A blob. The digest is for the reader to check; no more than its size comes. */
  stream(blob: Descriptor): AsyncIterable<Uint8Array>;
  /** Ends the reading. */
  close(): void;
}

/** A blob to be written. */
export interface BlobToWrite {
  readonly descriptor: Descriptor;
  /** Its bytes, which prove to be its own by the end. */
  open(): AsyncIterable<Uint8Array>;
  /** Where it is already. */
  readonly from?: ReadingPlace;
}

/** A place that caches are written to. */
export interface WritingPlace {
  readonly name: string;
  has(blob: Descriptor): Promise<boolean>;
  /** @returns bytes that went there: none for a blob that was there in another form */
  write(blob: BlobToWrite, progress: (bytes: number) => void): Promise<number>;
  /** Makes the cache visible: everything that it names is there. */
  publish(manifest: Uint8Array): Promise<void>;
  /** Ends the writing; what nobody needs any more may go. */
  close(): void;
}
