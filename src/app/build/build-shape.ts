// What a build is made of, as its record keeps it: stages, and of each step where it is written and what it stands on.
// With it the record alone tells which step ran because of which.

import type { BuildStageRecord, BuildStepRecord } from '../../build/cache/index.ts';
import { type EvaluatedBuild, imageOf, stagesOf } from '../../build/execute/index.ts';
import { type FromStep, isImage } from '../../build/graph/index.ts';
import { positionAt, redactUrls, type Span } from '../../core/index.ts';
import { formatPlatform } from '../../oci/image/index.ts';

/** What is known of a step before it runs. */
export type StepShape = Pick<
  BuildStepRecord,
  'title' | 'line' | 'instruction' | 'from' | 'standsOn' | 'readsFrom'
>;

/** The stages of a build, and its steps by their ids, in the order of the Dockerfile. */
export interface BuildShape {
  readonly stages: readonly BuildStageRecord[];
  readonly steps: ReadonlyMap<string, StepShape>;
}

/** Describes builds that are about to begin, evaluated together. */
export function buildShape(builds: readonly EvaluatedBuild[]): BuildShape {
  const steps = new Map<string, StepShape>();
  for (const build of builds) addSteps(steps, build);
  const stages = builds.flatMap((build) => build.plan.stages.map((stage) => stageRecord(build, stage)));
  return { stages, steps };
}

function addSteps(steps: Map<string, StepShape>, build: EvaluatedBuild): void {
  /** The last step of each stage, or of the stage that it is built on. */
  const last = new Map<number, StageEnd>();
  for (const stage of build.plan.stages) {
    const evaluation = build.evaluations.get(stage.index);
    const base = stage.base.kind === 'stage' ? last.get(stage.base.stage) : undefined;
    let below = base?.step;
    const from = evaluation?.from ?? base?.from;
    if (evaluation?.from) {
      const { id, title, span } = evaluation.from;
      steps.set(id, { title, line: lineOf(span) });
    }
    for (const step of evaluation?.steps ?? []) {
      const readsFrom = stagesOf(step).flatMap((index) => last.get(index)?.step ?? []);
      steps.set(step.id, {
        title: step.title,
        ...(step.span ? { line: lineOf(step.span) } : {}),
        instruction: redactUrls(step.instruction),
        ...(below === undefined ? {} : { standsOn: below }),
        ...(below === undefined && from ? { from: from.id } : {}),
        ...(readsFrom.length === 0 ? {} : { readsFrom: [...new Set(readsFrom)] }),
      });
      below = step.id;
    }
    last.set(stage.index, { ...(below === undefined ? {} : { step: below }), ...(from ? { from } : {}) });
  }
}

/** The last step of a stage, or the FROM that it stands on where there is none. */
interface StageEnd {
  readonly step?: string;
  readonly from?: FromStep;
}

function stageRecord(
  { images, evaluations }: EvaluatedBuild,
  stage: EvaluatedBuild['plan']['stages'][number],
): BuildStageRecord {
  const from = evaluations.get(stage.index)?.from;
  const image = isImage(stage.base) ? imageOf(images, stage.base).imageId : undefined;
  return {
    index: stage.index,
    name: stage.displayName,
    base: stage.from.base.text,
    platform: formatPlatform(stage.platform),
    ...(from ? { from: from.id } : {}),
    ...(image === undefined ? {} : { image }),
  };
}

function lineOf(span: Span): number {
  return positionAt(span.source, span.start).line;
}
