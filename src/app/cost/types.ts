// What `plan` and `cost` take and give.

import type { RunOf } from '../../build/cache/index.ts';
import type { Verdict } from '../../build/execute/index.ts';
import type { Diagnostic, MissReason, Span } from '../../core/index.ts';
import type { BuildOptions } from '../types.ts';

export type { RunOf, Verdict };

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
  /** What the checks found. */
  readonly findings: readonly Diagnostic[];
}

/** The verbs. */
export interface CostVerbs {
  /**
   * What a build would do: nothing is executed, no image is brought. Digests of files are remembered, and what ADD or
   * the context have to be fetched for is kept, as after a build.
   */
  plan(options: BuildOptions, signal?: AbortSignal): Promise<PlanResult>;
}
