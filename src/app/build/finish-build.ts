// The end of a build: squashed where that is wanted, the image written, names moved, outputs written.

import { type BuiltStage, type ExecuteServices, squash } from '../../build/execute/index.ts';
import type { BuildPlan } from '../../build/graph/index.ts';
import type { Digest } from '../../core/index.ts';
import type { ImageDescriptor } from '../types.ts';
import type { BuildRequest } from './execute-services.ts';
import { describeImage, type FinishSettings, finishImage, imageIdOf } from './finish-image.ts';
import { writeOutput } from './write-outputs.ts';

/** What is to be finished. */
export interface Unfinished {
  readonly plan: BuildPlan;
  readonly executed: BuiltStage;
  /** Canonical names. */
  readonly names: readonly string[];
  readonly clampTime: number | undefined;
}

/** A finished build. */
export interface Finished {
  readonly imageId: Digest;
  readonly manifestDigest: Digest;
  /** The image as it was last written: into the store, or into an archive. */
  readonly descriptor: ImageDescriptor;
  /** Bytes of all layers, uncompressed. */
  readonly bytes: number;
}

/** Finishes a build. @throws MilleError `disk-full`, `io`, `interrupted` */
export async function finishBuild(
  { store, options, signal }: BuildRequest,
  execute: ExecuteServices,
  { plan, executed, names, clampTime }: Unfinished,
): Promise<Finished> {
  const { annotations = [] } = options;
  const settings: FinishSettings = {
    labels: options.labels,
    annotations,
    names: options.store ? names : [],
    now: Date.now(),
    ...(plan.imagePlatform ? { platform: plan.imagePlatform } : {}),
    ...(clampTime === undefined ? {} : { clampTime }),
  };
  const built = options.squash
    ? await squash(execute, executed, imageIdOf(store, executed, settings))
    : executed;
  const image = finishImage(store, built, settings);
  const { manifestDigest: manifest } = image;
  let descriptor = describeImage(store, manifest);
  for (const output of options.outputs) {
    const finished = { store, snapshot: built.snapshot, manifest, names, annotations, signal };
    descriptor = (await writeOutput(finished, output, execute.events)) ?? descriptor;
  }
  // An image that was only exported leaves no nameless image behind.
  if (!options.store && store.image(manifest).names.length === 0) store.removeImage(manifest);
  const bytes = built.snapshot.layers.reduce((sum, layer) => sum + layer.size, 0);
  return { ...image, descriptor, bytes };
}
