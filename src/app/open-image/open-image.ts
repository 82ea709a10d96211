// Any image, opened for looking into: what `layers`, `diff`, `packages`, `secrets` and the others begin with.

import type { OpenedImage } from '../../oci/image/index.ts';
import { findImageFor } from '../find-image.ts';
import type { Services } from '../services.ts';

/** Which image is meant, and how to get at it. */
export interface OpenImageOptions {
  /** Of several platforms, as written; by default the one for this machine, or else the first. */
  readonly platform?: string;
  readonly signal?: AbortSignal;
}

/**
 * Opens an image. A verb that does nothing but look needs `read` of its services. The image is to be closed.
 * @throws MilleError `image-missing`, `reference-invalid`, `platform-unsupported`
 */
export async function openImage(
  services: Services,
  name: string,
  options: OpenImageOptions = {},
): Promise<OpenedImage> {
  const store = await services.store();
  const { openStoredImage } = await import('./stored.ts');
  return openStoredImage(store, findImageFor(store, name, options.platform));
}

/** Does some work with an opened image, which is closed at its end, however it ends. */
export async function withImage<T>(
  services: Services,
  name: string,
  options: OpenImageOptions,
  work: (image: OpenedImage) => Promise<T>,
): Promise<T> {
  const image = await openImage(services, name, options);
  try {
    return await work(image);
  } finally {
    await image.close();
  }
}
