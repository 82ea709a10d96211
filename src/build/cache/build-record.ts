// One record a build: what was asked, what each step did. Kept for history, advice and comparison.

import type { Digest, MissReason, StepOutcome } from '../../core/index.ts';
import { sha256 } from '../../sys/index.ts';
import type { ComparedRecord } from './explanation.ts';

/** What became of one step in one build. */
export interface BuildStepRecord {
  readonly id: string;
  readonly title: string;
  readonly outcome: StepOutcome | 'failed';
  readonly seconds: number;
  readonly bytes?: number;
  readonly key?: string;
  readonly reasons?: readonly MissReason[];
  /** As the build's output counts: `#4`. */
  readonly number?: number;
  /** Of the Dockerfile. */
  readonly line?: number;
  /** The instruction as written. */
  readonly instruction?: string;
  readonly files?: number;
  /** The layer that it made, or that was found. */
  readonly layer?: Digest;
  /** What it was compared with when it was not found; what differed is kept beside the record. */
  readonly compared?: ComparedRecord & { readonly files: number; readonly differences: number };
  /** How long the step had taken whose result was found. */
  readonly took?: number;
  /** Where that result came from, in words, if from another store. */
  readonly imported?: string;
  /** The id of the step that it stands on; absent for one that stands on an image. */
  readonly standsOn?: string;
  /** The id of the FROM that it stands on, where nothing is between; records of before this was kept lack it. */
  readonly from?: string;
  /** Ids of the last steps of the stages that it reads from. */
  readonly readsFrom?: readonly string[];
  /** What went wrong. */
  readonly message?: string;
}

/** A stage as one build saw it. */
export interface BuildStageRecord {
  readonly index: number;
  /** As titles have it; '' for a lone stage. */
  readonly name: string;
  /** What FROM says. */
  readonly base: string;
  readonly platform?: string;
  /** The id of its FROM, where that is an image. */
  readonly from?: string;
  /** The id of the image that it stands on. */
  readonly image?: Digest;
}

/** One build. */
export interface BuildRecord {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly started: number;
  readonly scope: string;
  readonly dockerfile: string;
  readonly context: string;
  readonly target?: string;
  readonly outcome: 'succeeded' | 'failed' | 'interrupted';
  readonly seconds: number;
  /** Of several platforms, the digest of their index. */
  readonly imageId?: string;
  /** The ids of the images of several platforms. */
  readonly imageIds?: readonly string[];
  readonly names?: readonly string[];
  /** The names that it was to have, also where it failed. */
  readonly wanted?: readonly string[];
  readonly log?: string;
  readonly stages?: readonly BuildStageRecord[];
  /** Titles of the steps that it did not come to. */
  readonly unreached?: readonly string[];
  readonly steps: readonly BuildStepRecord[];
}

/** Whether a build made an image, alone or among those for several platforms. */
export function madeImage({ imageId, imageIds = [] }: BuildRecord, id: string): boolean {
  return imageId === id || imageIds.includes(id);
}

/**
 * Identifies a project: builds of one scope are compared with each other. `context` and `dockerfile` are absolute
 * paths or other stable names; a context on standard input has one of its own.
 */
export function scopeOf(context: string, dockerfile: string): string {
  return sha256(JSON.stringify([context, dockerfile])).slice(7, 39);
}
