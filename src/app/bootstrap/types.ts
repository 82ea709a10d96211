// What `mille bootstrap` takes and gives.

import type { Digest, EventSink } from '../../core/index.ts';
import type { Profile } from '../../insight/base/index.ts';

export interface BootstrapOptions {
  /** `debian:bookworm`. */
  readonly suite: string;
  /** Package names. */
  readonly include: readonly string[];
  readonly tag: string;
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
}

export interface BootstrapResult {
  readonly imageId: Digest;
  readonly manifest: Digest;
  readonly names: readonly string[];
  readonly bytes: number;
  readonly seconds: number;
  /** How many packages the image holds. */
  readonly packages: number;
}

/** The verb. */
export interface BootstrapVerbs {
  /** Makes a base image from a distribution's packages. Progress comes as a build's of one step or more. */
  bootstrap(options: BootstrapOptions, events: EventSink, signal: AbortSignal): Promise<BootstrapResult>;
}
