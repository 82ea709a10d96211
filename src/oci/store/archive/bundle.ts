// What an archive or a layout of images is made of: the index, and each blob once, whatever names and images share it.
// Deterministic: the same images and names give the same.

import type { Digest } from '../../../core/index.ts';
import type { ImageDocuments } from '../images.ts';
import type { IndexEntry } from '../index-file.ts';

/** An image to be saved, under canonical names (none: it can be loaded by its id only). Its blobs are in the store. */
export interface ImageToSave {
  readonly image: ImageDocuments;
  readonly names: readonly string[];
  /** Of its entry in the index, beside its name. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Each image once, in the order given, with all its names. */
export function mergeImages(images: readonly ImageToSave[]): ImageToSave[] {
  const merged = new Map<Digest, ImageToSave>();
  for (const { image, names, annotations } of images) {
    const known = merged.get(image.manifestDigest);
    merged.set(image.manifestDigest, {
      image,
      names: [...new Set([...(known?.names ?? []), ...names])].sort(),
      annotations: { ...known?.annotations, ...annotations },
    });
  }
  return [...merged.values()];
}

/** All blobs of images, sorted. */
export function blobsOf(images: readonly ImageToSave[]): Digest[] {
  const blobs = images.flatMap(({ image }) => [
    image.manifestDigest,
    image.imageId,
    ...image.manifest.layers.map(({ digest }) => digest),
  ]);
  return [...new Set(blobs)].sort();
}

/** The entries of an image in an index: one for each of its names. */
export function indexEntries({ image, names, annotations = {} }: ImageToSave): IndexEntry[] {
  const entry = {
    manifest: image.manifestDigest,
    mediaType: image.mediaType,
    size: image.manifestBytes.length,
    ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
  };
  return names.length === 0 ? [{ ...entry, name: null }] : names.map((name) => ({ ...entry, name }));
}
