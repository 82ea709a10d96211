// Copying, as the fronts see it.

import type { Digest, EventSink } from '../../core/index.ts';

export interface CopyOptions {
  /** As written: `host:5000/app:1`, `store://app`, `oci:DIRECTORY:1`. */
  readonly source: string;
  readonly destination: string;
  /** Of an image of several platforms only this one. */
  readonly platform?: string;
  /** CA bundle trusted beside the machine's: 'host', or the path of one. */
  readonly ca?: string;
  /** As written: `[REGISTRY=]ADDRESS`; asked before those of the settings. */
  readonly registryMirrors?: readonly string[];
}

export interface CopyResult {
  /** Where the image is now: `registry.example/app:1`, `oci:/srv/images:1`. */
  readonly destination: string;
  /** Of the manifest or the index, the same as at the source, and its size. */
  readonly digest: Digest;
  readonly mediaType: string;
  readonly size: number;
  /** Manifests that were copied: the images, and what lies beside them in an index. */
  readonly manifests: number;
  /** Configs and layers: how many were there already, were mounted from elsewhere in the registry, were copied. */
  readonly blobs: { readonly there: number; readonly mounted: number; readonly copied: number };
  /** Bytes of those that were copied. */
  readonly bytes: number;
}

export interface CopyVerbs {
  /** Copies an image as it is, digest and all. Progress comes as a build's of one step. */
  copy(options: CopyOptions, events: EventSink, signal: AbortSignal): Promise<CopyResult>;
}
