// `mille packages`: what is installed in an image, and who brought it.

import { displayPath, MilleError } from '../../core/index.ts';
import { PACKAGE_TYPES } from '../../insight/packages/index.ts';
import { formatPlatform, normalizePlatform, type OpenedImage } from '../../oci/image/index.ts';
import { layerCauses } from '../layer-causes.ts';
import { type OpenImageOptions, withImage } from '../open-image/open-image.ts';
import { readTrust } from '../pull/read-trust.ts';
import { type Services, withServices } from '../services.ts';
import { takeInventory } from './inventory.ts';
import type { InsideOptions, LookedAt, PackagesOptions, PackagesResult } from './types.ts';

/** Lists the packages of an image. See `PackageVerbs.packages`. */
export function packages(
  name: string,
  { types, ...options }: PackagesOptions = {},
  signal?: AbortSignal,
): Promise<PackagesResult> {
  const wanted = types && wantedTypes(types);
  return withServices('read', async (services) =>
    withImage(services, name, await openOptions(services, options, signal), async (image) => {
      const { packages: all, gone, ...rest } = await takeInventory(image, signal);
      return {
        image: lookedAt(image),
        layers: await layerCauses(services, image),
        ...rest,
        packages: all.filter(({ type }) => !wanted || wanted.has(type)),
        gone: gone.filter(({ found }) => !wanted || wanted.has(found.type)),
      };
    }),
  );
}

function wantedTypes(types: readonly string[]): ReadonlySet<string> {
  const known: readonly string[] = PACKAGE_TYPES;
  const unknown = types.find((type) => !known.includes(type));
  if (unknown === undefined) return new Set(types);
  throw new MilleError('usage', `--type can't be '${displayPath(unknown)}'`, {
    hint: `kinds of packages: ${known.join(', ')}`,
  });
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
