// From a Dockerfile to a plan with its images.

import type { BaseImage } from '../../build/execute/index.ts';
import { type BuildPlan, imageKey, isImage, planBuild } from '../../build/graph/index.ts';
import { MilleError, type SourceText } from '../../core/index.ts';
import { formatPlatform, parsePlatform } from '../../oci/image/index.ts';
import { hostPlatform, type Store } from '../../oci/store/index.ts';
import type { BuildOptions } from '../types.ts';
import { findBaseImages } from './base-images.ts';
import { parseBuildFile } from './frontend.ts';
import type { NamedContextSet } from './named-contexts.ts';

/** What a plan is made from. */
export interface PlanSettings {
  readonly dockerfile: SourceText;
  readonly options: BuildOptions;
  readonly contexts: NamedContextSet;
  readonly clampTime: number | undefined;
}

/** A plan and the images it asks for, by `imageKey`. */
export interface PlannedBuild {
  readonly plan: BuildPlan;
  readonly images: ReadonlyMap<string, BaseImage>;
  readonly warnings: readonly string[];
}

/** Plans twice where a base image brings ONBUILD triggers: they may need stages and images of their own. */
export async function makePlan(store: Store, settings: PlanSettings): Promise<PlannedBuild> {
  const { options, contexts, clampTime } = settings;
  const dockerfile = parseBuildFile(settings.dockerfile, options.buildArgs);
  const platform = onePlatform(options.platforms);
  const planWith = (triggers?: ReadonlyMap<number, readonly string[]>) =>
    planBuild({
      dockerfile,
      buildArgs: options.buildArgs,
      hostPlatform: hostPlatform(),
      network: options.network,
      contexts: contexts.kinds,
      ...(options.target === undefined ? {} : { target: options.target }),
      ...(platform === undefined ? {} : { platform }),
      ...(clampTime === undefined ? {} : { sourceDateEpoch: clampTime }),
      ...(triggers ? { triggers } : {}),
    });
  const finish = async (plan: BuildPlan): Promise<PlannedBuild> => {
    const { images, warnings } = await findBaseImages(store, plan, contexts);
    return { plan, images, warnings: [...plan.warnings, ...warnings] };
  };
  const first = await finish(planWith());
  const triggers = triggersOf(first);
  return triggers.size === 0 ? first : await finish(planWith(triggers));
}

function triggersOf({ plan, images }: PlannedBuild): ReadonlyMap<number, readonly string[]> {
  const triggers = new Map<number, readonly string[]>();
  for (const { index, base } of plan.stages) {
    const texts = isImage(base) ? images.get(imageKey(base))?.config.config?.OnBuild : undefined;
    if (texts && texts.length > 0) triggers.set(index, texts);
  }
  return triggers;
}

function onePlatform(platforms: readonly string[]): string | undefined {
  const host = hostPlatform();
  const spelt = new Set(platforms.map((text) => formatPlatform(parsePlatform(text, host))));
  if (spelt.size <= 1) return platforms[0];
  throw new MilleError(
    'usage',
    `building for several platforms at once is not supported yet: ${[...spelt].join(', ')}`,
    { hint: 'build for one after the other, under names of their own' },
  );
}
