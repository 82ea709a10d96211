// Images of registries: their documents are fetched, and of their layers those that the store does not have.

import { MilleError } from '../../core/index.ts';
import {
  formatReference,
  noImageButCache,
  type OpenedImage,
  type OpenedLayer,
  type Platform,
  parseReference,
} from '../../oci/image/index.ts';
import {
  openRemote,
  type RegistryAccess,
  type RemoteImage,
  type RemoteReference,
} from '../../oci/registry/index.ts';
import { hostPlatform, type Store } from '../../oci/store/index.ts';
import type { ReadProgress } from './complete-layer.ts';
import { openElsewhere } from './elsewhere.ts';
import { makeScratch, spooled } from './scratch.ts';

/** How an image of a registry is opened. */
export interface RemoteOptions {
  readonly access: RegistryAccess;
  readonly platform?: Platform;
  /** Whether files are going to be read: layers are then kept in temporary files, so that they come once. */
  readonly contents: boolean;
  readonly caches?: boolean;
  readonly progress?: ReadProgress;
}

/** Opens an image of a registry, or a cache of builds. Nothing of it is kept. */
export async function openRemoteImage(
  store: Store,
  name: string,
  options: RemoteOptions,
): Promise<OpenedImage> {
  const { access, contents, progress } = options;
  const reference = parseReference(name);
  const found = await find(openRemote(reference, access), options);
  const { blobs, open, ...image } = found;
  const scratch = contents ? makeScratch(store) : undefined;
  const layers = blobs.map(({ diffId, blob }) => {
    const fetch = () => open(blob);
    const spool = scratch ? spooled(fetch, scratch.path) : { open: fetch, close: () => {} };
    return { diffId, blob, ...spool };
  });
  const elsewhere = {
    ...{ title: formatReference(reference), origin: 'registry' as const, ...image, layers },
    close: async () => {
      for (const layer of layers) layer.close();
      scratch?.remove();
    },
  };
  return openElsewhere(store, elsewhere, {
    ...(access.signal ? { signal: access.signal } : {}),
    ...(progress ? { progress } : {}),
  });
}

type Found = Omit<OpenedImage, 'title' | 'origin' | 'layers' | 'close'> & {
  readonly blobs: readonly Pick<OpenedLayer, 'diffId' | 'blob'>[];
  readonly open: RemoteImage['open'];
};

async function find(remote: RemoteReference, { platform, caches }: RemoteOptions): Promise<Found> {
  try {
    const image = await remote.image(platform ?? hostPlatform());
    const { manifest, config, manifestDigest, surroundings, open } = image;
    const blobs = manifest.layers.map((blob, i) => ({ diffId: config.rootfs.diff_ids[i]!, blob }));
    return { imageId: manifest.config.digest, manifestDigest, config, surroundings, blobs, open };
  } catch (error) {
    const mayBeCache =
      error instanceof MilleError && ['image-invalid', 'platform-unsupported'].includes(error.code);
    const cache = mayBeCache ? await remote.cache() : undefined;
    if (!cache) throw error;
    if (caches !== true) throw noImageButCache();
    const { documentDigest, config, layers, open } = cache;
    return { isCache: true, imageId: documentDigest, config, blobs: layers, open };
  }
}
