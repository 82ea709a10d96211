// Images of registries as `inspect` shows them, in the way of Docker's field names.

import type { Digest } from '../../core/index.ts';
import type { Descriptor } from '../../oci/image/index.ts';
import type { ImageDocument } from '../types.ts';

export interface InspectRemoteOptions {
  /** Of an image of several platforms the one that is shown whole. */
  readonly platform?: string;
  /** CA bundle trusted beside the machine's: 'host', or the path of one. */
  readonly ca?: string;
  /** As written: `[REGISTRY=]ADDRESS`; asked before those of the settings. */
  readonly registryMirrors?: readonly string[];
}

/** One image of a reference. */
export interface RemotePlatform {
  readonly Platform: string;
  readonly Digest: Digest;
  readonly MediaType: string;
  /** Compressed bytes of its layers and its config. */
  readonly Size: number;
  readonly Layers: readonly Pick<Descriptor, 'mediaType' | 'digest' | 'size'>[];
  /** Of its entry in the index, and of its manifest. */
  readonly Annotations?: Readonly<Record<string, string>>;
}

/** What is said of an image by a manifest beside it. */
export interface RemoteAttestation {
  readonly Digest: Digest;
  /** The image's manifest. */
  readonly For?: string;
  /** `https://slsa.dev/provenance/v0.2`; absent where the manifest cannot be read. */
  readonly Predicates?: readonly string[];
}

/** What a reference means at its registry. */
export interface RemoteInspected {
  /** With registry and all: `docker.io/library/python:3.12`. */
  readonly Name: string;
  /** Of the manifest or the index that it means, with its media type and its bytes. */
  readonly Digest: Digest;
  readonly MediaType: string;
  readonly Size: number;
  readonly Platforms: readonly RemotePlatform[];
  /** What stands beside the images in an index: provenance, inventories. */
  readonly Attestations: readonly RemoteAttestation[];
  /** The image that was asked for, or this machine's, or the first: its documents, and as `inspect` shows one of the store. */
  readonly Manifest: unknown;
  readonly Config: unknown;
  readonly Image: ImageDocument;
}

export interface InspectRemoteVerbs {
  /** What references mean at their registries now; nothing of a layer is fetched. */
  inspectRemote(
    names: readonly string[],
    options: InspectRemoteOptions,
    signal: AbortSignal,
  ): Promise<readonly RemoteInspected[]>;
  /** The very bytes of the index or manifest; with a platform those of the manifest for it. */
  rawManifest(name: string, options: InspectRemoteOptions, signal: AbortSignal): Promise<Uint8Array>;
}
