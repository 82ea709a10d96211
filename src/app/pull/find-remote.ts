// An image as its registry has it now: what is in the store already is not fetched, whatever its name.

import type { Digest } from '../../core/index.ts';
import {
  canonicalName,
  type ImageConfig,
  type Platform,
  platformDistance,
  type Reference,
} from '../../oci/image/index.ts';
import { openRemote, type RegistryAccess } from '../../oci/registry/index.ts';
import { receiveLayers, type Store } from '../../oci/store/index.ts';
import { findByDigest, rememberDigest } from './pulled-digest.ts';

/** Told bytes as they come. */
export type PullProgress = (done: number, total: number) => void;

/** An image that a registry has. */
export interface FoundRemote {
  readonly config: ImageConfig;
  /** The digest of the config. */
  readonly imageId: Digest;
  readonly manifestDigest: Digest;
  /** What the reference means at the registry: an index, or the manifest. */
  readonly root: Digest;
  /**
   * Brings what is missing into the store, then the image with its name: all of it or nothing.
   * @returns whether any layer had to be fetched
   */
  keep(progress: PullProgress): Promise<boolean>;
}

/** What to look for. */
export interface RemoteRequest {
  readonly reference: Reference;
  readonly platform: Platform;
  readonly access: RegistryAccess;
  /** Whether the name stays where it is when it is that of an image for another platform. */
  readonly keepOther: boolean;
}

/** Asks the registry of a reference. @throws MilleError as `RemoteReference.image` does */
export async function findRemote(store: Store, request: RemoteRequest): Promise<FoundRemote> {
  const { reference, platform, access } = request;
  const remote = openRemote(reference, access);
  const name = canonicalName(reference);
  // Asking for the digest alone is worth it only where it may be one that is here.
  const now = reference.digest ?? (store.resolveName(name) ? await remote.digest() : undefined);
  const here = now && findByDigest(store, now, platform);
  // What is damaged is fetched again: as much of it as is missing.
  if (now && here && store.imageDamage(here) === undefined) {
    const { config, imageId } = store.image(here);
    const keep = async () => {
      store.changeNames(() => giveName(store, request, here));
      return false;
    };
    return { config, imageId, manifestDigest: here, root: now, keep };
  }
  const image = await remote.image(platform);
  const { manifest, config, root, manifestDigest } = image;
  return {
    ...{ config, manifestDigest, root },
    imageId: manifest.config.digest,
    keep: async (progress) => {
      const fetched = await receiveLayers(store, image, progress);
      store.changeNames(() => {
        store.putImage({ manifest: image.manifestBytes, config: image.configBytes });
        giveName(store, request, manifestDigest);
      });
      rememberDigest(store, root, { platform, manifest: manifestDigest });
      return fetched;
    },
  };
}

/** A reference by digest names nothing. */
function giveName(store: Store, { reference, platform, keepOther }: RemoteRequest, manifest: Digest): void {
  if (reference.digest) return;
  const name = canonicalName(reference);
  const other = keepOther ? store.resolveName(name) : undefined;
  if (other && platformDistance(store.image(other).config, platform) === undefined) return;
  store.tag(name, manifest);
}
