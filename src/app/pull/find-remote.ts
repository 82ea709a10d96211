// An image as its registry has it now: what is in the store already is not fetched, whatever its name.

import type { Digest } from '../../core/index.ts';
import {
  canonicalName,
  type Descriptor,
  type ImageConfig,
  type Platform,
  platformDistance,
  type Reference,
} from '../../oci/image/index.ts';
import { checkedBlob, openRemote, type RegistryAccess } from '../../oci/registry/index.ts';
import { type Origins, receiveLayers, type Store } from '../../oci/store/index.ts';
import { imageFor, lookUpImage } from '../find-image.ts';
import { notePlaces } from '../known-places.ts';

/** Told bytes as they come. */
export type PullProgress = (done: number, total: number) => void;

/** What will be done with an image. */
export interface KeepOptions {
  /** Whether something is about to run on it: its layers are then unpacked as they come. */
  readonly unpack?: boolean;
  /** Its layers stay where they are: only what the image says of itself is kept. */
  readonly elsewhere?: boolean;
}

/** An image that a registry has. */
export interface FoundRemote {
  readonly config: ImageConfig;
  /** The digest of the config. */
  readonly imageId: Digest;
  readonly manifestDigest: Digest;
  /** What the reference means at the registry: an index, or the manifest. */
  readonly root: Digest;
  /** Its layers, where they are not all in the store. */
  readonly descriptors?: readonly Descriptor[];
  /** Where these can be had later. */
  readonly origins?: Origins;
  /** Reads such a layer without keeping it; its digest is checked by the end. */
  open?(layer: Descriptor): AsyncIterable<Uint8Array>;
  /**
   * Brings what is missing into the store, then the image with its name: all of it or nothing.
   * @returns whether any layer had to be fetched
   */
  keep(progress: PullProgress, options?: KeepOptions): Promise<boolean>;
}

/** What to look for. */
export interface RemoteRequest {
  readonly reference: Reference;
  readonly platform: Platform;
  readonly access: RegistryAccess;
  /** Whether the name stays where it is when it is that of an image for another platform. */
  readonly keepOther: boolean;
  /** Only looks: nothing is written down before the image is kept. */
  readonly looking?: boolean;
}

/** Asks the registry of a reference. @throws MilleError as `RemoteReference.image` does */
export async function findRemote(store: Store, request: RemoteRequest): Promise<FoundRemote> {
  const { reference, platform, access } = request;
  const remote = openRemote(reference, access);
  const name = canonicalName(reference);
  // Asking for the digest alone is worth it only where it may be one that is here.
  const now = reference.digest ?? (store.resolveName(name) ? await remote.digest() : undefined);
  const here = now && soundImage(store, now, platform);
  if (now && here) {
    const { config, imageId } = store.image(here);
    const keep = async () => {
      store.changeNames(() => giveName(store, request, { root: now, manifest: here }));
      return false;
    };
    return { config, imageId, manifestDigest: here, root: now, keep };
  }
  const image = await remote.image(platform);
  const { manifest, config, root, manifestDigest } = image;
  const note = () => {
    const blobs = [manifest.config, ...manifest.layers].map(({ digest }) => digest);
    notePlaces(store, reference, blobs);
  };
  const origin = `${reference.registry}/${reference.repository}@${manifestDigest}`;
  const origins = new Map(manifest.layers.map(({ digest }) => [digest, origin]));
  // Whether they are fetched or not: the repository has them.
  if (!request.looking) note();
  return {
    ...{ config, manifestDigest, root, descriptors: manifest.layers, origins },
    open: (layer) => checkedBlob(image.open(layer), layer.digest),
    imageId: manifest.config.digest,
    keep: async (progress, { unpack = false, elsewhere = false } = {}) => {
      const { signal } = access;
      const receiving = { progress, unpack, ...(signal ? { signal } : {}) };
      const fetched = elsewhere ? false : await receiveLayers(store, image, receiving);
      if (request.looking) note();
      store.changeNames(() => {
        store.putImage({
          ...{ manifest: image.manifestBytes, config: image.configBytes },
          ...(elsewhere ? { origins } : {}),
        });
        if (image.index) store.putIndex(image.index);
        giveName(store, request, { root, manifest: manifestDigest });
      });
      return fetched;
    },
  };
}

/**
 * The image in the store that a digest means for a platform, all of it. What is damaged, or partly elsewhere, is asked for
 * again: as much as is missing comes.
 */
function soundImage(store: Store, digest: Digest, platform: Platform): Digest | undefined {
  const known = lookUpImage(store, digest);
  if (!known || (!known.index && store.imageDamage(known.manifestDigest) !== undefined)) return undefined;
  const here = imageFor(store, known, platform);
  return here && isWhole(store, here) ? here : undefined;
}

/** Whether an image of the store has all of its layers there, and none of it is damaged. */
export function isWhole(store: Store, manifestDigest: Digest): boolean {
  return store.imageDamage(manifestDigest) === undefined && store.image(manifestDigest).distant.length === 0;
}

/** A reference by digest names nothing. Where it means an index the name does too. */
function giveName(
  store: Store,
  { reference, platform, keepOther }: RemoteRequest,
  { root, manifest }: { readonly root: Digest; readonly manifest: Digest },
): void {
  if (reference.digest) return;
  const name = canonicalName(reference);
  const index = store.index(root);
  const other = keepOther ? store.resolveName(name) : undefined;
  const loses =
    other !== undefined &&
    store.imageDamage(other) === undefined &&
    platformDistance(store.image(other).config, platform) === undefined &&
    !index?.members.some((member) => member.manifestDigest === other);
  if (loses) return;
  if (index) store.tagIndex(name, root);
  else store.tag(name, manifest);
}
