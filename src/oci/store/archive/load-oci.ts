// OCI image layouts (image spec, "image-layout"): `index.json`, manifests, configs and layers by digest. An index
// of several platforms gives those of its images that are there, or the one wanted; what isn't an image is
// passed over, but for what is attested of one.

import { type Digest, digestHex, LIMITS, MilleError } from '../../../core/index.ts';
import {
  attestedImage,
  canonicalName,
  choosePlatform,
  type Descriptor,
  formatPlatform,
  isImageEntry,
  isIndexType,
  type Manifest,
  type Platform,
  parseConfig,
  parseIndex,
  parseManifest,
  parseReference,
} from '../../image/index.ts';
import { mismatch } from '../blobs.ts';
import { hostPlatform } from '../host-platform.ts';
import type { Incoming, IncomingImage } from './incoming.ts';
import { type ArchiveSource, readDocument } from './source.ts';

/** An image found in a layout, not yet read further than its manifest. */
export interface LayoutImage {
  readonly manifestBytes: Uint8Array;
  readonly manifest: Manifest;
}

/** What an entry of a layout leads to: an image, or those of an index that are there. */
export interface LayoutEntry {
  readonly images: readonly LayoutImage[];
  readonly index?: Uint8Array;
  /** What is attested of the images, as far as it is there: manifests and their blobs. */
  readonly beside?: readonly Uint8Array[];
  /** The configs of all its images, those that are not wanted included. */
  readonly configs: readonly Digest[];
  /** Canonical. */
  readonly names: readonly string[];
}

/**
 * Finds the images of a layout, each entry once with all its names.
 * @param platform of an index only the image for this one is wanted
 */
export async function findLayoutEntries(
  source: ArchiveSource,
  platform: Platform | undefined,
): Promise<LayoutEntry[]> {
  const { bytes } = await readDocument(source, 'index.json', LIMITS.manifest);
  const index = parseIndex(new TextDecoder().decode(bytes));
  const found = new Map<Digest, { entry: Omit<LayoutEntry, 'names'>; names: Set<string> }>();
  for (const descriptor of index.manifests.filter(isImageEntry)) {
    const known = found.get(descriptor.digest) ?? {
      entry: isIndexType(descriptor.mediaType)
        ? await readIndexEntry(source, descriptor, platform)
        : entryOf([await readManifestBlob(source, descriptor)]),
      names: new Set<string>(),
    };
    const name = nameOf(descriptor);
    if (name !== undefined) known.names.add(name);
    found.set(descriptor.digest, known);
  }
  return [...found.values()].map(({ entry, names }) => ({ ...entry, names: [...names] }));
}

/** An index with its images. One of indexes is not kept: of that, one image is taken. */
async function readIndexEntry(
  source: ArchiveSource,
  descriptor: Descriptor,
  platform: Platform | undefined,
): Promise<Omit<LayoutEntry, 'names'>> {
  const bytes = await readBlob(source, descriptor);
  const { manifests } = parseIndex(new TextDecoder().decode(bytes));
  const nested = manifests.some(({ mediaType }) => isIndexType(mediaType));
  const present = nested ? [] : presentImages(source, manifests);
  const distinct = new Map(present.map((image) => [image.digest, image]));
  const images: LayoutImage[] = [];
  for (const image of distinct.values()) images.push(await readManifestBlob(source, image));
  const beside = nested ? [] : await readAttestations(source, manifests);
  if (!nested && !platform && images.length > 0) return { ...entryOf(images), index: bytes, beside };
  const wanted = { platform: platform ?? hostPlatform(), strict: platform !== undefined };
  const image = await readManifestBlob(source, await choosePlatformIn(source, descriptor, wanted));
  return nested ? entryOf([image]) : { ...entryOf(images), images: [image], index: bytes, beside };
}

/** Of one blob beside images, and of all: inventories of large images take some megabytes. */
const LARGEST_BESIDE = 64 * 1024 * 1024;
const MOST_BESIDE = 128 * 1024 * 1024;

/** Manifests that attest something, with their blobs. One that is not whole, or damaged, keeps nobody from the images. */
async function readAttestations(
  source: ArchiveSource,
  manifests: readonly Descriptor[],
): Promise<Uint8Array[]> {
  const found: Uint8Array[] = [];
  let room = MOST_BESIDE;
  const read = async (blob: Descriptor): Promise<Uint8Array | undefined> => {
    const path = blobPath(blob);
    const size = source.size(path);
    if (size === undefined || size > Math.min(LARGEST_BESIDE, room)) return undefined;
    room -= size;
    const { bytes, digest } = await readDocument(source, path, LARGEST_BESIDE);
    return digest === blob.digest ? bytes : undefined;
  };
  for (const entry of manifests.filter((one) => attestedImage(one) !== undefined)) {
    const manifestBytes = await read(entry);
    const manifest = manifestBytes && soundManifest(manifestBytes);
    if (!manifest) continue;
    const blobs: (Uint8Array | undefined)[] = [];
    for (const blob of [manifest.config, ...manifest.layers]) blobs.push(await read(blob));
    const whole = [...blobs, manifestBytes].filter((bytes) => bytes !== undefined);
    if (whole.length === blobs.length + 1) found.push(...whole);
  }
  return found;
}

function soundManifest(bytes: Uint8Array): Manifest | undefined {
  try {
    return parseManifest(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
}

function entryOf(images: readonly LayoutImage[]): Omit<LayoutEntry, 'names'> {
  return { images, configs: images.map(({ manifest }) => manifest.config.digest) };
}

/** A saved index may name platforms whose blobs were never there. */
export function presentImages(source: ArchiveSource, manifests: readonly Descriptor[]): Descriptor[] {
  return manifests.filter(isImageEntry).filter((image) => source.size(blobPath(image)) !== undefined);
}

/** Takes in one image of a layout. */
export async function takeLayoutImage(
  source: ArchiveSource,
  { manifest, manifestBytes }: LayoutImage,
  incoming: Incoming,
): Promise<IncomingImage> {
  const config = await readBlob(source, manifest.config);
  const diffIds = parseConfig(new TextDecoder().decode(config)).rootfs.diff_ids;
  if (diffIds.length !== manifest.layers.length) {
    throw new MilleError(
      'image-invalid',
      `a manifest has ${manifest.layers.length} layers, its config ${diffIds.length}`,
    );
  }
  await takeLayers(incoming, manifest, diffIds);
  return { manifest: manifestBytes, config };
}

/** Takes in the layers of a manifest. */
export async function takeLayers(
  incoming: Incoming,
  manifest: Manifest,
  diffIds: readonly Digest[],
): Promise<void> {
  for (const [i, descriptor] of manifest.layers.entries()) {
    await incoming.takeLayer({ path: blobPath(descriptor), diffId: diffIds[i]!, descriptor });
  }
}

/** Where a layout has a blob. */
export function blobPath(descriptor: Descriptor): string {
  return `blobs/sha256/${digestHex(descriptor.digest)}`;
}

/** A document of a layout, checked. @throws MilleError `digest-mismatch`, `image-invalid` */
export async function readBlob(source: ArchiveSource, descriptor: Descriptor): Promise<Uint8Array> {
  const path = blobPath(descriptor);
  const { bytes, digest } = await readDocument(source, path, LIMITS.manifest);
  if (digest !== descriptor.digest) throw mismatch(`'${path}'`, descriptor.digest, digest);
  return bytes;
}

/** Reads a manifest. @throws MilleError `digest-mismatch`, `image-invalid` */
export async function readManifestBlob(source: ArchiveSource, descriptor: Descriptor) {
  const manifestBytes = await readBlob(source, descriptor);
  return { manifestBytes, manifest: parseManifest(new TextDecoder().decode(manifestBytes)) };
}

const MAX_DEPTH = 4;

/**
 * The manifest for a platform: the descriptor itself, or the best of the index that it is, if it is one.
 * @throws MilleError `platform-unsupported`, `image-invalid`
 */
export async function choosePlatformIn(
  source: ArchiveSource,
  descriptor: Descriptor,
  options: {
    readonly platform: Platform;
    /** Whether the only image of an index has to be for that platform too. */
    readonly strict?: boolean;
    readonly depth?: number;
  },
): Promise<Descriptor> {
  if (!isIndexType(descriptor.mediaType)) return descriptor;
  const { platform, strict = false, depth = 0 } = options;
  if (depth === MAX_DEPTH) throw new MilleError('image-invalid', 'image indexes are nested too deeply');
  const index = parseIndex(new TextDecoder().decode(await readBlob(source, descriptor)));
  const present = presentImages(source, index.manifests);
  const matching = choosePlatform(present, (image) => image.platform, platform);
  const only = present.length === 1 && !(strict && present[0]?.platform) ? present[0] : undefined;
  const chosen = matching ?? only;
  if (chosen) return choosePlatformIn(source, chosen, { ...options, depth: depth + 1 });
  if (present.length === 0) {
    throw new MilleError('image-invalid', 'an image index is there, but none of its images', {
      hint: 'the archive is incomplete: save it again, with the platform wanted',
    });
  }
  const others = present.map((image) => (image.platform ? formatPlatform(image.platform) : 'unknown'));
  throw new MilleError(
    'platform-unsupported',
    `the image is for ${others.join(', ')}, not for ${formatPlatform(platform)}`,
  );
}

/** The name that an entry's annotations give. A tag alone, as umoci writes it, names no repository. */
export function nameOf({ annotations }: Descriptor): string | undefined {
  const full = annotations?.['io.containerd.image.name'];
  const reference = annotations?.['org.opencontainers.image.ref.name'];
  for (const name of [full, reference?.match(/[:/]/) ? reference : undefined]) {
    if (name === undefined) continue;
    try {
      return canonicalName(parseReference(name));
    } catch {
      // Not a name that Docker would know: the image can be used by its id.
    }
  }
  return undefined;
}
