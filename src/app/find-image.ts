// Images as people name them: by a reference, by an id, or by the first digits of an id.

import { type Digest, isDigest, MilleError, suggest } from '../core/index.ts';
import {
  canonicalName,
  choosePlatform,
  familiarName,
  formatPlatform,
  formatReference,
  normalizePlatform,
  type Platform,
  parsePlatform,
  parseReference,
  platformDistance,
  type Reference,
} from '../oci/image/index.ts';
import { hostPlatform, type Store, type StoredIndex } from '../oci/store/index.ts';

/** An image that was found. */
export interface FoundImage {
  /** Of several platforms, the one for this machine or else the first. */
  readonly manifestDigest: Digest;
  /** What was found, where it is an image of several platforms. */
  readonly index?: StoredIndex;
  /** The canonical name by which it was found; absent where it was an id or a digest. */
  readonly name?: string;
}

/**
 * Finds an image as Docker does: a whole id first, then a name, then the beginning of an id.
 * @throws MilleError `image-missing`, with near names; `reference-invalid`
 */
export function findImage(store: Store, text: string): FoundImage {
  const found = lookUpImage(store, text);
  if (found) return found;
  throw missing(store, text);
}

/** Like `findImage`; undefined where there is no such image. */
export function lookUpImage(store: Store, text: string): FoundImage | undefined {
  if (/^(sha256:)?[0-9a-f]{64}$/.test(text)) return byId(store, text);
  const reference = parse(store, text);
  if ('found' in reference) return reference.found;
  if (reference.digest) return byId(store, reference.digest);
  const name = canonicalName(reference);
  const named = store.resolveName(name);
  if (!named) return byId(store, text);
  const digest = store.indexOf(name);
  const index = digest && readableIndex(store, digest);
  return { manifestDigest: named, name, ...(index ? { index } : {}) };
}

function byId(store: Store, text: string): FoundImage | undefined {
  const whole = text.startsWith('sha256:') ? text : `sha256:${text}`;
  const index = isDigest(whole) ? readableIndex(store, whole) : undefined;
  if (index) return { manifestDigest: index.usual, index };
  const manifestDigest = store.findById(text);
  return manifestDigest && { manifestDigest };
}

/** A damaged index keeps nobody from its images. */
function readableIndex(store: Store, digest: Digest): StoredIndex | undefined {
  try {
    return store.index(digest);
  } catch (error) {
    if (error instanceof MilleError) return undefined;
    throw error;
  }
}

/**
 * The image of what was found that serves for a platform, or undefined. What an index says of its images counts, not
 * what they say of themselves.
 */
export function imageFor(store: Store, found: FoundImage, platform: Platform): Digest | undefined {
  if (found.index) {
    return choosePlatform(found.index.members, (member) => member.platform, platform)?.manifestDigest;
  }
  const { config } = store.image(found.manifestDigest);
  return platformDistance(config, platform) === undefined ? undefined : found.manifestDigest;
}

/** The manifests that are meant: of an index those that are here, or the one for a platform. */
export function manifestsMeant(
  { index, manifestDigest }: FoundImage,
  platform: string | undefined,
): readonly Digest[] {
  if (!index || platform !== undefined) return [manifestDigest];
  return index.members.map((member) => member.manifestDigest);
}

/** What an image is for: `linux/amd64, linux/arm64`. */
export function platformsOf(store: Store, { index, manifestDigest }: FoundImage): string {
  const platforms = index?.members.map((member) => member.platform) ?? [store.image(manifestDigest).config];
  return platforms.map((platform) => formatPlatform(normalizePlatform(platform))).join(', ');
}

/**
 * Finds an image for a platform, as written; for the machine's own, or else any, where none is asked for.
 * @throws MilleError `image-missing`, `reference-invalid`, `platform-unsupported`
 */
export function findImageFor(store: Store, text: string, platform: string | undefined): FoundImage {
  const found = findImage(store, text);
  if (platform === undefined) return found;
  const wanted = parsePlatform(platform, hostPlatform());
  const manifestDigest = imageFor(store, found, wanted);
  if (manifestDigest) return { ...found, manifestDigest };
  throw new MilleError(
    'platform-unsupported',
    `the image ${text} is for ${platformsOf(store, found)}, not for ${formatPlatform(wanted)}`,
    { hint: 'leave out --platform, or load the image for that platform' },
  );
}

/** `sha256:` and a few digits may be more than a tag can hold, and is an id all the same. */
function parse(store: Store, text: string): Reference | { readonly found: FoundImage } {
  try {
    return parseReference(text);
  } catch (error) {
    const found = byId(store, text);
    if (found) return { found };
    throw error;
  }
}

const SHOWN = 5;

function missing(store: Store, text: string): MilleError {
  const names = store.imageEntries().flatMap((image) => image.names.map((name) => parseReference(name)));
  const wanted = /^sha256:/.test(text) ? text : formatReference(parseReference(text));
  return new MilleError('image-missing', `no such image: ${text}`, {
    hint: hintFor(text, wanted, names),
  });
}

function hintFor(text: string, wanted: string, names: readonly Reference[]): string {
  const repository = wanted.replace(/[:@].*$/, '');
  const sameName = names.filter((name) => familiarName(name) === repository).map(formatReference);
  const near = suggest(text, names.map(familiarName)) ?? suggest(wanted, names.map(formatReference));
  if (sameName.length > 0) return `there is ${sameName.slice(0, SHOWN).join(', ')}`;
  if (near !== undefined) return `did you mean ${near}?`;
  const bring = 'bring it with `mille load -i ARCHIVE`, or make one from packages with `mille bootstrap`';
  return names.length === 0 ? bring : `${bring}; \`mille images\` lists what there is`;
}
