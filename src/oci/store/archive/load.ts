// `mille load`: Docker archives of any age since 1.10, OCI layouts as tar or directory, and archives that are both.
// Every digest is checked before anything enters the store; an archive with one bad image brings none.

import { type Digest, digestHex, MilleError } from '../../../core/index.ts';
import {
  formatPlatform,
  normalizePlatform,
  type Platform,
  parseConfig,
  platformDistance,
} from '../../image/index.ts';
import type { Store } from '../store.ts';
import { createIncoming, type Incoming, type IncomingEntry, type IncomingImage } from './incoming.ts';
import { type DockerEntry, readDockerManifest, takeDockerImage } from './load-docker.ts';
import { findLayoutEntries, type LayoutEntry, takeLayoutImage } from './load-oci.ts';
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
  /** Only the image for this one of an index of several; an image for another is an error. */
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
  const lock = store.lockShared();
  const temporary = store.makeTemporary('load');
  const spooled = store.room({ unseen: true });
  try {
    const source = await openSource(input, temporary.path, { onSpool: spooled.grow });
    const incoming = createIncoming(store, source);
    try {
      const entries = await takeEntries(source, incoming, options.platform);
      return incoming.commit(entries).map((put, i) => ({ ...put, names: entries[i]!.names }));
    } finally {
      incoming.abort();
      source.close();
    }
  } finally {
    temporary.remove();
    spooled.release();
    lock.release();
  }
}

async function takeEntries(
  source: ArchiveSource,
  incoming: Incoming,
  platform: Platform | undefined,
): Promise<IncomingEntry[]> {
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
  const layout = hasLayout ? await findLayoutEntries(source, platform) : [];
  const given = new Set(layout.flatMap(({ names }) => names));
  const entries: IncomingEntry[] = [];
  // The layout is preferred where both are there: it says what the blobs are, and keeps the digests of manifests.
  for (const entry of layout) {
    const twins = docker.filter((one) => isPartOf(one, entry));
    const more = twins.flatMap((twin) => twin.names).filter((name) => !given.has(name));
    const names = [...new Set([...entry.names, ...more])].sort();
    const images: IncomingImage[] = [];
    for (const image of entry.images) images.push(await takeLayoutImage(source, image, incoming));
    const { index, beside } = entry;
    entries.push({ images, names, ...(index ? { index } : {}), ...(beside ? { beside } : {}) });
  }
  // Docker's own archives list images without a name in manifest.json only.
  for (const one of docker) {
    if (layout.some((entry) => isPartOf(one, entry))) continue;
    entries.push({ images: [await takeDockerImage(source, one, incoming)], names: one.names });
  }
  if (entries.length === 0) throw new MilleError('image-invalid', 'the archive holds no image');
  if (platform) for (const image of entries.flatMap(({ images }) => images)) checkPlatform(image, platform);
  return entries;
}

function isPartOf(one: DockerEntry, { configs }: LayoutEntry): boolean {
  return configs.some((digest) => one.config.includes(digestHex(digest)));
}

/** @throws MilleError `platform-unsupported` for an image that does not serve where one for the platform was wanted */
function checkPlatform({ config }: IncomingImage, wanted: Platform): void {
  const found = parseConfig(new TextDecoder().decode(config));
  if (platformDistance(found, wanted) !== undefined) return;
  throw new MilleError(
    'platform-unsupported',
    `an image of the archive is for ${formatPlatform(normalizePlatform(found))}, not for ${formatPlatform(wanted)}`,
    { hint: 'leave --platform out to load what is there' },
  );
}
