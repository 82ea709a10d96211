// The images a plan asks for, found before anything runs.

import type { BaseImage } from '../../build/execute/index.ts';
import type { BuildPlan } from '../../build/graph/index.ts';
import { MilleError } from '../../core/index.ts';
import { isOfRegistry } from '../pull/access.ts';
import { type ContextImage, contextImage, scratchImage } from './context-image.ts';
import type { NamedContextSet } from './named-contexts.ts';
import { type ImageSeeker, seekImage } from './seek-image.ts';

/** The images of plans, by their keys, and what is odd about them. */
export interface FoundImages {
  readonly images: ReadonlyMap<string, BaseImage>;
  readonly warnings: readonly string[];
  /** Why images are nowhere that are done without, each with its place; none unless the seeker does without. */
  readonly missing: readonly MilleError[];
}

/**
 * Finds every image of plans.
 * @throws MilleError as `seekImage` does, with the place that asks for the image; what reading a layout throws.
 */
export async function findBaseImages(
  seeker: ImageSeeker,
  requests: BuildPlan['images'],
  contexts: NamedContextSet,
): Promise<FoundImages> {
  const images = new Map<string, BaseImage>();
  const warnings: string[] = [];
  const missing: MilleError[] = [];
  // All registries are asked at once; what fails is told in the order of the Dockerfile.
  const finding = requests.map(async (request): Promise<ContextImage> => {
    if (request.context) return contextImage(seeker, request, contexts.place(request.reference));
    return { image: await seekImage(seeker, request, [...contexts.kinds.keys()]) };
  });
  await Promise.allSettled(finding);
  for (const [i, request] of requests.entries()) {
    try {
      const found = await finding[i]!;
      images.set(request.key, found.image);
      if (found.warning !== undefined) warnings.push(found.warning);
    } catch (error) {
      if (!(error instanceof MilleError)) throw error;
      const placed = error.at(request.span);
      if (!seeker.doWithout || !isOfRegistry(error)) throw placed;
      images.set(request.key, scratchImage(request.platform));
      missing.push(placed);
    }
  }
  return { images, warnings, missing };
}
