// `mille packages`: what is installed in an image, and who brought it.

import { formatPlatform, normalizePlatform, type OpenedImage } from '../../oci/image/index.ts';
import { layerCauses } from '../layer-causes.ts';
import { type OpenImageOptions, withImage } from '../open-image/open-image.ts';
import { readTrust } from '../pull/read-trust.ts';
import { type Services, withServices } from '../services.ts';
import { takeInventory } from './inventory.ts';
import type { InsideOptions, LookedAt, PackagesResult } from './types.ts';

/** Lists the packages of an image. See `PackageVerbs.packages`. */
export function packages(
  name: string,
  options: InsideOptions = {},
  signal?: AbortSignal,
): Promise<PackagesResult> {
  return withServices('read', async (services) =>
    withImage(services, name, await openOptions(services, options, signal), async (image) => ({
      image: lookedAt(image),
      layers: await layerCauses(services, image),
      ...(await takeInventory(image, signal)),
    })),
  );
}

/** How images are opened whose contents are to be read. */
export async function openOptions(
  services: Services,
  { platform, ca }: InsideOptions,
  signal: AbortSignal | undefined,
): Promise<OpenImageOptions> {
  return {
    contents: true,
    ...(platform === undefined ? {} : { platform }),
    ...(ca === undefined ? {} : { ca: readTrust(await services.store(), ca) }),
    ...(signal ? { signal } : {}),
  };
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
