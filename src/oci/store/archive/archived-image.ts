// One image of an archive, or of a directory that is an OCI layout, to be looked into where it lies: its documents are
// read and checked at once, its layers when somebody asks for them.

import { type Digest, MilleError } from '../../../core/index.ts';
import { type Compression, createHasher, sniffCompression } from '../../../sys/index.ts';
import {
  type Descriptor,
  formatPlatform,
  type ImageConfig,
  type ImageSurroundings,
  isIndexType,
  MEDIA,
  noImageButCache,
  normalizePlatform,
  type Platform,
  parseConfig,
  parseIndex,
  platformDistance,
} from '../../image/index.ts';
import { hostPlatform } from '../host-platform.ts';
import { readArchivedCache } from './archived-cache.ts';
import { type ArchiveCandidate, chooseCandidate } from './candidates.ts';
import { type DockerEntry, readDockerConfig } from './load-docker.ts';
import { blobPath, choosePlatformIn, presentImages, readBlob, readManifestBlob } from './load-oci.ts';
import { type ArchiveSource, openSource } from './source.ts';
import { archivedSurroundings } from './surroundings.ts';

/** Which image of an archive. */
export interface ArchiveChoice {
  /** A name, or a tag, as the archive has it; needed only where there are several images. */
  readonly name?: string;
  /** Of a manifest, an index or a config; wins over the name. */
  readonly digest?: Digest;
  /** Of several platforms: this one, or else that of the machine, or else the first. */
  readonly platform?: Platform;
  /** Whether a cache of builds is welcome as well. */
  readonly caches?: boolean;
}

/** A layer as it lies in an archive. */
export interface ArchivedLayer {
  readonly diffId: Digest;
  readonly blob: Descriptor;
  /** Its bytes, unchecked. */
  open(): AsyncIterable<Uint8Array>;
}

/** An image that was found. */
export interface ArchivedImage {
  readonly config: ImageConfig;
  /** The digest of the config. */
  readonly imageId: Digest;
  /** Absent in archives of Docker's own form. */
  readonly manifestDigest?: Digest;
  /** A name that it has there, canonical. */
  readonly name?: string;
  readonly layers: readonly ArchivedLayer[];
  readonly isCache?: true;
  /** What lies beside it; absent in archives of Docker's own form. */
  surroundings?(): Promise<ImageSurroundings>;
  close(): void;
}

/**
 * Finds an image of an archive.
 * @param input a path (absolute), a descriptor, or a stream
 * @param tmpDir where what is compressed or no file is written to a file without a name
 * @throws MilleError `image-missing`, `image-invalid`, `platform-unsupported`, `digest-mismatch`, `archive-broken`,
 *   `archive-escape`, `archive-limit`
 */
export async function openArchivedImage(
  input: string | number | AsyncIterable<Uint8Array>,
  tmpDir: string,
  choice: ArchiveChoice = {},
): Promise<ArchivedImage> {
  const source = await openSource(input, tmpDir);
  try {
    const candidate = await chooseCandidate(source, choice);
    const image = await readCandidate(source, candidate, choice);
    if (choice.platform && !image.isCache) checkPlatform(image.config, choice.platform);
    return { ...image, ...nameOf(candidate), close: () => source.close() };
  } catch (error) {
    source.close();
    throw error;
  }
}

function nameOf({ names }: ArchiveCandidate): { readonly name?: string } {
  return names[0] === undefined ? {} : { name: names[0] };
}

async function readCandidate(
  source: ArchiveSource,
  { where }: ArchiveCandidate,
  { platform, caches }: ArchiveChoice,
): Promise<Found> {
  if ('entry' in where) return await readDockerImage(source, where.entry);
  try {
    return await readLayoutImage(source, where.descriptor, platform);
  } catch (error) {
    const mayBeCache =
      error instanceof MilleError && ['image-invalid', 'platform-unsupported'].includes(error.code);
    const cache = mayBeCache ? await readArchivedCache(source, where.descriptor) : undefined;
    if (!cache) throw error;
    if (caches !== true) throw noImageButCache();
    return cache;
  }
}

function checkPlatform(config: ImageConfig, wanted: Platform): void {
  if (platformDistance(config, wanted) !== undefined) return;
  const there = formatPlatform(normalizePlatform(config));
  throw new MilleError(
    'platform-unsupported',
    `the image is for ${there}, not for ${formatPlatform(wanted)}`,
    {
      hint: 'leave --platform out to look at what is there',
    },
  );
}

type Found = Omit<ArchivedImage, 'close' | 'name'>;

async function readLayoutImage(
  source: ArchiveSource,
  descriptor: Descriptor,
  platform: Platform | undefined,
): Promise<Found> {
  const chosen = await choosePresent(source, descriptor, platform);
  const { manifest } = await readManifestBlob(source, chosen);
  const config = parseConfig(new TextDecoder().decode(await readBlob(source, manifest.config)));
  const diffIds = config.rootfs.diff_ids;
  if (diffIds.length !== manifest.layers.length) {
    throw new MilleError(
      'image-invalid',
      `a manifest has ${manifest.layers.length} layers, its config ${diffIds.length}`,
    );
  }
  return {
    ...{ config, imageId: manifest.config.digest, manifestDigest: chosen.digest },
    layers: manifest.layers.map((blob, i) => ({
      diffId: diffIds[i]!,
      blob,
      open: () => source.stream(blobPath(blob)),
    })),
    surroundings: () =>
      archivedSurroundings(source, { root: descriptor, manifestDigest: chosen.digest, manifest }),
  };
}

/** Where nobody asked for a platform, and that of the machine is not there, any is better than none. */
async function choosePresent(
  source: ArchiveSource,
  descriptor: Descriptor,
  platform: Platform | undefined,
): Promise<Descriptor> {
  try {
    return await choosePlatformIn(source, descriptor, {
      platform: platform ?? hostPlatform(),
      strict: platform !== undefined,
    });
  } catch (error) {
    const isOther = error instanceof MilleError && error.code === 'platform-unsupported';
    if (!isOther || platform) throw error;
    const { manifests } = parseIndex(new TextDecoder().decode(await readBlob(source, descriptor)));
    const first = presentImages(source, manifests).find(({ mediaType }) => !isIndexType(mediaType));
    if (!first) throw error;
    return first;
  }
}

async function readDockerImage(source: ArchiveSource, entry: DockerEntry): Promise<Found> {
  const { config, digest } = await readDockerConfig(source, entry);
  const layers: ArchivedLayer[] = [];
  for (const [i, diffId] of config.rootfs.diff_ids.entries()) {
    const path = entry.layers[i]!;
    const blob = await describeLayer(source, { path, diffId });
    layers.push({ diffId, blob, open: () => source.stream(path) });
  }
  return { config, imageId: digest, layers };
}

const MEDIA_OF: Readonly<Record<Compression, string>> = {
  none: MEDIA.layerTar,
  gzip: MEDIA.layerGzip,
  zstd: MEDIA.layerZstd,
  // There is no media type for these; what reads them looks at the bytes.
  bzip2: MEDIA.layerTar,
  xz: MEDIA.layerTar,
};

/** Docker's archives do not describe their layers. A plain one has the digest of the layer; others are read for it. */
async function describeLayer(
  source: ArchiveSource,
  { path, diffId }: { readonly path: string; readonly diffId: Digest },
): Promise<Descriptor> {
  let format: Compression | undefined;
  let size = 0;
  const hasher = createHasher();
  for await (const chunk of source.stream(path)) {
    format ??= sniffCompression(chunk);
    if (format === 'none') break;
    size += chunk.length;
    hasher.update(chunk);
  }
  if (format === undefined || format === 'none')
    return { mediaType: MEDIA.layerTar, digest: diffId, size: source.size(path) ?? 0 };
  return { mediaType: MEDIA_OF[format], digest: hasher.digest(), size };
}
