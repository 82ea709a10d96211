// What belongs to an image: its manifests, those of an index before the index itself, and the blobs that they name.

import { type Digest, LIMITS, MilleError } from '../../core/index.ts';
import {
  chooseImage,
  type Descriptor,
  formatPlatform,
  forOthers,
  isIndexType,
  type Platform,
  parseConfig,
  parseIndex,
  parseManifest,
  platformDistance,
  type RawDocument,
} from '../../oci/image/index.ts';
import { readConfig } from '../../oci/registry/index.ts';
import { type CopySource, mediaTypeOf } from './source.ts';

/** All that is copied. */
export interface CopyDocuments {
  readonly root: RawDocument;
  /** What stands in an index, each before what names it. */
  readonly members: readonly RawDocument[];
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
  const members = new Map<Digest, RawDocument>();
  const blobs = new Map<Digest, Descriptor>();
  const foreign = new Map<Digest, Descriptor>();
  let total = 0;
  const visit = async (document: RawDocument, depth: number): Promise<void> => {
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

function documentOf(bytes: Uint8Array, digest: Digest, mediaType = mediaTypeOf(bytes)): RawDocument {
  return { digest, mediaType, size: bytes.length, bytes };
}

async function readMember(source: CopySource, entry: Descriptor): Promise<RawDocument> {
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
  document: RawDocument,
  platform: Platform,
  depth = 0,
): Promise<RawDocument> {
  const text = new TextDecoder().decode(document.bytes);
  if (!isIndexType(document.mediaType)) {
    if (depth === 0) await checkPlatform(source, parseManifest(text).config, platform);
    return document;
  }
  if (depth === MAX_DEPTH)
    throw new MilleError('image-invalid', `${source.shown}: image indexes are nested too deeply`);
  const chosen = chooseImage(parseIndex(text), platform, { shown: source.shown, hint: HINT });
  return chooseMember(source, await readMember(source, chosen), platform, depth + 1);
}

const HINT = 'leave out --platform to copy what is there';

async function checkPlatform(source: CopySource, blob: Descriptor, platform: Platform): Promise<void> {
  const found = parseConfig(new TextDecoder().decode(await readConfig(source, blob)));
  if (platformDistance(found, platform) === undefined)
    throw forOthers([found], platform, { shown: source.shown, hint: HINT });
}

function tooMuch(source: CopySource, what: string): MilleError {
  return new MilleError('image-invalid', `${source.shown} has ${what}`);
}

/** Whether a layer is said to lie elsewhere. Its addresses are the image's to choose, so nobody here asks them. */
function isForeign({ mediaType }: Descriptor): boolean {
  return /\.(?:foreign|nondistributable)\./.test(mediaType);
}
