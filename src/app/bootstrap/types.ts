// What `mille bootstrap` takes and gives.

import type { Digest, EventSink } from '../../core/index.ts';
import type { Profile } from '../../insight/base/index.ts';

/** What base is wanted. */
export interface BaseOfPackages {
  /** `debian:bookworm`. */
  readonly suite: string;
  /** Package names. */
  readonly include: readonly string[];
  /** `standard` by default. */
  readonly profile?: Profile;
  /** mmdebstrap's variant. */
  readonly variant?: string;
  /** URL of the mirror, or a file of sources; by default the host's. */
  readonly mirror?: string;
  /** `linux/arm64`; this machine's by default. */
  readonly platform?: string;
  /** `NAME[:UID[:GID]]` */
  readonly user?: string;
  /** `Europe/Paris` */
  readonly timezone?: string;
  /** The file of chosen packages: used where it is there, else written. */
  readonly lock?: { readonly path: string; readonly update: boolean };
  /** Seconds since the epoch: no file is newer. */
  readonly sourceDateEpoch?: number;
}

export interface BootstrapOptions extends BaseOfPackages {
  readonly tag: string;
}

/** A package of a base. */
export interface ExplainedPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly reason: 'asked' | 'essential' | 'profile' | 'needed';
  /** From what is there of itself to this package. */
  readonly chain: readonly string[];
  /** For `profile`: what for. */
  readonly text?: string;
  /** Of the package's file. */
  readonly downloadBytes: number;
  /** As the package says it. */
  readonly installedBytes: number;
  /** Its files in the image; absent where none was made. */
  readonly imageBytes?: number;
}

export interface BaseExplanation {
  readonly suite: string;
  readonly profile: Profile;
  readonly architecture: string;
  /** Whether a lock said which packages. */
  readonly locked: boolean;
  readonly packages: readonly ExplainedPackage[];
  /** What dependencies name, and is left out. */
  readonly omitted: readonly {
    readonly name: string;
    readonly why: string;
    readonly installedBytes: number;
  }[];
  /** Files in the image that no package brought. */
  readonly otherBytes?: number;
}

export interface BootstrapResult {
  readonly imageId: Digest;
  readonly manifest: Digest;
  readonly names: readonly string[];
  readonly bytes: number;
  readonly seconds: number;
  /** How many packages the image holds. */
  readonly packages: number;
  readonly explanation: BaseExplanation;
}

/** The verb. */
export interface BootstrapVerbs {
  /** Makes a base image from a distribution's packages. Progress comes as a build's of one step or more. */
  bootstrap(options: BootstrapOptions, events: EventSink, signal: AbortSignal): Promise<BootstrapResult>;
  /** The packages that a base would hold, what they weigh and why they are in it; nothing is made. */
  explainBootstrap(options: BaseOfPackages, signal: AbortSignal): Promise<BaseExplanation>;
}
