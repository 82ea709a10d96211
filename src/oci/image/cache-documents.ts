// Caches of builds as they are kept in registries and layouts, BuildKit's and this program's: no images, but layers all
// the same, also of stages of which nothing is in any image.

import { type Digest, isDigest, MilleError } from '../../core/index.ts';
import type { Descriptor, ImageConfig } from './documents.ts';
import { parseIndex, parseManifest } from './parse.ts';

/** What a cache consists of. */
export interface CacheParts {
  /** The document that says which layer belongs to which step. */
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

/** A layer of a cache. */
export interface CacheLayer {
  readonly diffId: Digest;
  readonly blob: Descriptor;
}

const CONFIGS: ReadonlySet<string> = new Set([
  'application/vnd.buildkit.cacheconfig.v0',
  'application/vnd.millefeuille.cache.document.v1+json',
]);
const LAYER = /^application\/vnd\.(?:oci\.image\.layer|docker\.image\.rootfs\.diff)\./;
const DIFF_ID = 'containerd.io/uncompressed';

/** The parts of a cache; undefined for a manifest or an index that is none. Older BuildKit lists all in an index. */
export function cacheParts(text: string): CacheParts | undefined {
  const isIndex = /"manifests"\s*:/.test(text);
  const parts = isIndex ? parseIndex(text).manifests : manifestParts(text);
  const config = parts.find(({ mediaType }) => CONFIGS.has(mediaType));
  return config && { config, layers: parts.filter(({ mediaType }) => LAYER.test(mediaType)) };
}

function manifestParts(text: string): readonly Descriptor[] {
  const { config, layers } = parseManifest(text);
  return [config, ...layers];
}

/**
 * The layers of a cache with what they are uncompressed: BuildKit says so beside each, this program in the document.
 * @throws MilleError `image-invalid` where neither does
 */
export function cacheLayers({ layers }: CacheParts, config: string): readonly CacheLayer[] {
  const listed = listedLayers(config);
  return layers.map((blob) => {
    const diffId = blob.annotations?.[DIFF_ID] ?? listed.get(blob.digest);
    if (diffId === undefined || !isDigest(diffId))
      throw new MilleError('image-invalid', `the cache does not say what its layer ${blob.digest} holds`, {
        hint: 'export it again, with a current BuildKit or with `mille build --cache-to`',
      });
    return { diffId, blob };
  });
}

/** What stands in the place of an image's config. */
export function cacheConfig(layers: readonly CacheLayer[]): ImageConfig {
  return {
    ...{ os: 'unknown', architecture: 'unknown' },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => diffId) },
  };
}

function listedLayers(config: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  try {
    const { layers } = JSON.parse(config) as { layers?: unknown };
    if (!Array.isArray(layers)) return found;
    for (const one of layers as { blob?: unknown; diffId?: unknown }[])
      if (typeof one?.blob === 'string' && typeof one.diffId === 'string') found.set(one.blob, one.diffId);
  } catch {
    // Then only what stands beside the layers counts.
  }
  return found;
}

/** The error for who wants an image and names a cache. */
export function noImageButCache(): MilleError {
  return new MilleError('image-invalid', 'it is a cache of builds, not an image', {
    hint: 'a build uses it with --cache-from; `mille secrets` looks into it',
  });
}
