// `mille base set` as data.

import type { Digest, EventSink } from '../../../core/index.ts';
import type { FromChange } from '../../../insight/base/index.ts';
import type { ChangedText, CheckVerdict } from '../../optimize/types.ts';
import type { BuildOptions } from '../../types.ts';
import type { Misfit } from '../compare/types.ts';

export type { FromChange };

/** Which base, and where. */
export interface SetBaseOptions {
  readonly build: BuildOptions;
  /** As it is to be written: `python:3.12-slim-trixie`. */
  readonly image: string;
  /** Names or numbers of stages; none: those of its repository, or of the only image. */
  readonly stages: readonly string[];
  /** Write its digest too. Where FROM has one now that is so in any case. */
  readonly pin: boolean;
  /** Write the Dockerfile. */
  readonly write: boolean;
  /** Build with both and compare; what is not proved is not written. */
  readonly prove?: { readonly checks: readonly string[]; readonly checkNetwork: boolean };
}

/** What was measured of one side. */
export interface ProvedSide {
  /** Of its layers as tars. */
  readonly bytes: number;
  /** Of a build from nothing, once. */
  readonly seconds: number;
  readonly packages: number;
}

/** A package that is not the same on both. */
export interface BasePackageChange {
  readonly type: string;
  readonly name: string;
  /** Absent where it is not there. */
  readonly before?: string;
  readonly after?: string;
}

/** The image built on both bases. */
export interface BaseProof {
  readonly before: ProvedSide;
  readonly after: ProvedSide;
  readonly packages: readonly BasePackageChange[];
  readonly checks: readonly CheckVerdict[];
  readonly misfits: readonly Misfit[];
  /** `silent`: nothing that was asked of both says that they behave alike. */
  readonly outcome: 'alike' | 'different' | 'silent';
}

/** What came of it. */
export interface SetBaseResult {
  /** Absent where the Dockerfile says so already. */
  readonly file?: ChangedText;
  readonly changes: readonly FromChange[];
  /** What is written in FROM: with the digest, where it is pinned. */
  readonly reference: string;
  readonly digest?: Digest;
  readonly notes: readonly string[];
  readonly proof?: BaseProof;
}

/** The verb. */
export interface SetBaseVerbs {
  /**
   * Edits FROM. @throws MilleError `usage` where it is not clear which; `image-missing` and what else a registry says;
   * with a proof, as `build` where the image does not build
   */
  setBase(options: SetBaseOptions, events: EventSink, signal: AbortSignal): Promise<SetBaseResult>;
}
