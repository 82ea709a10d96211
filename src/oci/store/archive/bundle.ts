// What an archive or a layout of images is made of: the index, and each blob once, whatever names and images share it.
// Deterministic: the same images and names give the same.

import type { Digest } from '../../../core/index.ts';
import { choosePlatform } from '../../image/index.ts';
import { hostPlatform } from '../host-platform.ts';
import type { ImageDocuments } from '../images.ts';
import type { IndexEntry } from '../index-file.ts';

/**
 * An image to be saved, or those of an index, under canonical names (none: it can be loaded by its id only). Its blobs
 * are in the store.
 */
export interface ImageToSave {
  readonly images: readonly ImageDocuments[];
  readonly index?: { readonly digest: Digest; readonly mediaType: string; readonly size: number };
  readonly names: readonly string[];
  /** Blobs of what is attested of them: manifests, and what these name. */
  readonly attestations?: readonly Digest[];
  /** Of its entry in the index, beside its name. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Each image once, in the order given, with all its names. */
export function mergeImages(images: readonly ImageToSave[]): ImageToSave[] {
  const merged = new Map<Digest, ImageToSave>();
  for (const one of images) {
    const { digest } = rootOf(one);
    const known = merged.get(digest);
    merged.set(digest, {
      ...one,
      names: [...new Set([...(known?.names ?? []), ...one.names])].sort(),
      annotations: { ...known?.annotations, ...one.annotations },
    });
  }
  return [...merged.values()];
}

/** What names point to. */
function rootOf({ images, index }: ImageToSave): NonNullable<ImageToSave['index']> {
  if (index) return index;
  const { manifestDigest, mediaType, manifestBytes } = images[0]!;
  return { digest: manifestDigest, mediaType, size: manifestBytes.length };
}

/** The image that is meant where nobody can choose: the one for this machine, or else the first. */
export function usualImage({ images }: ImageToSave): ImageDocuments {
  return choosePlatform(images, ({ config }) => config, hostPlatform()) ?? images[0]!;
}

/** All blobs of images, sorted. */
export function blobsOf(all: readonly ImageToSave[]): Digest[] {
  const blobs = all.flatMap((one) => [
    rootOf(one).digest,
    ...(one.attestations ?? []),
    ...one.images.flatMap(({ manifestDigest, imageId, manifest }) => [
      manifestDigest,
      imageId,
      ...manifest.layers.map(({ digest }) => digest),
    ]),
  ]);
  return [...new Set(blobs)].sort();
}

/** The entries of an image in an index: one for each of its names. */
export function indexEntries(one: ImageToSave): IndexEntry[] {
  const { names, annotations = {} } = one;
  const { digest, ...root } = rootOf(one);
  const entry = {
    manifest: digest,
    ...root,
    ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
  };
  return names.length === 0 ? [{ ...entry, name: null }] : names.map((name) => ({ ...entry, name }));
}
