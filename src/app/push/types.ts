// Pushing, as the fronts see it.

import type { Digest, EventSink } from '../../core/index.ts';
import type { LayerPacking } from '../../oci/store/index.ts';

export interface PushOptions {
  /** As written: `host:5000/app:1`. */
  readonly image: string;
  /** All names of the repository in the store, whatever the tag. */
  readonly allTags: boolean;
  /** Of an image of several platforms only this one. */
  readonly platform?: string;
  /** Of layers that are not compressed yet. */
  readonly compression: LayerPacking;
  /** CA bundle trusted beside the machine's: 'host', or the path of one. */
  readonly ca?: string;
}

/** An image that the registry has now. */
export interface Pushed {
  /** Familiar, with its tag. */
  readonly name: string;
  readonly tag: string;
  /** Of the manifest or the index that the name points to, and its size. */
  readonly digest: Digest;
  readonly size: number;
  /** Bytes that were not there. */
  readonly sent: number;
}

export interface PushResult {
  /** With its registry: `docker.io/library/app`. */
  readonly repository: string;
  readonly pushed: readonly Pushed[];
}

export interface PushVerbs {
  /** Sends an image to its registry. Progress comes as a build's of one step for each name. */
  push(options: PushOptions, events: EventSink, signal: AbortSignal): Promise<PushResult>;
}
