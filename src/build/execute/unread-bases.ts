// Base images that a build puts layers on without looking into them. COPY --link knows nothing of what is below it, so
// that a base with nothing else on it can stay where it is: its layers are named in the image and read by nobody here.

import type { Digest } from '../../core/index.ts';
import { imageKey, isImage, type PlannedStage, type Step } from '../graph/index.ts';
import { type BaseImage, type EvaluatedBuild, imageOf } from './evaluate-build.ts';
import { allSourcesOf, stagesOf } from './prepare-step.ts';
import type { Snapshot } from './snapshot.ts';

/** The images at the bottom of what builds make, by their keys: each that no step of any build looks into. */
export function unreadBases(builds: readonly EvaluatedBuild[]): ReadonlyMap<string, BaseImage> {
  const unread = new Map<string, BaseImage>();
  const read = new Set<string>();
  for (const build of builds) {
    const chain = unreadChain(build);
    for (const stage of build.plan.stages) {
      const sources = [
        ...(chain.includes(stage) ? [] : [stage.base]),
        ...stepsOf(build, stage).flatMap(allSourcesOf),
      ];
      for (const source of sources) if (isImage(source)) read.add(imageKey(source));
    }
    const base = chain.at(-1)?.base;
    if (base && isImage(base)) unread.set(imageKey(base), imageOf(build.images, base));
  }
  for (const key of read) unread.delete(key);
  return unread;
}

/** The stages that the target stands on, itself first; none where a step of theirs, or another stage, looks into one. */
function unreadChain(build: EvaluatedBuild): readonly PlannedStage[] {
  const { stages } = build.plan;
  const chain = chainOf(build);
  const below = new Set(chain.map(({ index }) => index));
  const looksBelow = (stage: PlannedStage) => {
    const steps = stepsOf(build, stage);
    const isInside = below.has(stage.index);
    const standsOn = stage.base.kind === 'stage' && below.has(stage.base.stage);
    return (
      steps.flatMap(stagesOf).some((index) => below.has(index)) ||
      (isInside ? !steps.every(isLinked) : standsOn)
    );
  };
  return stages.some(looksBelow) ? [] : chain;
}

/** The target and the stages below it. */
export function chainOf({ plan }: Pick<EvaluatedBuild, 'plan'>): readonly PlannedStage[] {
  const chain: PlannedStage[] = [];
  for (let index: number | undefined = plan.target; index !== undefined; ) {
    const stage: PlannedStage = plan.stages.find((one) => one.index === index)!;
    chain.push(stage);
    index = stage.base.kind === 'stage' ? stage.base.stage : undefined;
  }
  return chain;
}

function stepsOf({ evaluations }: EvaluatedBuild, { index }: PlannedStage): readonly Step[] {
  return evaluations.get(index)?.steps ?? [];
}

function isLinked(step: Step): boolean {
  return (step.kind === 'copy' || step.kind === 'add') && step.link;
}

/** Layers of which nothing is known but their digests: no step is there to ask for more. */
export function unreadSnapshot({ config, descriptors }: BaseImage): Snapshot {
  const layers = config.rootfs.diff_ids.map((diffId: Digest, i) => ({
    ...{ diffId, contentId: diffId, files: 0 },
    size: descriptors![i]!.size,
  }));
  return { layers };
}
