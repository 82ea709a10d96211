// A cache of builds in an archive or a layout, to be looked into as if its layers were those of an image.

import { cacheConfig, cacheLayers, cacheParts, type Descriptor, MEDIA } from '../../image/index.ts';
import type { ArchivedImage } from './archived-image.ts';
import { blobPath, readBlob } from './load-oci.ts';
import type { ArchiveSource } from './source.ts';

/**
 * Reads it; undefined for what is none.
 * @throws MilleError `image-invalid`, `digest-mismatch`
 */
export async function readArchivedCache(
  source: ArchiveSource,
  descriptor: Descriptor,
): Promise<Omit<ArchivedImage, 'close' | 'name'> | undefined> {
  const parts = cacheParts(new TextDecoder().decode(await readBlob(source, descriptor)));
  if (!parts) return undefined;
  const document = new TextDecoder().decode(await readBlob(source, parts.config));
  const layers = cacheLayers(parts, document);
  return {
    ...{ isCache: true, config: cacheConfig(layers), imageId: parts.config.digest },
    ...(descriptor.mediaType === MEDIA.manifest ? { manifestDigest: descriptor.digest } : {}),
    layers: layers.map((layer) => ({ ...layer, open: () => source.stream(blobPath(layer.blob)) })),
  };
}
