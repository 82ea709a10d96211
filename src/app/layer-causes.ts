// Who made the layers of an image: the instruction, by the history; its line, where the record of the build is here;
// and which image of the store the lowest of them are.

import { type Digest, hideSecrets } from '../core/index.ts';
import { instructionText, type SourceLine } from '../insight/inspect/index.ts';
import type { OpenedImage } from '../oci/image/index.ts';
import { originsOf } from './image-origins.ts';
import type { Services } from './services.ts';

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
  const { lines, base } = originsOf(await services.store(), image);
  const made = (image.config.history ?? []).filter((entry) => !entry.empty_layer);
  return image.layers.map(({ diffId, blob }, index) => {
    const source = lines.get(diffId);
    const instruction = hideSecrets(instructionText(made[index]?.created_by ?? ''));
    return {
      ...{ index, diffId, digest: blob.digest, instruction },
      ...(source ? { source } : {}),
      ...(base && index < base.layers ? { base: base.title } : {}),
    };
  });
}
