// The image that a budget is about.

import { openCache } from '../../build/cache/index.ts';
import { MilleError } from '../../core/index.ts';
import type { OpenedImage } from '../../oci/image/index.ts';
import { workingDirectory } from '../../sys/index.ts';
import { type OpenImageOptions, withImage } from '../open-image/open-image.ts';
import { readTrust } from '../pull/read-trust.ts';
import { type Services, withServices } from '../services.ts';
import { findBuild } from '../why/find-build.ts';
import type { BudgetOptions } from './types.ts';

/** An opened image, and how others are opened. */
export interface Opened {
  readonly services: Services;
  readonly image: OpenedImage;
  readonly how: OpenImageOptions;
}

/** Opens the image that is named, or else what was built last from the working directory. */
export function withNamedImage<T>(
  { image: named, platform, ca }: Pick<BudgetOptions, 'image' | 'platform' | 'ca'>,
  signal: AbortSignal | undefined,
  work: (opened: Opened) => Promise<T>,
): Promise<T> {
  return withServices('read', async (services) => {
    const trust = ca === undefined ? undefined : readTrust(await services.store(), ca);
    const how: OpenImageOptions = {
      ...(platform === undefined ? {} : { platform }),
      ...(trust === undefined ? {} : { ca: trust }),
      ...(signal ? { signal } : {}),
    };
    const name = await imageName(services, named);
    return withImage(services, name, how, (image) => work({ services, image, how }));
  });
}

/** The image that is named, or what was built last from the working directory. @throws MilleError `usage` */
async function imageName(services: Services, named: string | undefined): Promise<string> {
  if (named !== undefined) return named;
  const store = await services.store();
  const builds = openCache(store.db, { hasLayer: () => false })
    .builds()
    .filter(({ imageId }) => imageId !== undefined);
  try {
    return findBuild({ store, builds, here: workingDirectory() }, '.').imageId!;
  } catch (error) {
    if (!(error instanceof MilleError) || error.code !== 'build-missing') throw error;
    throw new MilleError('usage', 'no image is named, and none was built from this directory', {
      hint: "write mille budget IMAGE, or 'image: NAME' in the budget",
      cause: error,
    });
  }
}
