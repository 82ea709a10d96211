// `mille base compare` as data.

import type { Digest, EventSink } from '../../../core/index.ts';
import type { Libc } from '../../../insight/base/index.ts';
import type { PackageType } from '../../../insight/packages/index.ts';
import type { Support, TagDistribution } from '../../../insight/tags/index.ts';
import type { ImageOrigin } from '../../../oci/image/index.ts';

/** Which images, and how to get at them. */
export interface CompareBasesOptions {
  /** As for `mille layers`: names, archives, layouts. */
  readonly images: readonly string[];
  readonly platform?: string;
  /** CA bundle trusted for registries beside the machine's: 'host', or the path of one. */
  readonly ca?: string;
}

/** What was found out of one image. */
export interface ComparedBase {
  /** As it was asked for. */
  readonly name: string;
  readonly origin: ImageOrigin;
  readonly imageId: Digest;
  readonly manifestDigest?: Digest;
  /** `linux/amd64`. */
  readonly platform: string;
  /** RFC 3339. */
  readonly created?: string;
  readonly bytes: {
    /** Of the layers as tars. */
    readonly unpacked: number;
    /** As a registry has them, or would get them; absent where nobody can tell. */
    readonly compressed?: number;
  };
  readonly layers: number;
  /** Of its layers, those that the store has, and their bytes as tars. */
  readonly here: { readonly layers: number; readonly bytes: number };
  /** By kind, the distribution's own first. */
  readonly packages: readonly { readonly type: PackageType; readonly count: number }[];
  readonly distribution?: TagDistribution;
  /** For people: `Debian GNU/Linux 12 (bookworm)`. */
  readonly system?: string;
  readonly libc?: Libc;
  /** Shells that are there: what /bin/sh is, first. None: RUN in shell form cannot work. */
  readonly shells: readonly string[];
  /** Programs that install packages of the distribution. */
  readonly installers: readonly string[];
  /** Of its config; `root` where it names none. */
  readonly user: string;
  readonly support: Support;
  /** What could not be read. */
  readonly notes: readonly string[];
}

/** All of them, in the order in which they were asked for. */
export interface CompareBasesResult {
  readonly bases: readonly ComparedBase[];
  readonly dates: { readonly asOf: string; readonly source: string };
}

/** The verb. */
export interface CompareBaseVerbs {
  /**
   * Measures images side by side. @param events told of what is read
   * @throws MilleError `image-missing` and what else opening an image may come to
   */
  compareBases(
    options: CompareBasesOptions,
    events: EventSink,
    signal: AbortSignal,
  ): Promise<CompareBasesResult>;
}
