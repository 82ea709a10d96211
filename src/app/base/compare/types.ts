// `mille base compare` as data.

import type { Digest, ErrorCode, EventSink } from '../../../core/index.ts';
import type { Libc, NamedPart, PartsOnBase } from '../../../insight/base/index.ts';
import type { FailureReason, Misfit } from '../../../insight/compatibility/index.ts';
import type { PackageType } from '../../../insight/packages/index.ts';
import type { Support, TagDistribution } from '../../../insight/tags/index.ts';
import type { CheckRun } from '../../../insight/verify/index.ts';
import type { VulnerabilityCounts } from '../../../insight/vulnerabilities/index.ts';
import type { ImageOrigin } from '../../../oci/image/index.ts';
import type { SupportDates } from '../../life-cycles/types.ts';
import type { BuildOptions } from '../../types.ts';

export type { FailureReason, Misfit, NamedPart, PartsOnBase };

/** Which images, and how to get at them. */
export interface CompareBasesOptions {
  /** As for `mille layers`: names, archives, layouts. */
  readonly images: readonly string[];
  readonly platform?: string;
  /** CA bundle trusted for registries beside the machine's: 'host', or the path of one. */
  readonly ca?: string;
  /** Where advisories in OSV format are; by default the store's own. */
  readonly vulnDb?: string;
  /** A Dockerfile that is to stand on one of them: what it installs of languages is looked up for each. */
  readonly project?: ProjectOnBases;
  /** Build it on each of them. */
  readonly build?: BuildOnBases;
}

/** A Dockerfile, and where in it the base goes. */
export interface ProjectOnBases {
  readonly build: BuildOptions;
  /** Names or numbers of the stages that get the base; none: those of its repository, or of the only image. */
  readonly stages: readonly string[];
  /** As for `base`. */
  readonly packageIndex?: { readonly url?: string };
}

/** What is to be built, and asked. */
export interface BuildOnBases extends ProjectOnBases {
  /** Builds of each; the least seconds count. */
  readonly rounds: number;
  /** As for `optimize`. */
  readonly checks: readonly string[];
  readonly checkNetwork: boolean;
}

/** A build that went well. */
export interface BuiltOn {
  readonly outcome: 'built';
  /** The least of the rounds, each from nothing, the base fetched before. */
  readonly seconds: number;
  readonly rounds: readonly number[];
  /** Of the image's layers as tars. */
  readonly bytes: number;
  readonly layers: number;
  /** How the commands ended, and why where they failed. */
  readonly checks: readonly CheckOn[];
  /** Programs of it that do not fit on the base. */
  readonly misfits: readonly Misfit[];
}

/** A command in a container of what was built. */
export interface CheckOn extends CheckRun {
  readonly command: string;
  readonly reasons?: readonly FailureReason[];
}

/** A build that failed. */
export interface FailedOn {
  readonly outcome: 'failed';
  readonly code: ErrorCode;
  readonly message: string;
  /** Of the Dockerfile as it was built, from 1. */
  readonly line?: number;
  readonly instruction?: string;
  /** Its last lines; what looks secret is hidden. */
  readonly output: readonly string[];
  /** It was the network, as far as one can tell. */
  readonly network: boolean;
  readonly reasons: readonly FailureReason[];
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
  /** Of its packages that were looked up. Absent where there is no data: that is no zero. */
  readonly vulnerabilities?: VulnerabilityCounts & {
    readonly lookedUp: number;
    /** RFC 3339: of the oldest data that was used. */
    readonly asOf?: string;
  };
  /** What the Dockerfile installs of languages, on this base; absent where that is nothing. */
  readonly parts?: PartsOnBase;
  /** What could not be read. */
  readonly notes: readonly string[];
  /** The project's Dockerfile built on it; absent where nothing was to be built. */
  readonly on?: BuiltOn | FailedOn;
}

/** All of them, in the order in which they were asked for. */
export interface CompareBasesResult {
  readonly bases: readonly ComparedBase[];
  readonly dates: SupportDates;
  /** What was built on each; absent where nothing was to be built. */
  readonly project?: {
    /** As people know it. */
    readonly dockerfile: string;
    /** The FROM that it was about. */
    readonly froms: readonly { readonly line: number; readonly stage: string; readonly reference: string }[];
    readonly rounds: number;
    readonly notes: readonly string[];
  };
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
