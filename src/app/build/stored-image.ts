// An image of the store, as a Dockerfile or a named context asks for it.

import type { BaseImage } from '../../build/execute/index.ts';
import { contextName, type ImageRequest } from '../../build/graph/index.ts';
import { displayPath, MilleError, suggest } from '../../core/index.ts';
import {
  familiarName,
  formatPlatform,
  formatReference,
  type ImageConfig,
  parseReference,
} from '../../oci/image/index.ts';
import type { Store, StoredImage } from '../../oci/store/index.ts';
import { type FoundImage, imageFor, lookUpImage, platformsOf } from '../find-image.ts';
import { bringLayers, type OriginAccess, readChecked } from '../pull/bring-layers.ts';

/** How an image of the store is got at. */
export interface StoredImageOptions extends OriginAccess {
  /** Names of contexts, one of which may have been meant. */
  readonly contexts?: readonly string[];
  /** Ends what is brought, and the waiting for whoever brings it. */
  readonly signal?: AbortSignal;
}

/**
 * An image of the store. One that is named by its digest serves whatever platform it is for.
 * @throws MilleError `image-missing`, `unknown-stage` where a stage was meant, `platform-unsupported`
 */
export function storedImage(
  store: Store,
  request: ImageRequest,
  { contexts = [], ...bringing }: StoredImageOptions,
): BaseImage {
  const found = foundImage(store, request.reference);
  if (!found) throw missing(store, request, contexts);
  const exact = request.reference.includes('@') && !found.index ? found.manifestDigest : undefined;
  const digest = imageFor(store, found, request.platform) ?? exact;
  if (!digest) throw otherPlatform(request, platformsOf(store, found), 'in the store ');
  const image = store.image(digest);
  const { config, imageId } = image;
  return { config, imageId, meaning: found.index?.digest ?? digest, ...elsewhere(store, image, bringing) };
}

/** What brings or reads layers that are not here. */
function elsewhere(
  store: Store,
  image: StoredImage,
  how: Omit<StoredImageOptions, 'contexts'>,
): Partial<BaseImage> {
  const { distant, manifest } = image;
  if (distant.length === 0) return {};
  let bringing: Promise<boolean> | undefined;
  return {
    descriptors: manifest.layers,
    origins: new Map(distant.map(({ descriptor, origin }) => [descriptor.digest, origin])),
    open: readChecked(image, how),
    load: (progress, unpack = false) => {
      bringing ??= bringLayers(store, image, { ...how, progress, unpack });
      return bringing;
    },
  };
}

/** The config of an image of the store, whichever platform it is for; undefined where there is none. */
export function storedConfig(store: Store, reference: string): ImageConfig | undefined {
  const found = foundImage(store, reference);
  return found && store.image(found.manifestDigest).config;
}

/** The error for an image that is there for other platforms only. @param where `in the store `, or nothing */
function otherPlatform({ reference, platform, span }: ImageRequest, there: string, where = ''): MilleError {
  const name = displayPath(reference);
  return new MilleError(
    'platform-unsupported',
    `the image ${name} ${where}is for ${there}, not ${formatPlatform(platform)}`,
    {
      hint: `load or make one for this platform, or build for another: --platform ${there.split(',')[0]}`,
      span,
    },
  );
}

/** As with Docker, an image can be named by its id, but not by a few digits of it. */
function foundImage(store: Store, text: string): FoundImage | undefined {
  const found = lookUpImage(store, text);
  const named = found?.name !== undefined || text.includes('@');
  return named || /^(sha256:)?[0-9a-f]{12,64}$/.test(text) ? found : undefined;
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
