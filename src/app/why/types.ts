// Why the steps of a build ran, as the fronts see it.

import type { Digest, MissReason, StepOutcome } from '../../core/index.ts';

export interface WhyOptions {
  /** An image, the id of a build or its beginning, or a directory; the latest build of all if not given. */
  readonly subject?: string;
  /** `4` or `#4` as the build's output counts, or a part of a title; all steps if not given. */
  readonly step?: string;
  /** Text differences of files, from the layers. */
  readonly diff: boolean;
}

/** A build that is remembered. */
export interface WhyBuild {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly started: number;
  readonly seconds: number;
  readonly outcome: 'succeeded' | 'failed' | 'interrupted';
  /** Familiar names that it gave, or was to give. */
  readonly names: readonly string[];
  readonly imageId?: string;
  readonly dockerfile: string;
  readonly context: string;
  readonly target?: string;
  /** Path of its log, while that is there. */
  readonly log?: string;
  /** How many of its steps were not found in the cache, and how many were. */
  readonly missed: number;
  readonly reused: number;
}

/** What of a file is not the same; values only where they say something. */
export interface FileFact {
  readonly what: 'content' | 'type' | 'link' | 'device' | 'mode' | 'owner' | 'attributes' | 'hard link to';
  readonly before?: string;
  readonly after?: string;
}

/** The text of a file, compared; or why that cannot be. */
export type FileDiff =
  | { readonly text: string; readonly added: number; readonly removed: number }
  | { readonly withheld: string };

/** One input that differs. */
export interface WhyDifference {
  /** `file`, `argument`, `environment`, `instruction`, `parent`, `mount`, `option`, … */
  readonly kind: string;
  /** A path, the name of a variable, a flag; '' where the kind says all. */
  readonly name: string;
  readonly change: 'added' | 'removed' | 'changed';
  /** The whole sentence. */
  readonly text: string;
  /** Absent where it is not to be shown. */
  readonly before?: string;
  readonly after?: string;
  /** Of a file that is there before and after. */
  readonly facts?: readonly FileFact[];
  readonly diff?: FileDiff;
}

/** What a step was compared with. */
export interface WhyComparison {
  readonly buildId: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  /** How long the step took then. */
  readonly seconds: number;
  /** How many files the step reads. */
  readonly files: number;
  /** How many inputs differ; more than `differences` holds where that was too many to keep. */
  readonly total: number;
  readonly differences: readonly WhyDifference[];
  /** The differences are kept no longer: there are only the reasons. */
  readonly forgotten: boolean;
}

/** Of FROM: the image was another one when those steps were recorded that now ran because of it. */
export interface MovedBase {
  /** The ids of the images. */
  readonly before: Digest;
  readonly after: Digest;
  readonly buildId: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
}

/** A step of a build. */
export interface WhyStep {
  readonly id: string;
  /** As the build's output counts. */
  readonly number: number;
  readonly title: string;
  /** Of the Dockerfile. */
  readonly line?: number;
  readonly outcome: StepOutcome | 'failed';
  readonly seconds: number;
  readonly bytes?: number;
  readonly files?: number;
  readonly layer?: Digest;
  /** In words, for a step that was not found. */
  readonly reasons: readonly MissReason[];
  readonly comparison?: WhyComparison;
  readonly moved?: MovedBase;
  /** Numbers of the steps that changed what this one stands on or reads: for that it ran. */
  readonly follows: readonly number[];
  /** Whether something of its own changed as well, or alone. */
  readonly own: boolean;
  /** Of a step that was found: the numbers of steps that ran and changed nothing for it. */
  readonly spared: readonly number[];
  /** The numbers of the steps that were found although this one ran, and how long those took when they last ran. */
  readonly spares: readonly number[];
  readonly sparesSeconds: number;
  /** Of a step that was found: the number of the same step of another stage, which ran for both. */
  readonly sameAs?: number;
  /** How long the step took whose result was found. */
  readonly took?: number;
  /** Where that result came from, in words, if from another store. */
  readonly imported?: string;
  /** What went wrong. */
  readonly message?: string;
}

/** A step that ran for reasons of its own, and what ran because of it. Seconds are those of steps added up. */
export interface WhyCause {
  readonly number: number;
  readonly seconds: number;
  readonly bytes: number;
  readonly followers: readonly number[];
  readonly followSeconds: number;
  readonly followBytes: number;
}

/** A build explained. */
export interface WhyReport {
  readonly build: WhyBuild;
  /** In the order in which they began; those asked for. */
  readonly steps: readonly WhyStep[];
  /** How many steps the build had begun. */
  readonly begun: number;
  /** Titles of those that it did not come to. */
  readonly unreached: readonly string[];
  /** Of the whole build, the most expensive first. */
  readonly causes: readonly WhyCause[];
}

/** The verbs about builds of the past. */
export interface WhyVerbs {
  /**
   * Explains why the steps of a build ran.
   * @throws MilleError `build-missing`, `usage` for an ambiguous id or a step that it did not have
   */
  why(options: WhyOptions): Promise<WhyReport>;
  /** The builds that are remembered, the latest first; of one image, directory or id if that is given. */
  builds(subject?: string): Promise<readonly WhyBuild[]>;
}
