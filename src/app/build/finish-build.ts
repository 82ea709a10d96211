// The end of a build: squashed where that is wanted, the image made, outputs written.

import { type BuiltStage, type ExecuteServices, squash } from '../../build/execute/index.ts';
import type { BuildPlan } from '../../build/graph/index.ts';
import type { Digest } from '../../core/index.ts';
import type { ImageDescriptor } from '../types.ts';
import type { BuildRequest } from './execute-services.ts';
import { describeImage, type FinishSettings, finishImage, layersOf, packageImage } from './finish-image.ts';
import type { NamedOutput } from './output-names.ts';
import { writeOutput } from './write-outputs.ts';

/** What is to be finished. */
export interface Unfinished {
  readonly plan: BuildPlan;
  readonly executed: BuiltStage;
  readonly outputs: readonly NamedOutput[];
  readonly clampTime: number | undefined;
  /** Further keys of the image's config. */
  readonly extra?: Readonly<Record<string, unknown>> | undefined;
}

/** A finished build. */
export interface Finished {
  readonly imageId: Digest;
  /** The image as it was last written: into the store, or into an archive. */
  readonly descriptor: ImageDescriptor;
  /** Bytes of all layers, uncompressed. */
  readonly bytes: number;
}

/** Finishes a build. @throws MilleError `disk-full`, `io`, `interrupted` */
export async function finishBuild(
  { store, options, signal }: BuildRequest,
  execute: ExecuteServices,
  { plan, executed, outputs, clampTime, extra }: Unfinished,
): Promise<Finished> {
  const { annotations = [] } = options;
  const settings: FinishSettings = {
    labels: options.labels,
    now: Date.now(),
    ...(plan.imagePlatform ? { platform: plan.imagePlatform } : {}),
    ...(clampTime === undefined ? {} : { clampTime }),
    ...(extra ? { extra } : {}),
  };
  const built = options.squash
    ? await squash(execute, executed, finishImage(store, executed, settings).imageId)
    : executed;
  const image = finishImage(store, built, settings);
  const ca = execute.trust ? { ca: execute.trust.certificates } : {};
  const again = outputs.length > 1 || (options.cacheTo ?? []).some(({ type }) => type !== 'inline');
  const finished = { store, built, image, annotations, signal, again, events: execute.events, ...ca };
  let descriptor: ImageDescriptor | undefined;
  for (const output of outputs) descriptor = (await writeOutput(finished, output)) ?? descriptor;
  descriptor ??= describeImage(packageImage(store, image, { layers: layersOf(store, built), annotations }));
  const bytes = built.snapshot.layers.reduce((sum, layer) => sum + layer.size, 0);
  return { imageId: image.imageId, descriptor, bytes };
}
