// Who made the layers of an image: the instruction, by the history; its line, where the record of the build is here;
// and which image of the store the lowest of them are.

import { openCache } from '../build/cache/index.ts';
import type { Digest } from '../core/index.ts';
import { baseName } from '../core/index.ts';
import { findBase, instructionText, type KnownImage, type SourceLine } from '../insight/inspect/index.ts';
import type { OpenedImage } from '../oci/image/index.ts';
import { imageTitle, type Store } from '../oci/store/index.ts';
import type { Services } from './services.ts';
import { hideSecrets } from './why/secrets.ts';

/** Who made a layer. */
export interface LayerCause {
  /** From 0, the lowest. */
  readonly index: number;
  readonly diffId: Digest;
  /** Of the blob as it is stored or sent. */
  readonly digest: Digest;
  /** As somebody would write it, values that sound secret hidden; '' where the history says nothing. */
  readonly instruction: string;
  readonly source?: SourceLine;
  /** The image that it is a part of, and that this one stands on. */
  readonly base?: string;
}

/** Describes the layers of an image, bottom first. */
export async function layerCauses(services: Services, image: OpenedImage): Promise<readonly LayerCause[]> {
  const store = await services.store();
  const lines = linesOf(store, image);
  const diffIds = image.layers.map(({ diffId }) => diffId);
  const base = findBase(diffIds, knownImages(store, image));
  const made = (image.config.history ?? []).filter((entry) => !entry.empty_layer);
  return image.layers.map(({ diffId, blob }, index) => {
    const source = lines.get(diffId);
    return {
      ...{
        index,
        diffId,
        digest: blob.digest,
        instruction: hideSecrets(instructionText(made[index]?.created_by ?? '')),
      },
      ...(source ? { source } : {}),
      ...(base && index < base.layers ? { base: base.title } : {}),
    };
  });
}

/** Lines of Dockerfiles by the layers that they made: of the latest build of this very image, else of any. */
export function linesOf(store: Store, image: OpenedImage): ReadonlyMap<Digest, SourceLine> {
  const builds = openCache(store.db, { hasLayer: () => false }).builds();
  const lines = new Map<Digest, SourceLine>();
  const own = builds.filter((build) => build.imageId === image.imageId);
  for (const { steps, dockerfile } of [...own, ...builds]) {
    for (const { layer, line } of steps)
      if (layer !== undefined && line !== undefined && !lines.has(layer))
        lines.set(layer, { file: baseName(dockerfile) || 'Dockerfile', line });
  }
  return lines;
}

/** The other images of the store that have a name. */
export function knownImages(store: Store, image: OpenedImage): KnownImage[] {
  return store
    .surveyImages()
    .sound.filter(({ imageId, names }) => imageId !== image.imageId && names.length > 0)
    .map((one) => ({ title: imageTitle(one), imageId: one.imageId, diffIds: one.config.rootfs.diff_ids }));
}
