// Images of registries: their documents are fetched, and of their layers those that the store does not have.

import { formatReference, type OpenedImage, type Platform, parseReference } from '../../oci/image/index.ts';
import { openRemote, type RegistryAccess } from '../../oci/registry/index.ts';
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
  readonly progress?: ReadProgress;
}

/** Opens an image of a registry. Nothing of it is kept. */
export async function openRemoteImage(
  store: Store,
  name: string,
  { access, platform, contents, progress }: RemoteOptions,
): Promise<OpenedImage> {
  const reference = parseReference(name);
  const image = await openRemote(reference, access).image(platform ?? hostPlatform());
  const { manifest, config, manifestDigest, surroundings } = image;
  const scratch = contents ? makeScratch(store) : undefined;
  const blobs = manifest.layers.map((blob, i) => {
    const fetch = () => image.open(blob);
    const spool = scratch ? spooled(fetch, scratch.path) : { open: fetch, close: () => {} };
    return { diffId: config.rootfs.diff_ids[i]!, blob, ...spool };
  });
  const elsewhere = {
    title: formatReference(reference),
    origin: 'registry' as const,
    ...{ imageId: manifest.config.digest, manifestDigest, config, layers: blobs, surroundings },
    close: async () => {
      for (const blob of blobs) blob.close();
      scratch?.remove();
    },
  };
  return openElsewhere(store, elsewhere, {
    ...(access.signal ? { signal: access.signal } : {}),
    ...(progress ? { progress } : {}),
  });
}
