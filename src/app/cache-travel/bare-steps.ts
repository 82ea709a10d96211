// Steps of other stages whose layers are not in the cache (mode=min): they need not run as long as nothing reads what
// they made. What a build would do is looked at before, as if they were there; where a step runs that stands on them or
// copies from them, they run too.

import { type EvaluatedBuild, type StepForecast, stagesOf } from '../../build/execute/index.ts';
import type { BuildPlan } from '../../build/graph/index.ts';
import type { Digest } from '../../core/index.ts';

/** What is known before the build. */
export interface Foreseen {
  readonly forecasts: readonly StepForecast[];
  readonly isBare: (key: Digest) => boolean;
  /** Whether the layers of the target are wanted. */
  readonly wantsImage: boolean;
}

/** The keys of bare steps that need not run. */
export function unreadSteps(
  { plan }: Pick<EvaluatedBuild, 'plan'>,
  { forecasts, isBare, wantsImage }: Foreseen,
): ReadonlySet<Digest> {
  const steps = forecasts.flatMap(({ step, verdict, key }) =>
    step
      ? [{ step, runs: verdict !== 'cached', bare: key !== undefined && isBare(key) ? key : undefined }]
      : [],
  );
  const read = new Set<number>(wantsImage ? stagesBelow(plan, plan.target) : []);
  for (let before = -1; before !== read.size; ) {
    before = read.size;
    for (const { step, runs, bare } of steps) {
      if (!runs && !(bare !== undefined && read.has(step.stage))) continue;
      for (const stage of [step.stage, ...stagesOf(step)])
        for (const each of stagesBelow(plan, stage)) read.add(each);
    }
  }
  const taken = new Set(steps.flatMap(({ step, bare }) => (bare && read.has(step.stage) ? [bare] : [])));
  return new Set(steps.flatMap(({ bare }) => (bare && !taken.has(bare) ? [bare] : [])));
}

/** A stage and those that it comes FROM. */
export function stagesBelow(plan: BuildPlan, stage: number): ReadonlySet<number> {
  const kept = new Set<number>();
  for (let index: number | undefined = stage; index !== undefined; ) {
    kept.add(index);
    const base = plan.stages.find((each) => each.index === index)?.base;
    index = base?.kind === 'stage' ? base.stage : undefined;
  }
  return kept;
}
