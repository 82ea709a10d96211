// From a Dockerfile to a plan with its images.

import type { BaseImage } from '../../build/execute/index.ts';
import { type BuildPlan, baseTriggers, type PlanOptions, planBuild } from '../../build/graph/index.ts';
import { displayPath, MilleError, type SourceText } from '../../core/index.ts';
import type { Dockerfile } from '../../lang/dockerfile/index.ts';
import { formatPlatform, parsePlatform } from '../../oci/image/index.ts';
import { hostPlatform } from '../../oci/store/index.ts';
import type { BuildOptions } from '../types.ts';
import { findBaseImages } from './base-images.ts';
import { parseBuildFile } from './frontend.ts';
import type { NamedContextSet } from './named-contexts.ts';
import type { ImageSeeker } from './seek-image.ts';

/** What a plan is made from. */
export interface PlanRequest {
  readonly dockerfile: SourceText;
  readonly options: BuildOptions;
  readonly contexts: NamedContextSet;
  readonly clampTime?: number | undefined;
  /** Plan every stage. */
  readonly allStages?: boolean;
}

/** What planning needs beside the Dockerfile. */
export type PlanSettings = Omit<PlanOptions, 'dockerfile' | 'triggers' | 'allStages'>;

/** A plan and the images it asks for, by `imageKey`. */
export interface PlannedBuild {
  readonly dockerfile: Dockerfile;
  readonly settings: PlanSettings;
  readonly plan: BuildPlan;
  readonly images: ReadonlyMap<string, BaseImage>;
  readonly warnings: readonly string[];
}

/**
 * The settings of a plan.
 * @throws MilleError `usage` for several platforms, `platform-unsupported` for what is none
 */
export function planSettings({
  options,
  contexts,
  clampTime,
}: Omit<PlanRequest, 'dockerfile' | 'allStages'>): PlanSettings {
  const platform = onePlatform(options.platforms);
  return {
    buildArgs: withEpoch(options.buildArgs, clampTime),
    hostPlatform: hostPlatform(),
    network: options.network,
    contexts: contexts.kinds,
    ...(options.target === undefined ? {} : { target: options.target }),
    ...(platform === undefined ? {} : { platform }),
    ...(clampTime === undefined ? {} : { sourceDateEpoch: clampTime }),
  };
}

/** Plans twice where a base image brings ONBUILD triggers: they may need stages and images of their own. */
export async function makePlan(seeker: ImageSeeker, request: PlanRequest): Promise<PlannedBuild> {
  const { options, contexts } = request;
  const dockerfile = parseBuildFile(request.dockerfile, options.buildArgs);
  const settings = planSettings(request);
  const all = request.allStages ? { allStages: true } : {};
  const finish = async (plan: BuildPlan): Promise<PlannedBuild> => {
    const { images, warnings } = await findBaseImages(seeker, plan, contexts);
    const told = [...plan.warnings, ...unknownStages(options, dockerfile), ...warnings];
    return { dockerfile, settings, plan, images, warnings: told };
  };
  const first = await finish(planBuild({ ...settings, ...all, dockerfile }));
  const triggers = baseTriggers(first.plan, first.images);
  return triggers.size === 0 ? first : await finish(planBuild({ ...settings, ...all, dockerfile, triggers }));
}

/** A stage that is misspelt would be taken from the cache without a word. */
function unknownStages({ noCacheStages = [] }: BuildOptions, { stages }: Dockerfile): readonly string[] {
  const names = new Set(stages.map(({ from }) => from.name?.toLowerCase()));
  return noCacheStages
    .filter((name) => !names.has(name.toLowerCase()))
    .map((name) => `--no-cache-filter: no stage is called '${displayPath(name)}'`);
}

/** `SOURCE_DATE_EPOCH=context` is a number by now. */
function withEpoch(
  buildArgs: BuildOptions['buildArgs'],
  clampTime: number | undefined,
): BuildOptions['buildArgs'] {
  const named = buildArgs.SOURCE_DATE_EPOCH === 'context' && clampTime !== undefined;
  return named ? { ...buildArgs, SOURCE_DATE_EPOCH: String(clampTime) } : buildArgs;
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
