// What `plan` and `cost` take and give.

import type { RunOf } from '../../build/cache/index.ts';
import type { Verdict } from '../../build/execute/index.ts';
import type { Diagnostic, MissReason, Span } from '../../core/index.ts';
import type { GroupCost, Rate } from '../../insight/cost/index.ts';
import type { BuildOptions } from '../types.ts';

export type { GroupCost, Rate, RunOf, Verdict };

/** What a build would do with one step. */
export interface PlannedStep {
  /** `stage.position`; `stage.from` for a base image. */
  readonly id: string;
  /** `[stage 2/5] RUN …`, as in a build's output. */
  readonly title: string;
  /** The instruction; absent for one that the base image brings (ONBUILD). */
  readonly span?: Span;
  readonly verdict: Verdict;
  /** Why it runs. */
  readonly reasons: readonly MissReason[];
  /** What it depends on whether it runs: titles of steps, names of images that are to be fetched. */
  readonly after: readonly string[];
  /**
   * `differs`: it runs if one of `after` comes to something else than before; `unless-known`: it runs unless they come to
   * what they were in some earlier build.
   */
  readonly runsIf?: 'differs' | 'unless-known';
  /** The title of the same step in another stage, which runs once for both. */
  readonly sameAs?: string;
  /** Its last run: how long it took, and whose run that was. Absent where it never ran. */
  readonly last?: { readonly seconds: number; readonly of: RunOf };
}

/** What a build would do. */
export interface PlanResult {
  readonly dockerfile: string;
  /** In the order of the stages. */
  readonly steps: readonly PlannedStep[];
  /** Seconds that it takes if only what is sure to run does, and if all does that may. */
  readonly seconds: { readonly least: number; readonly most: number };
  /** Ids of steps that run, or may, and never ran: their time is not in `seconds`. */
  readonly unknown: readonly string[];
  readonly warnings: readonly string[];
  /** What is worth knowing of results that are used again. */
  readonly notes: readonly string[];
  /** What the checks found. */
  readonly findings: readonly Diagnostic[];
}

/** How `cost` looks. */
export interface CostOptions {
  /** Days of history that are looked at. */
  readonly days: number;
  /** Commits that are looked at, the newest. */
  readonly commits: number;
  /** Directories below one another that are told apart. */
  readonly depth: number;
}

/** A step, as changes meet it. */
export interface CostStep {
  readonly id: string;
  readonly title: string;
  /** The instruction; absent for one that the base image brings. */
  readonly span?: Span;
  /** What it took when it last ran; absent where it never did. */
  readonly seconds?: number;
  /** How often commits rebuild it; absent without a history. */
  readonly rate?: Rate;
}

/** What changes to the files of a context cost. */
export interface CostResult {
  readonly dockerfile: string;
  readonly context: string;
  /** All steps, in the order of the build. */
  readonly steps: readonly CostStep[];
  /** The most costly first. Steps are told by their ids. */
  readonly groups: readonly GroupCost[];
  /** Files that no step reads, and those that are ignored; `more` where not all were counted. */
  readonly unread: {
    readonly files: number;
    readonly ignored: number;
    readonly more: boolean;
    readonly commits?: number;
  };
  /** The commits that were looked at. */
  readonly history?: {
    readonly days: number;
    /** There were more commits than were to be looked at; the days are those of the ones that were. */
    readonly cut: boolean;
    readonly shallow: boolean;
    readonly total: Rate & { readonly all: number };
  };
  /** Why there is no history. */
  readonly noHistory?: string;
  readonly warnings: readonly string[];
}

/** The verbs. */
export interface CostVerbs {
  /**
   * What a build would do: nothing is executed, no image is brought. Digests of files are remembered, and what ADD or
   * the context have to be fetched for is kept, as after a build.
   */
  plan(options: BuildOptions, signal?: AbortSignal): Promise<PlanResult>;
  /** What changes to the files of a build's context cost, from what its steps took, and from the history of git. */
  cost(options: BuildOptions, how: CostOptions, signal?: AbortSignal): Promise<CostResult>;
}
