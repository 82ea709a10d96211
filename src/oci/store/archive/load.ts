// `mille load`: Docker archives of any age since 1.10, OCI layouts as tar or directory, and archives that are both.
// Every digest is checked before anything enters the store; an archive with one bad image brings none.

import { type Digest, digestHex, MilleError } from '../../../core/index.ts';
import type { Platform } from '../../image/index.ts';
import { hostPlatform } from '../host-platform.ts';
import type { Store } from '../store.ts';
import { createIncoming, type Incoming, type IncomingImage } from './incoming.ts';
import { type DockerEntry, readDockerManifest, takeDockerImage } from './load-docker.ts';
import { findLayoutImages, type LayoutImage, takeLayoutImage } from './load-oci.ts';
import { type ArchiveSource, openSource } from './source.ts';

/** An image that came into the store. */
export interface LoadedImage {
  readonly manifestDigest: Digest;
  readonly imageId: Digest;
  /** Canonical names that it has now. */
  readonly names: readonly string[];
}

/** How to load. */
export interface LoadOptions {
  /** Which image of an index of several platforms to take; the host's by default. */
  readonly platform?: Platform;
}

/**
 * Loads all images of an archive: a file or a directory by its absolute path, or an open descriptor.
 * @throws MilleError `image-invalid`, `digest-mismatch`, `archive-broken`, `archive-escape`, `archive-limit`,
 *   `platform-unsupported`, `disk-full`; the store is then as it was
 */
export async function loadArchive(
  store: Store,
  input: string | number,
  options: LoadOptions = {},
): Promise<LoadedImage[]> {
  const platform = options.platform ?? hostPlatform();
  const lock = store.lockShared();
  const temporary = store.makeTemporary('load');
  try {
    const source = await openSource(input, temporary.path);
    const incoming = createIncoming(store, source);
    try {
      const images = await takeImages(source, incoming, platform);
      return incoming.commit(images).map((put, i) => ({ ...put, names: images[i]!.names }));
    } finally {
      incoming.abort();
      source.close();
    }
  } finally {
    temporary.remove();
    lock.release();
  }
}

async function takeImages(
  source: ArchiveSource,
  incoming: Incoming,
  platform: Platform,
): Promise<IncomingImage[]> {
  const hasLayout = source.size('index.json') !== undefined;
  const hasDocker = source.size('manifest.json') !== undefined;
  if (!hasLayout && !hasDocker) {
    throw new MilleError(
      'image-invalid',
      'this is no archive of images: it has neither manifest.json nor index.json',
      { hint: '`docker save`, `mille save` and `skopeo copy … oci-archive:…` write such archives' },
    );
  }
  const docker = hasDocker ? await readDockerManifest(source) : [];
  const layout = hasLayout ? await findLayoutImages(source, platform) : [];
  const images: IncomingImage[] = [];
  // The layout is preferred where both are there: it says what the blobs are, and keeps the digests of manifests.
  for (const image of layout) {
    const twins = docker.filter((entry) => isSameImage(entry, image));
    const names = new Set([...image.names, ...twins.flatMap((twin) => twin.names)]);
    images.push(await takeLayoutImage(source, { ...image, names: [...names].sort() }, incoming));
  }
  // Docker's own archives list images without a name in manifest.json only.
  for (const entry of docker) {
    if (layout.some((image) => isSameImage(entry, image))) continue;
    images.push(await takeDockerImage(source, entry, incoming));
  }
  if (images.length === 0) throw new MilleError('image-invalid', 'the archive holds no image');
  return images;
}

function isSameImage(entry: DockerEntry, image: LayoutImage): boolean {
  return entry.config.includes(digestHex(image.manifest.config.digest));
}
