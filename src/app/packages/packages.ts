// `mille packages`: what is installed in an image, and who brought it.

import { formatPlatform, normalizePlatform, type OpenedImage } from '../../oci/image/index.ts';
import { layerCauses } from '../layer-causes.ts';
import { withImage } from '../open-image/open-image.ts';
import { withServices } from '../services.ts';
import type { PlatformChoice } from '../types.ts';
import { takeInventory } from './inventory.ts';
import type { LookedAt, PackagesResult } from './types.ts';

/** Lists the packages of an image. See `PackageVerbs.packages`. */
export function packages(
  name: string,
  options: PlatformChoice = {},
  signal?: AbortSignal,
): Promise<PackagesResult> {
  return withServices('read', (services) =>
    withImage(services, name, { ...options, ...(signal ? { signal } : {}) }, async (image) => ({
      image: lookedAt(image),
      layers: await layerCauses(services, image),
      ...(await takeInventory(image)),
    })),
  );
}

/** What is said of an image that is looked at. */
export function lookedAt({ title, origin, imageId, manifestDigest, config }: OpenedImage): LookedAt {
  return {
    ...{ title, origin, imageId },
    ...(manifestDigest === undefined ? {} : { manifestDigest }),
    platform: formatPlatform(normalizePlatform(config)),
    ...(config.created === undefined ? {} : { created: config.created }),
  };
}
