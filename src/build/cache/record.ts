// What a cache record says.

import type { Digest } from '../../core/index.ts';
import type { LayerInfo } from '../../oci/image/index.ts';
import type { NamedInput } from '../graph/index.ts';

/** What a step produced. */
export interface CachedResult {
  /** Absent when the step changed nothing and made no layer (WORKDIR of a directory that is there). */
  readonly layer?: LayerInfo;
  /** When the layer was made, RFC 3339: the history keeps it on a hit. */
  readonly created: string;
  /** It stood on another step of its stage, not on the stage's base. */
  readonly onStep?: true;
  /** What was odd about it: told again on a hit, since the image is as odd. */
  readonly warnings?: readonly StepWarning[];
}

/** A warning about what a step made, without its place: the instruction may have moved. */
export interface StepWarning {
  readonly message: string;
  readonly hint: string;
  /** Where it is about a secret in what the step copied: what it may be allowed by. */
  readonly secret?: { readonly rule: string; readonly path: string; readonly name?: string };
}

/** Where a step stands: the same for the same line of the same Dockerfile, build after build. */
export interface StepPlaceInBuild {
  /** Context and Dockerfile: see `scopeOf`. */
  readonly scope: string;
  /** The stage's name, or its number. */
  readonly stage: string;
  readonly position: number;
  /** The instruction as written. */
  readonly instruction: string;
}

/** What to record of a step that ran. */
export interface NewRecord extends StepPlaceInBuild {
  readonly key: Digest;
  readonly inputs: readonly NamedInput[];
  readonly result: CachedResult;
  readonly buildId: string;
  readonly seconds: number;
  /** When the step was executed, milliseconds since the epoch, if it was not just now. */
  readonly made?: number;
}

/** A record as it was found. */
export interface StepRecord extends StepPlaceInBuild {
  readonly id: number;
  readonly key: Digest;
  readonly result: CachedResult;
  readonly buildId: string;
  readonly seconds: number;
  /** Milliseconds since the epoch. */
  readonly created: number;
  readonly lastUsed: number;
  /** Where it came from, in words, if it is not one of this store. */
  readonly imported?: string;
}
