// The end of a build: squashed where that is wanted, its images made, outputs written.

import { type BuiltStage, type ExecuteServices, squash } from '../../build/execute/index.ts';
import type { BuildPlan } from '../../build/graph/index.ts';
import type { Digest } from '../../core/index.ts';
import { isIndexType } from '../../oci/image/index.ts';
import type { Attested } from '../attest/attested.ts';
import type { ImageDescriptor } from '../types.ts';
import type { BuildRequest } from './execute-services.ts';
import { type FinishSettings, finishImage, type UnpackagedImage } from './finish-image.ts';
import type { NamedOutput } from './output-names.ts';
import { type BuiltImage, describeImages, packageImages } from './packaged-images.ts';
import { writeOutput } from './write-outputs.ts';

/** What is to be finished. */
export interface Unfinished {
  /** One for each platform. */
  readonly stages: readonly UnfinishedStage[];
  readonly outputs: readonly NamedOutput[];
  readonly clampTime: number | undefined;
}

/** A stage that was built for one platform. */
export interface UnfinishedStage {
  readonly plan: BuildPlan;
  readonly executed: BuiltStage;
  /** Further keys of the image's config. */
  readonly extra?: Readonly<Record<string, unknown>> | undefined;
  /** What is attested of it; asked once it is squashed, where it is. */
  readonly attested?: (built: BuiltStage, image: UnpackagedImage) => Promise<readonly Attested[]>;
}

/** A finished build. */
export interface Finished {
  /** Of several platforms, or attested: the digest of the index, in the store where it is there. */
  readonly imageId: Digest;
  /** The ids of the images of an index. */
  readonly imageIds?: readonly Digest[];
  /** The image as it was last written: into the store, or into an archive. */
  readonly descriptor: ImageDescriptor;
  /** Bytes of all layers, uncompressed. */
  readonly bytes: number;
}

/** Finishes a build. @throws MilleError `disk-full`, `io`, `interrupted` */
export async function finishBuild(
  { store, options, signal }: BuildRequest,
  execute: ExecuteServices,
  { stages, outputs, clampTime }: Unfinished,
): Promise<Finished> {
  const { annotations = [] } = options;
  const now = Date.now();
  const images: BuiltImage[] = [];
  for (const { plan, executed, extra, attested } of stages) {
    const settings: FinishSettings = {
      labels: options.labels,
      now,
      ...(plan.imagePlatform ? { platform: plan.imagePlatform } : {}),
      ...(clampTime === undefined ? {} : { clampTime }),
      ...(extra ? { extra } : {}),
    };
    const built = options.squash
      ? await squash(execute, executed, finishImage(store, executed, settings).imageId)
      : executed;
    const image = finishImage(store, built, settings);
    const said = attested && outputs.length > 0 ? { attested: await attested(built, image) } : {};
    images.push({ built, image, platform: plan.platform, ...said });
  }
  const ca = execute.trust ? { ca: execute.trust.certificates } : {};
  const again = outputs.length > 1 || (options.cacheTo ?? []).some(({ type }) => type !== 'inline');
  const about = { annotations, clampTime, again, signal, events: execute.events, ...ca };
  const finished = { store, images, ...about };
  let descriptor: ImageDescriptor | undefined;
  let stored: ImageDescriptor | undefined;
  for (const output of outputs) {
    descriptor = (await writeOutput(finished, output)) ?? descriptor;
    if (output.spec.type === 'image') stored = descriptor;
  }
  descriptor ??= describeImages(packageImages(finished, { annotations }));
  const layers = new Map(
    images.flatMap(({ built }) => built.snapshot.layers.map(({ diffId, size }) => [diffId, size])),
  );
  const bytes = [...layers.values()].reduce((sum, size) => sum + size, 0);
  const ids = images.map(({ image }) => image.imageId);
  if (ids.length === 1 && !isIndexType(descriptor.mediaType)) return { imageId: ids[0]!, descriptor, bytes };
  // By its id an image can be found in the store, whatever it is compressed to elsewhere.
  return { imageId: (stored ?? descriptor).digest, imageIds: ids, descriptor, bytes };
}
