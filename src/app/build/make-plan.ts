// From a Dockerfile to a plan for each platform, with the images that they ask for.

import type { BaseImage } from '../../build/execute/index.ts';
import {
  type BuildPlan,
  baseTriggers,
  type PlanOptions,
  planBuild,
  sayingPlatform,
} from '../../build/graph/index.ts';
import { displayPath, type MilleError, type SourceText } from '../../core/index.ts';
import type { Dockerfile } from '../../lang/dockerfile/index.ts';
import { hostPlatform } from '../../oci/store/index.ts';
import type { BuildOptions } from '../types.ts';
import { findBaseImages } from './base-images.ts';
import { parseBuildFile } from './frontend.ts';
import type { NamedContextSet } from './named-contexts.ts';
import { distinctPlatforms } from './platforms.ts';
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

/** A plan, and what it was made with. */
export interface SettledPlan {
  readonly settings: PlanSettings;
  readonly plan: BuildPlan;
}

/** The plans of a build, one for each platform in the order in which they were asked for. */
export interface PlannedBuild {
  readonly dockerfile: Dockerfile;
  readonly plans: readonly SettledPlan[];
  /** The images that they ask for, by `imageKey`. */
  readonly images: ReadonlyMap<string, BaseImage>;
  readonly warnings: readonly string[];
  /** As `FoundImages.missing`. */
  readonly missing: readonly MilleError[];
}

/** The settings of a plan. @param platform as written by the user; by default the first that was asked for */
export function planSettings(
  { options, contexts, clampTime }: Omit<PlanRequest, 'dockerfile' | 'allStages'>,
  platform = options.platforms[0],
): PlanSettings {
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

/**
 * Plans a build for all its platforms; twice where a base image brings ONBUILD triggers: they may need stages and images
 * of their own.
 */
export async function makePlans(seeker: ImageSeeker, request: PlanRequest): Promise<PlannedBuild> {
  const { options, contexts } = request;
  const dockerfile = parseBuildFile(request.dockerfile, options.buildArgs);
  const all = request.allStages ? { allStages: true } : {};
  const finish = async (plans: readonly SettledPlan[]): Promise<PlannedBuild> => {
    const { images, warnings, missing } = await findBaseImages(seeker, requestsOf(plans), contexts);
    const ofPlans = plans.flatMap(({ plan }) => plan.warnings);
    const told = [...ofPlans, ...unknownStages(options, dockerfile), ...warnings];
    return { dockerfile, plans, images, warnings: [...new Set(told)], missing };
  };
  const planOne = (settings: PlanSettings, triggers?: PlanOptions['triggers']): SettledPlan => {
    const more = triggers ? { triggers } : {};
    const plan = () => planBuild({ ...settings, ...all, ...more, dockerfile });
    return { settings, plan: sayingPlatform(settings.amongOthers && settings.platform, plan) };
  };
  const first = await finish(settingsOf(request).map((settings) => planOne(settings)));
  const triggers = first.plans.map(({ plan }) => baseTriggers(plan, first.images));
  if (triggers.every(({ size }) => size === 0)) return first;
  return await finish(first.plans.map(({ settings }, i) => planOne(settings, triggers[i])));
}

/** The settings for each platform. @throws MilleError `platform-unsupported` */
function settingsOf(request: PlanRequest): readonly PlanSettings[] {
  const platforms = distinctPlatforms(request.options.platforms);
  if (platforms.length < 2) return [planSettings(request)];
  return platforms.map((platform) => ({ ...planSettings(request, platform), amongOthers: true }));
}

/** Each image once, whichever plans ask for it. */
function requestsOf(plans: readonly SettledPlan[]): BuildPlan['images'] {
  const requests = new Map<string, BuildPlan['images'][number]>();
  for (const request of plans.flatMap(({ plan }) => plan.images))
    if (!requests.has(request.key)) requests.set(request.key, request);
  return [...requests.values()];
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
