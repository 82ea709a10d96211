// A plan evaluated on the images it asks for. Everything that can be known to be wrong without running anything is
// known then: an expansion that fails, what is not supported yet.

import type { Digest } from '../../core/index.ts';
import { type Descriptor, formatPlatform, type ImageConfig } from '../../oci/image/index.ts';
import {
  type BuildPlan,
  evaluatePlan,
  type ImageSource,
  imageKey,
  outsideState,
  type PlannedStage,
  SharedSteps,
  type StageEvaluation,
  type StageState,
  sayingPlatform,
} from '../graph/index.ts';
import { checkEntitlements, type Entitlement } from './entitlements.ts';
import { refuseUnsupported } from './unsupported.ts';

/** A base image, resolved before the build. */
export interface BaseImage {
  readonly config: ImageConfig;
  /** The digest of the config's bytes. */
  readonly imageId?: Digest;
  /** What its name means: an index, or its manifest. */
  readonly meaning?: Digest;
  /** Its layers as its manifest has them, where they may stay away as long as nobody needs their bytes. */
  readonly descriptors?: readonly Descriptor[];
  /** Where those that are not here can be had: by the digests of their blobs, images of registries. */
  readonly origins?: ReadonlyMap<Digest, string>;
  /** Reads a layer's blob where it is, checked against its digest by the end; only of an image that is not here. */
  open?(layer: Descriptor): AsyncIterable<Uint8Array>;
  /** Keeps what the image says of itself, and leaves its layers where they are. */
  keepElsewhere?(): Promise<void>;
  /**
   * Brings the layers into the store, where they are not there already; done before anything is read from them.
   * @param progress told bytes as they come, and of how many where that is known
   * @param unpack whether a command will run on them: they may then be unpacked as they come
   * @returns whether anything had to be read
   */
  load?(progress: (bytes: number, total?: number) => void, unpack?: boolean): Promise<boolean>;
}

/** What `executeBuild` executes. */
export interface EvaluatedBuild {
  readonly plan: BuildPlan;
  /** The images that the plan asks for, by `imageKey`. */
  readonly images: ReadonlyMap<string, BaseImage>;
  /** By the index of the stage. */
  readonly evaluations: ReadonlyMap<number, StageEvaluation>;
}

/**
 * Evaluates the plans of one Dockerfile, one for each platform: the steps that they have in common have the same ids.
 * @param images the images that they ask for, by reference
 * @param allow what its Dockerfile may take beyond the sandbox
 * @throws MilleError `expansion`, `dockerfile-syntax`, `not-allowed`; `usage` for what is not
 * supported yet.
 */
export function evaluateBuilds(
  plans: readonly BuildPlan[],
  images: ReadonlyMap<string, BaseImage>,
  allow: readonly Entitlement[],
): readonly EvaluatedBuild[] {
  const shared = plans.length > 1 ? new SharedSteps() : undefined;
  const evaluate = (plan: BuildPlan): EvaluatedBuild => {
    checkEntitlements(plan, allow);
    const evaluations = evaluatePlan(plan, (stage) => stateOf(stage, images), shared?.namer(plan));
    for (const { steps } of evaluations.values()) steps.forEach(refuseUnsupported);
    return { plan, images, evaluations };
  };
  return plans.map((plan) =>
    sayingPlatform(plan.amongOthers && formatPlatform(plan.platform), () => evaluate(plan)),
  );
}

/** An image that the plan asked for. */
export function imageOf(images: ReadonlyMap<string, BaseImage>, source: ImageSource): BaseImage {
  const image = images.get(imageKey(source));
  if (!image) throw new Error(`the image ${imageKey(source)} was not resolved`);
  return image;
}

function stateOf(stage: PlannedStage, images: ReadonlyMap<string, BaseImage>): StageState {
  const state = outsideState(stage, images);
  if (!state) throw new Error(`the base of stage ${stage.index} was not resolved`);
  return state;
}
