// The images a plan asks for, found before anything runs.

import type { BaseImage } from '../../build/execute/index.ts';
import type { BuildPlan } from '../../build/graph/index.ts';
import { MilleError } from '../../core/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { contextImage } from './context-image.ts';
import type { NamedContextSet } from './named-contexts.ts';
import { storedImage } from './stored-image.ts';

/** The images of a plan, by their keys, and what is odd about them. */
export interface FoundImages {
  readonly images: ReadonlyMap<string, BaseImage>;
  readonly warnings: readonly string[];
}

/**
 * Finds every image of a plan.
 * @throws MilleError `image-missing` with the place that asks for it, and what is there instead; `platform-unsupported`
 * where it is for another platform; what reading a layout throws.
 */
export async function findBaseImages(
  store: Store,
  plan: BuildPlan,
  contexts: NamedContextSet,
): Promise<FoundImages> {
  const images = new Map<string, BaseImage>();
  const warnings: string[] = [];
  for (const request of plan.images) {
    try {
      const found = request.context
        ? await contextImage(store, request, contexts.place(request.reference))
        : { image: storedImage(store, request, [...contexts.kinds.keys()]) };
      images.set(request.key, found.image);
      if (found.warning !== undefined) warnings.push(found.warning);
    } catch (error) {
      throw error instanceof MilleError ? error.at(request.span) : error;
    }
  }
  return { images, warnings };
}
