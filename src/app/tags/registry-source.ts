// What a registry tells of tags only through their images: digests, platforms, sizes, times. It is asked about those
// tags only that are going to be shown.

import { MilleError } from '../../core/index.ts';
import type { DecodedTag } from '../../insight/tags/index.ts';
import {
  choosePlatform,
  type Descriptor,
  formatPlatform,
  type ImageConfig,
  isImageEntry,
  isIndexText,
  type Manifest,
  normalizePlatform,
  type Platform,
  parseConfig,
  parseIndex,
  parseManifest,
} from '../../oci/image/index.ts';
import { type RemoteDocument, type Repository, readConfig } from '../../oci/registry/index.ts';
import type { LearntTag } from './rows.ts';
import type { TagImage } from './types.ts';

const AT_ONCE = 6;
/** Images asked about for each that is shown, as most have several names. */
const NAMES_AN_IMAGE = 8;
const MOST = 1000;

/** What was learnt, and how many of the tags nothing was asked about. */
export interface Learnt {
  readonly tags: readonly LearntTag[];
  readonly left: number;
}

/**
 * Asks about tags in their order, until `limit` images are known.
 * @throws MilleError as a repository does, but for tags that are gone, or hold what cannot be read
 */
export async function learnOfRegistry(
  repository: Repository,
  tags: readonly DecodedTag[],
  { platform, limit }: { readonly platform: Platform; readonly limit: number },
): Promise<Learnt> {
  const images = new Map<string, Promise<Described>>();
  const most = Math.min(MOST, limit * NAMES_AN_IMAGE);
  const learnt: LearntTag[] = [];
  let at = 0;
  while (at < tags.length && at < most && images.size < limit) {
    const some = tags.slice(at, at + AT_ONCE);
    const found = await Promise.all(some.map((tag) => learn(repository, tag, { platform, images })));
    learnt.push(...found);
    at += some.length;
  }
  return { tags: learnt, left: tags.length - at };
}

interface Described {
  readonly images: readonly TagImage[];
  readonly time?: string;
}

async function learn(
  repository: Repository,
  tag: DecodedTag,
  of: { readonly platform: Platform; readonly images: Map<string, Promise<Described>> },
): Promise<LearntTag> {
  try {
    const root = await repository.manifest(tag.tag);
    const known = of.images.get(root.digest) ?? describe(repository, root, of.platform);
    of.images.set(root.digest, known);
    return { tag, digest: root.digest, ...(await known) };
  } catch (error) {
    const unreadable = error instanceof MilleError && ['image-missing', 'image-invalid'].includes(error.code);
    if (unreadable) return { tag, images: [] };
    throw error;
  }
}

async function describe(
  repository: Repository,
  root: RemoteDocument,
  platform: Platform,
): Promise<Described> {
  const text = new TextDecoder().decode(root.bytes);
  if (!isIndexText(text)) {
    const manifest = parseManifest(text);
    const config = await configOf(repository, manifest.config);
    const image = {
      platform: formatPlatform(normalizePlatform(config ?? platform)),
      bytes: bytesOf(manifest),
      digest: root.digest,
    };
    return { images: [image], ...timeOf(config) };
  }
  const entries = parseIndex(text).manifests.filter(isImageEntry).slice(0, 200);
  const chosen = choosePlatform(entries, (entry) => entry.platform, platform) ?? entries[0];
  const document = chosen && (await repository.manifest(chosen.digest));
  const manifest = document && parseManifest(new TextDecoder().decode(document.bytes));
  const config = manifest && (await configOf(repository, manifest.config));
  const images = entries.map((entry) => ({
    platform: entry.platform ? formatPlatform(normalizePlatform(entry.platform)) : 'unknown/unknown',
    digest: entry.digest,
    ...(entry === chosen && manifest ? { bytes: bytesOf(manifest) } : {}),
  }));
  return { images, ...timeOf(config) };
}

function bytesOf({ layers }: Manifest): number {
  return layers.reduce((sum, { size }) => sum + size, 0);
}

/** The platform and the time of an image; undefined for artifacts that are no images. */
async function configOf(repository: Repository, config: Descriptor): Promise<ImageConfig | undefined> {
  try {
    return parseConfig(new TextDecoder().decode(await readConfig(repository, config)));
  } catch (error) {
    const unreadable =
      error instanceof MilleError && ['image-invalid', 'digest-mismatch'].includes(error.code);
    if (unreadable) return undefined;
    throw error;
  }
}

function timeOf(config: { readonly created?: string } | undefined) {
  return config?.created === undefined ? {} : { time: config.created };
}
