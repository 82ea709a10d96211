// What belongs to an image: its manifests, those of an index before the index itself, and the blobs that they name.

import { type Digest, LIMITS, MilleError } from '../../core/index.ts';
import {
  choosePlatform,
  type Descriptor,
  formatPlatform,
  isImageEntry,
  isIndexType,
  type Platform,
  parseConfig,
  parseIndex,
  parseManifest,
  platformDistance,
} from '../../oci/image/index.ts';
import { readSmallBlob } from '../../oci/registry/index.ts';
import { type CopySource, mediaTypeOf } from './source.ts';

/** A manifest or an index. */
export interface CopyDocument {
  readonly digest: Digest;
  readonly mediaType: string;
  readonly size: number;
  readonly bytes: Uint8Array;
}

/** All that is copied. */
export interface CopyDocuments {
  readonly root: CopyDocument;
  /** What stands in an index, each before what names it. */
  readonly members: readonly CopyDocument[];
  /** Each once. */
  readonly blobs: readonly Descriptor[];
  /** Layers that lie with somebody else, by the image's own word. They are not copied. */
  readonly foreign: readonly Descriptor[];
}

const MAX_DEPTH = 4;
/** More than any tool makes. */
const MAX_MEMBERS = 1000;

/**
 * Reads the documents of an image.
 * @param platform of several platforms only the image for this one, and nothing beside it
 * @param strict whether an image that is not one of several has to be for that platform too
 * @throws MilleError `image-missing` where an index names what is not there; `platform-unsupported`, `image-invalid`
 */
export async function readDocuments(
  source: CopySource,
  { platform, strict = true }: { readonly platform?: Platform; readonly strict?: boolean },
): Promise<CopyDocuments> {
  const found = await source.root();
  const root = documentOf(found.bytes, found.digest, found.mediaType);
  const chosen =
    platform && (strict || isIndexType(root.mediaType)) ? await chooseMember(source, root, platform) : root;
  const members = new Map<Digest, CopyDocument>();
  const blobs = new Map<Digest, Descriptor>();
  const foreign = new Map<Digest, Descriptor>();
  let total = 0;
  const visit = async (document: CopyDocument, depth: number): Promise<void> => {
    total += document.size;
    if (total > LIMITS.documents) throw tooMuch(source, `manifests of more than ${LIMITS.documents} bytes`);
    const text = new TextDecoder().decode(document.bytes);
    if (!isIndexType(document.mediaType)) {
      const { config, layers } = parseManifest(text);
      for (const blob of [config, ...layers]) (isForeign(blob) ? foreign : blobs).set(blob.digest, blob);
      return;
    }
    if (depth === MAX_DEPTH)
      throw new MilleError('image-invalid', `${source.shown}: image indexes are nested too deeply`);
    for (const entry of parseIndex(text).manifests) {
      if (members.has(entry.digest)) continue;
      if (members.size === MAX_MEMBERS) throw tooMuch(source, `more than ${MAX_MEMBERS} manifests`);
      const member = await readMember(source, entry);
      await visit(member, depth + 1);
      members.set(member.digest, member);
    }
  };
  await visit(chosen, 0);
  return {
    root: chosen,
    members: [...members.values()],
    blobs: [...blobs.values()],
    foreign: [...foreign.values()],
  };
}

function documentOf(bytes: Uint8Array, digest: Digest, mediaType = mediaTypeOf(bytes)): CopyDocument {
  return { digest, mediaType, size: bytes.length, bytes };
}

async function readMember(source: CopySource, entry: Descriptor): Promise<CopyDocument> {
  const bytes = await source.document(entry);
  if (!bytes) {
    const what = entry.platform ? `the image for ${formatPlatform(entry.platform)}` : entry.digest;
    throw new MilleError('image-missing', `${source.shown} names ${what}, and does not hold it`, {
      hint: 'copy one that is there, with --platform',
    });
  }
  if (bytes.length === entry.size) return documentOf(bytes, entry.digest, entry.mediaType);
  throw new MilleError(
    'digest-mismatch',
    `${source.shown}: the manifest ${entry.digest} should have ${entry.size} bytes but has ${bytes.length}`,
  );
}

/** The image of an index for a platform; an image that is not of an index has to be for it. */
async function chooseMember(
  source: CopySource,
  document: CopyDocument,
  platform: Platform,
  depth = 0,
): Promise<CopyDocument> {
  const text = new TextDecoder().decode(document.bytes);
  if (!isIndexType(document.mediaType)) {
    if (depth === 0) await checkPlatform(source, parseManifest(text).config, platform);
    return document;
  }
  if (depth === MAX_DEPTH)
    throw new MilleError('image-invalid', `${source.shown}: image indexes are nested too deeply`);
  const images = parseIndex(text).manifests.filter(isImageEntry);
  const chosen = choosePlatform(images, (entry) => entry.platform, platform);
  if (chosen) return chooseMember(source, await readMember(source, chosen), platform, depth + 1);
  const others = images.map((entry) => (entry.platform ? formatPlatform(entry.platform) : 'unknown'));
  throw notFor(source, others.join(', '), platform);
}

async function checkPlatform(source: CopySource, config: Descriptor, platform: Platform): Promise<void> {
  if (config.size > LIMITS.manifest) throw tooMuch(source, `a config of ${config.size} bytes`);
  const found = parseConfig(new TextDecoder().decode(await readSmallBlob(source, config)));
  if (platformDistance(found, platform) === undefined) throw notFor(source, formatPlatform(found), platform);
}

function notFor(source: CopySource, found: string, wanted: Platform): MilleError {
  return new MilleError(
    'platform-unsupported',
    `${source.shown} is for ${found}, not for ${formatPlatform(wanted)}`,
    { hint: 'leave out --platform to copy what is there' },
  );
}

function tooMuch(source: CopySource, what: string): MilleError {
  return new MilleError('image-invalid', `${source.shown} has ${what}`);
}

/** Whether a layer is said to lie elsewhere. Its addresses are the image's to choose, so nobody here asks them. */
function isForeign({ mediaType }: Descriptor): boolean {
  return /\.(?:foreign|nondistributable)\./.test(mediaType);
}
