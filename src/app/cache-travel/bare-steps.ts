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

type Evaluated = Pick<EvaluatedBuild, 'plan' | 'evaluations'>;

/** The keys of bare steps that need not run, for none of the builds. */
export function unreadSteps(builds: readonly Evaluated[], foreseen: Foreseen): ReadonlySet<Digest> {
  const { forecasts, isBare } = foreseen;
  const bare = forecasts.flatMap(({ key }) => (key !== undefined && isBare(key) ? [key] : []));
  const read = new Set(builds.flatMap((build) => [...readSteps(build, foreseen)]));
  return new Set(bare.filter((key) => !read.has(key)));
}

/** The keys of bare steps that one of the builds reads. */
function readSteps(
  { plan, evaluations }: Evaluated,
  { forecasts, isBare, wantsImage }: Foreseen,
): ReadonlySet<Digest> {
  const own = new Set([...evaluations.values()].flatMap(({ steps }) => steps.map(({ id }) => id)));
  const steps = forecasts.flatMap(({ step, verdict, key }) =>
    step && own.has(step.id)
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
  return new Set(steps.flatMap(({ step, bare }) => (bare && read.has(step.stage) ? [bare] : [])));
}

/** The ids of the steps of a stage and of those that it comes FROM. */
export function stepsBelow({ plan, evaluations }: Evaluated, stage: number): ReadonlySet<string> {
  const stages = [...stagesBelow(plan, stage)];
  return new Set(stages.flatMap((index) => evaluations.get(index)?.steps.map(({ id }) => id) ?? []));
}

/** A stage and those that it comes FROM. */
function stagesBelow(plan: BuildPlan, stage: number): ReadonlySet<number> {
  const kept = new Set<number>();
  for (let index: number | undefined = stage; index !== undefined; ) {
    kept.add(index);
    const base = plan.stages.find((each) => each.index === index)?.base;
    index = base?.kind === 'stage' ? base.stage : undefined;
  }
  return kept;
}
