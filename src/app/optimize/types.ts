// What `optimize` takes and gives.

import type { DiffHunk, DiffLine, ErrorCode, EventSink, SourceText } from '../../core/index.ts';
import type {
  Allowance,
  Claim,
  Evidence,
  Goal,
  Picture,
  PictureStep,
  Proposal,
} from '../../insight/optimize/index.ts';
import type { CheckVerdict, Verdict } from '../../insight/verify/index.ts';
import type { BuildOptions } from '../types.ts';

export type { Allowance, CheckVerdict, Claim, Goal, Picture, PictureStep };

/** How to optimise. */
export interface OptimizeOptions {
  /** `both`: what serves one and costs the other is left out. */
  readonly goal: Goal;
  /** Only these rewrites; none: all. */
  readonly only: readonly string[];
  readonly skip: readonly string[];
  /** A smaller image of the same family: whether the last stage can stand on it. */
  readonly base?: string;
  /** Propose from the text and what earlier builds left; build nothing. */
  readonly dry: boolean;
  /** Commands that are run in containers of both images, and must end alike: `sh -c` words, or lists in JSON. */
  readonly checks: readonly string[];
  /** What they write on standard output must be the same too. */
  readonly checkOutput?: boolean;
  /** They may reach the network. */
  readonly checkNetwork?: boolean;
  /** Commits to walk through with both. */
  readonly replay: number;
  /** Write what is proved over the Dockerfile and the ignore file. */
  readonly write: boolean;
}

/** A change that was made, or refused. */
export interface OptimizeChange {
  /** The rewrite's name. */
  readonly rewrite: string;
  readonly goal: Goal;
  readonly title: string;
  readonly reason: string;
  /** The line of the text before this change, from 1. */
  readonly line: number;
  readonly claim: Claim;
  readonly allows: readonly Allowance[];
  readonly risk?: string;
  /** How the build is to be called from now on, where that is another way than before: an order. */
  readonly afterwards?: string;
  readonly outcome: 'proved' | 'unproved' | 'refused';
  /**
   * Of a claim that is a guess at how long a step takes then: what the step took in the replay, in commits that made it run
   * with both Dockerfiles, on average.
   */
  readonly replayed?: { readonly commits: number; readonly before: number; readonly after: number };
  /** Why it was refused: what differed, or that the build failed, in its words. */
  readonly refusal?: {
    readonly verdict?: Verdict;
    readonly checks?: readonly CheckVerdict[];
    readonly failure?: string;
  };
}

/** What was measured of one side. */
export interface Measured {
  readonly imageId?: string;
  readonly bytes: number;
  readonly layers: number;
  /** As a registry would get them: layers that lie here as plain tars compressed with gzip. Absent where nobody measured. */
  readonly sent?: number;
  /** Of a build from nothing, in seconds: the least of several, where that was quick. Cache mounts were empty. */
  readonly seconds: number;
  /** The same with cache mounts as the build before had left them. Absent where there are none. */
  readonly secondsWithMounts?: number;
  /** What its steps took, each the least of several builds from nothing. */
  readonly steps?: readonly MeasuredStep[];
  /** Seconds that a commit's rebuild takes on average, by the steps' times and the history; absent without one. */
  readonly secondsPerCommit?: number;
  /** The build, step by step. */
  readonly picture?: Picture;
}

/** A commit that was built with both Dockerfiles, each after the commit before it. */
export interface ReplayedCommit {
  /** Its id, in full. */
  readonly id: string;
  readonly subject: string;
  /** What it touches: source files, files that name dependencies, documents alone, the Dockerfile itself. */
  readonly stratum: 'source' | 'manifest' | 'docs' | 'dockerfile';
  /** Seconds of the build, and bytes that a push would send. */
  readonly before: { readonly seconds: number; readonly bytes: number };
  readonly after: { readonly seconds: number; readonly bytes: number };
  /**
   * Seconds of a build in which only those steps ran whose inputs the commit changes, by what they were seen to read;
   * absent where a step was not watched.
   */
  readonly limit?: number;
}

/** The last commits of the repository, built with both. */
export interface Replay {
  /** The oldest first. */
  readonly commits: readonly ReplayedCommit[];
  /** It was ended by an interruption, after as many commits as there are here. */
  readonly cut?: true;
  /** Commits that could not be built, with why. */
  readonly failed: readonly { readonly id: string; readonly subject: string; readonly why: string }[];
  /** Seconds of a build for which nothing has changed; 0 where the replay was cut, which then has no limits. */
  readonly floor: number;
  /** The original's steps that the rewrite has too, and were not divided. */
  readonly steps: readonly ReplayedStep[];
}

/** A step over the commits that were replayed. */
export interface ReplayedStep {
  /** `stage.position` in the original. */
  readonly id: string;
  /** As the original's build shows it. */
  readonly title: string;
  /** How many of the commits made it run. */
  readonly runs: { readonly before: number; readonly after: number };
  /** Of those that made it run with both: how many they are, and seconds on average. */
  readonly both?: { readonly commits: number; readonly before: number; readonly after: number };
}

/** A step of a build from nothing. */
export interface MeasuredStep {
  /** As the build shows it: `[2/5] COPY a b`. */
  readonly title: string;
  readonly seconds: number;
  /** Of its layer's tar; absent where it makes none. */
  readonly bytes?: number;
}

/** Changed lines near one another, with those around them. */
export interface ChangedHunk extends Pick<DiffHunk, 'before' | 'after'> {
  /** Values that look secret are hidden. */
  readonly lines: readonly DiffLine[];
  /** The changes that made it: indices of `OptimizeResult.changes`. */
  readonly changes: readonly number[];
}

/** A text before and after. */
export interface ChangedText {
  /** As people are to read it. */
  readonly name: string;
  readonly path: string;
  readonly before?: string;
  readonly after: string;
  readonly hunks: readonly ChangedHunk[];
  /** `after` has values that look secret: it is not for a report. */
  readonly hides: boolean;
  readonly written: boolean;
}

/** What a rewrite found, and left to people. */
export interface OptimizeRemark {
  /** The rewrite's name. */
  readonly rewrite: string;
  readonly what: string;
  /** Why it is not rewritten, and what somebody could do. */
  readonly why: string;
  /** The line of the Dockerfile as it is now, from 1: as it was, unless what is proposed was written. */
  readonly line: number;
  readonly bytes?: number;
}

/** What came of it. */
export interface OptimizeResult {
  readonly dockerfile: SourceText;
  readonly context: string;
  readonly goal: Goal;
  readonly changes: readonly OptimizeChange[];
  /** What could be better, and is not rewritten. */
  readonly left?: readonly OptimizeRemark[];
  /** The Dockerfile, and the ignore file where it changes; none where nothing is proposed. */
  readonly files: readonly ChangedText[];
  readonly before?: Measured;
  /** Absent where nothing was built, or nothing is left to propose. */
  readonly after?: Measured;
  /** Of a dry run, in the place of what is measured: both builds by what earlier ones left. */
  readonly reckoned?: { readonly before: Picture; readonly after?: Picture };
  /** The comparison with the original of what is proposed, built from nothing; absent where nothing was built. */
  readonly verdict?: Verdict;
  /** Absent where no commits were to be replayed. */
  readonly replay?: Replay;
  /** What was asked of both images. */
  readonly checks?: readonly CheckVerdict[];
  /** Why `write` wrote nothing: a file was changed meanwhile. */
  readonly notWritten?: { readonly code: ErrorCode; readonly message: string; readonly hint?: string };
  /** Somebody ended it while commits were replayed: what was proved is told, and nothing is written. */
  readonly interrupted?: true;
  /** What is to be known of how it was done: that nothing could be watched, that there is no history. */
  readonly notes: readonly string[];
  readonly seconds: number;
}

export type { Evidence, Proposal };

/** A rewrite, as a list shows it. */
export interface RewriteRow {
  readonly name: string;
  readonly goal: Goal;
  readonly summary: string;
}

/** The verbs. */
export interface OptimizeVerbs {
  /** All rewrites, in the order in which they are made. */
  rewrites(): Promise<readonly RewriteRow[]>;
  /**
   * Rewrites a Dockerfile and proves the result by building. @param events told of the builds
   * @throws MilleError as `build`, for an original that does not build
   */
  optimize(
    build: BuildOptions,
    options: OptimizeOptions,
    events: EventSink,
    signal: AbortSignal,
  ): Promise<OptimizeResult>;
}
