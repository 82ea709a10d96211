// All stages of a plan evaluated, before anything is executed: an error in the last one is not found after ten minutes.

import { evaluateStage, type StageEvaluation } from './evaluate.ts';
import type { BuildPlan, PlannedStage } from './plan.ts';
import type { StageState } from './stage-state.ts';

/**
 * Evaluates the stages of a plan, each by its index.
 * @param outside the state of what a stage stands on where that is no stage: an image, `scratch`, a named context
 * @param named gives the steps of a stage their ids, where they are not the only ones
 * @throws MilleError `expansion` or `dockerfile-syntax`, with the place in the Dockerfile.
 */
export function evaluatePlan(
  plan: BuildPlan,
  outside: (stage: PlannedStage) => StageState,
  named: (stage: PlannedStage, evaluation: StageEvaluation) => StageEvaluation = (_, evaluation) =>
    evaluation,
): ReadonlyMap<number, StageEvaluation> {
  const evaluations = new Map<number, StageEvaluation>();
  for (const stage of plan.stages) {
    // A base that is a stage stands above, so it has been evaluated.
    const below = stage.base.kind === 'stage' ? evaluations.get(stage.base.stage)?.state : undefined;
    evaluations.set(stage.index, named(stage, evaluateStage(plan, stage, below ?? outside(stage))));
  }
  return evaluations;
}
