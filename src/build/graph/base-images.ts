// What images from outside bring to a plan: the state that FROM opens, and ONBUILD triggers.

import type { ImageConfig } from '../../oci/image/index.ts';
import { imageKey, isImage } from './image-request.ts';
import type { BuildPlan, PlannedStage } from './plan.ts';
import { filesState, imageState, type StageState, scratchState } from './stage-state.ts';

/** Images that are there, by `imageKey`. */
type Images = ReadonlyMap<string, { readonly config: ImageConfig }>;

/** The state of what a stage stands on, where that is no stage; undefined for an image that is not there. */
export function outsideState({ base, platform }: PlannedStage, images: Images): StageState | undefined {
  if (isImage(base)) {
    const image = images.get(imageKey(base));
    return image && imageState(image.config, platform);
  }
  return base.kind === 'context' && base.replaces === 'stage' ? filesState(platform) : scratchState(platform);
}

/**
 * The triggers that base images bring, by stage. Where there are any a plan has to be made again with them: they may
 * need stages and images of their own.
 */
export function baseTriggers(plan: BuildPlan, images: Images): ReadonlyMap<number, readonly string[]> {
  const triggers = new Map<number, readonly string[]>();
  for (const { index, base } of plan.stages) {
    const texts = isImage(base) ? images.get(imageKey(base))?.config.config?.OnBuild : undefined;
    if (texts && texts.length > 0) triggers.set(index, texts);
  }
  return triggers;
}
