// A plan evaluated on the images it asks for. Everything that can be known to be wrong without running anything is
// known then: an expansion that fails, an image for another platform, what is not supported yet.

import { MilleError } from '../../core/index.ts';
import { formatPlatform, type ImageConfig, samePlatform } from '../../oci/image/index.ts';
import {
  type BuildPlan,
  evaluatePlan,
  imageState,
  type PlannedStage,
  type StageEvaluation,
  type StageState,
  scratchState,
} from '../graph/index.ts';
import { refuseUnsupported, unsupported } from './unsupported.ts';

/** A base image, resolved before the build. */
export interface BaseImage {
  readonly config: ImageConfig;
}

/** What `executeBuild` executes. */
export interface EvaluatedBuild {
  readonly plan: BuildPlan;
  /** The images that the plan asks for, by reference. */
  readonly images: ReadonlyMap<string, BaseImage>;
  /** By the index of the stage. */
  readonly evaluations: ReadonlyMap<number, StageEvaluation>;
}

/**
 * Evaluates a plan.
 * @throws MilleError `expansion`, `dockerfile-syntax`, `platform-unsupported`; `usage` for what is not supported yet.
 */
export function evaluateBuild(plan: BuildPlan, images: ReadonlyMap<string, BaseImage>): EvaluatedBuild {
  const evaluations = evaluatePlan(plan, (stage) => outsideState(stage, images));
  for (const { steps } of evaluations.values()) steps.forEach(refuseUnsupported);
  return { plan, images, evaluations };
}

/** The image of a reference, which the plan asked for. */
export function imageOf(images: ReadonlyMap<string, BaseImage>, reference: string): BaseImage {
  const image = images.get(reference);
  if (!image) throw new Error(`the image ${reference} was not resolved`);
  return image;
}

function outsideState(stage: PlannedStage, images: ReadonlyMap<string, BaseImage>): StageState {
  const { base, platform } = stage;
  if (base.kind === 'context') throw unsupported(`the named context ${base.name}`, stage.from.base.span);
  if (base.kind !== 'image') return scratchState(platform);
  const { config } = imageOf(images, base.reference);
  checkPlatform(config, stage);
  return imageState(config, platform);
}

function checkPlatform(config: ImageConfig, stage: PlannedStage): void {
  const { os, architecture, variant } = config;
  const found = { os, architecture, ...(variant ? { variant } : {}) };
  if (samePlatform(found, stage.platform)) return;
  const name = stage.from.base.text;
  throw new MilleError(
    'platform-unsupported',
    `the image ${name} in the store is for ${formatPlatform(found)}, not ${formatPlatform(stage.platform)}`,
    { hint: 'load or make one for this platform', span: stage.from.base.span },
  );
}
