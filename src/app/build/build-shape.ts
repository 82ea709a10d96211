// What a build is made of, as its record keeps it: stages, and of each step where it is written and what it stands on.
// With it the record alone tells which step ran because of which.

import type { BuildStageRecord, BuildStepRecord } from '../../build/cache/index.ts';
import { type EvaluatedBuild, imageOf, stagesOf } from '../../build/execute/index.ts';
import { isImage } from '../../build/graph/index.ts';
import { positionAt, redactUrls, type Span } from '../../core/index.ts';

/** What is known of a step before it runs. */
export type StepShape = Pick<BuildStepRecord, 'title' | 'line' | 'instruction' | 'standsOn' | 'readsFrom'>;

/** The stages of a build, and its steps by their ids, in the order of the Dockerfile. */
export interface BuildShape {
  readonly stages: readonly BuildStageRecord[];
  readonly steps: ReadonlyMap<string, StepShape>;
}

/** Describes a build that is about to begin. */
export function buildShape(build: EvaluatedBuild): BuildShape {
  const steps = new Map<string, StepShape>();
  /** The last step of each stage, or of the stage that it is built on. */
  const last = new Map<number, string>();
  for (const stage of build.plan.stages) {
    const evaluation = build.evaluations.get(stage.index);
    let below = stage.base.kind === 'stage' ? last.get(stage.base.stage) : undefined;
    if (isImage(stage.base)) {
      const title = evaluation?.fromTitle ?? '';
      steps.set(`${stage.index}.from`, { title, line: lineOf(stage.from.span) });
    }
    for (const step of evaluation?.steps ?? []) {
      const readsFrom = stagesOf(step).flatMap((index) => last.get(index) ?? []);
      steps.set(step.id, {
        title: step.title,
        ...(step.span ? { line: lineOf(step.span) } : {}),
        instruction: redactUrls(step.instruction),
        ...(below === undefined ? {} : { standsOn: below }),
        ...(readsFrom.length === 0 ? {} : { readsFrom: [...new Set(readsFrom)] }),
      });
      below = step.id;
    }
    if (below !== undefined) last.set(stage.index, below);
  }
  return { stages: build.plan.stages.map((stage) => stageRecord(build, stage)), steps };
}

function stageRecord(
  { images }: EvaluatedBuild,
  stage: EvaluatedBuild['plan']['stages'][number],
): BuildStageRecord {
  const image = isImage(stage.base) ? imageOf(images, stage.base).imageId : undefined;
  return {
    index: stage.index,
    name: stage.displayName,
    base: stage.from.base.text,
    ...(image === undefined ? {} : { image }),
  };
}

function lineOf(span: Span): number {
  return positionAt(span.source, span.start).line;
}
