// An image of the store, as a Dockerfile or a named context asks for it.

import type { BaseImage } from '../../build/execute/index.ts';
import { contextName, type ImageRequest } from '../../build/graph/index.ts';
import { displayPath, MilleError, suggest } from '../../core/index.ts';
import {
  canonicalName,
  familiarName,
  formatPlatform,
  formatReference,
  type ImageConfig,
  normalizePlatform,
  type Platform,
  parseReference,
  platformDistance,
} from '../../oci/image/index.ts';
import { hostPlatform, type Store } from '../../oci/store/index.ts';
import { findByDigest } from '../pull/pulled-digest.ts';

/**
 * An image of the store.
 * @param contexts names of contexts, one of which may have been meant
 * @throws MilleError `image-missing`, `unknown-stage` where a stage was meant, `platform-unsupported`
 */
export function storedImage(
  store: Store,
  request: ImageRequest,
  contexts: readonly string[] = [],
): BaseImage {
  const digest = findImage(store, request.reference, request.platform);
  if (!digest) throw missing(store, request, contexts);
  const { config, imageId } = store.image(digest);
  checkPlatform(request, config, 'in the store ');
  return { config, imageId };
}

/** The config of an image of the store, whichever platform it is for; undefined where there is none. */
export function storedConfig(store: Store, reference: string): ImageConfig | undefined {
  const digest = findImage(store, reference, hostPlatform());
  return digest && store.image(digest).config;
}

/**
 * @param where what stands between the image and its platform, if anything
 * @throws MilleError `platform-unsupported` for an image that does not serve
 */
export function checkPlatform(
  { reference, platform, span }: ImageRequest,
  config: ImageConfig,
  where = '',
): void {
  if (platformDistance(config, platform) !== undefined) return;
  const found = formatPlatform(normalizePlatform(config));
  const name = displayPath(reference);
  throw new MilleError(
    'platform-unsupported',
    `the image ${name} ${where}is for ${found}, not ${formatPlatform(platform)}`,
    { hint: `load or make one for this platform, or build for the other: --platform ${found}`, span },
  );
}

function findImage(store: Store, text: string, platform: Platform): ReturnType<Store['resolveName']> {
  const reference = parseReference(text);
  if (reference.digest) return findByDigest(store, reference.digest, platform);
  const named = store.resolveName(canonicalName(reference));
  // As with Docker, an image can be named by its id.
  return named ?? (/^(sha256:)?[0-9a-f]{12,64}$/.test(text) ? store.findById(text) : undefined);
}

function missing(store: Store, request: ImageRequest, contexts: readonly string[]): MilleError {
  const { nearStage, span } = request;
  if (nearStage !== undefined) {
    const name = displayPath(request.reference);
    return new MilleError('unknown-stage', `'${name}' is neither a stage above nor an image in the store`, {
      hint: `did you mean the stage ${nearStage}?`,
      span,
    });
  }
  const wanted = parseReference(request.reference);
  const names = store.imageEntries().flatMap((image) => image.names.map((name) => parseReference(name)));
  const sameName = names.filter((name) => familiarName(name) === familiarName(wanted)).map(formatReference);
  const there = sameName.length > 0 ? sameName : names.map(formatReference);
  const list = there.slice(0, 5).join(', ');
  const own = contextName(request.reference);
  const meant =
    contexts.find((name) => name.replace(/:[^/]*$/, '') === own.replace(/:[^/]*$/, '')) ??
    suggest(own, contexts);
  if (meant !== undefined) {
    return new MilleError('image-missing', `the image ${formatReference(wanted)} is not in the store`, {
      hint: `the build context ${meant} is not of this name: write --build-context ${own}=…`,
      span,
    });
  }
  return new MilleError('image-missing', `the image ${formatReference(wanted)} is not in the store`, {
    hint:
      `bring it with \`mille load -i ARCHIVE\`, or make one from packages with \`mille bootstrap\`` +
      (list === '' ? '' : `; in the store: ${list}${there.length > 5 ? ', …' : ''}`),
    span,
  });
}
