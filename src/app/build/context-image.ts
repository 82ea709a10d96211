// Named contexts that are images: of the store, or of an OCI layout elsewhere.

import type { BaseImage } from '../../build/execute/index.ts';
import { type ImageRequest, scratchState } from '../../build/graph/index.ts';
import { displayPath, parseDigest } from '../../core/index.ts';
import { formatPlatform, normalizePlatform, type Platform, platformDistance } from '../../oci/image/index.ts';
import { openLayoutImage } from '../../oci/store/index.ts';
import type { FoundPlace } from './named-contexts.ts';
import { type ImageSeeker, seekImage } from './seek-image.ts';

/** The image of a named context, and what is odd about it. */
export interface ContextImage {
  readonly image: BaseImage;
  readonly warning?: string;
}

/**
 * Finds the image of a named context.
 * @throws MilleError as `seekImage` does; what reading a layout throws
 */
export async function contextImage(
  seeker: ImageSeeker,
  request: ImageRequest,
  place: FoundPlace,
): Promise<ContextImage> {
  const { store } = seeker;
  const { reference: name, platform } = request;
  if (place.kind === 'image') {
    if (place.reference === 'scratch') return { image: scratchImage(platform) };
    const { nearStage: _, ...rest } = request;
    return { image: await seekImage(seeker, { ...rest, reference: place.reference }) };
  }
  if (place.kind !== 'layout') throw new Error(`the context ${name} is no image`);
  const { path, tag, digest } = place;
  const found = await openLayoutImage(store, path, {
    platform,
    ...(tag === undefined ? {} : { tag }),
    ...(digest === undefined ? {} : { digest: parseDigest(digest) }),
  });
  const { config, imageId, manifestDigest: meaning, otherTag } = found;
  let loading: Promise<boolean> | undefined;
  const load: BaseImage['load'] = (progress) => {
    loading ??= found.load(progress);
    return loading;
  };
  const shown = `the build context ${name}`;
  const warning = otherTag
    ? `${shown}: '${displayPath(path)}' has no image '${tag}'; its only one was taken`
    : platformDistance(config, platform) === undefined
      ? `${shown} is for ${formatPlatform(normalizePlatform(config))}, not ${formatPlatform(platform)}`
      : undefined;
  return { image: { config, imageId, meaning, load }, ...(warning === undefined ? {} : { warning }) };
}

/** What `docker-image://scratch` is: nothing at all. */
/** An image of nothing. */
export function scratchImage(platform: Platform): BaseImage {
  const { config } = scratchState(platform);
  return { config: { ...platform, config, rootfs: { type: 'layers', diff_ids: [] } } };
}
