// A cache opened to be read: its document, and how its blobs are reached. Nothing of a layer is read here.

import { type Digest, LIMITS, MilleError } from '../../core/index.ts';
import {
  chooseImage,
  type Descriptor,
  type Index,
  isIndexText,
  type Manifest,
  type Platform,
  parseConfig,
  parseIndex,
  parseManifest,
} from '../../oci/image/index.ts';
import { sha256 } from '../../sys/index.ts';
import { damaged, parseDocument, parseDocumentText, TRAVEL_LIMITS, type TravelDocument } from './document.ts';
import { INLINE_KEY, TRAVEL_MEDIA } from './media.ts';
import type { ReadingPlace } from './place.ts';

/** A cache from elsewhere. */
export interface OpenedCache {
  readonly place: ReadingPlace;
  readonly document: TravelDocument;
  /** The blobs that its manifest names, by digest. */
  readonly blobs: ReadonlyMap<Digest, Descriptor>;
  /** A small blob, whole and checked. @throws MilleError `digest-mismatch`, `image-invalid` above `limit` */
  read(digest: Digest, limit: number): Promise<Uint8Array>;
}

/**
 * Opens the cache at a place: one of its own, or those of images, of which several platforms have one each.
 * @param platforms which of them are wanted
 * @throws MilleError `image-missing`, `image-invalid`, `digest-mismatch`, `platform-unsupported` where it has none of
 * them; those of the way
 */
export async function openTravelCaches(
  place: ReadingPlace,
  platforms: readonly Platform[],
): Promise<readonly OpenedCache[]> {
  const opened: OpenedCache[] = [];
  for (const manifest of await findManifests(place, platforms)) opened.push(await openOne(place, manifest));
  return opened;
}

async function openOne(place: ReadingPlace, manifest: Manifest): Promise<OpenedCache> {
  const blobs = new Map(manifest.layers.map((layer) => [layer.digest, layer]));
  const read = async (digest: Digest, limit: number) => {
    const descriptor = digest === manifest.config.digest ? manifest.config : blobs.get(digest);
    if (!descriptor) throw damaged(`its manifest does not name the blob ${digest}`);
    return await readBlob(place, descriptor, limit);
  };
  const own = manifest.config.mediaType === TRAVEL_MEDIA.document;
  const bytes = await read(manifest.config.digest, own ? TRAVEL_LIMITS.document : LIMITS.manifest);
  const text = new TextDecoder().decode(bytes);
  const document = own ? parseDocumentText(text) : inlineDocument(place, text, manifest);
  return { place, document, blobs, read };
}

async function findManifests(place: ReadingPlace, platforms: readonly Platform[]): Promise<Manifest[]> {
  const text = new TextDecoder().decode(await place.manifest());
  if (text.includes('application/vnd.buildkit.cacheconfig.')) throw ofBuildKit(place);
  if (!isIndexText(text)) return [parseManifest(text)];
  const manifests: Manifest[] = [];
  for (const digest of chooseImages(place, parseIndex(text), platforms))
    manifests.push(parseManifest(new TextDecoder().decode(await place.manifest(digest))));
  return manifests;
}

/** Those of an index that are wanted and there: platforms may be built for that were not then. */
function chooseImages(
  { name: shown }: ReadingPlace,
  index: Index,
  platforms: readonly Platform[],
): ReadonlySet<Digest> {
  const found = new Set<Digest>();
  let missing: unknown;
  for (const platform of platforms) {
    try {
      found.add(chooseImage(index, platform, { shown }).digest);
    } catch (error) {
      missing ??= error;
    }
  }
  if (found.size === 0) throw missing;
  return found;
}

function ofBuildKit({ name }: ReadingPlace): MilleError {
  return new MilleError('image-invalid', `the cache in ${name} was written by BuildKit`, {
    hint: 'mille reads only what mille wrote: give each builder a tag of its own',
  });
}

/** The cache that an image carries. Its layers are those of the image. */
function inlineDocument(place: ReadingPlace, text: string, manifest: Manifest): TravelDocument {
  const config = parseConfig(text);
  const value = (config as unknown as Readonly<Record<string, unknown>>)[INLINE_KEY];
  if (value === undefined) {
    throw new MilleError('image-invalid', `${place.name} is an image that carries no cache`, {
      hint: '--cache-to type=inline puts one into an image that mille builds',
    });
  }
  const document = parseDocument(value);
  const carriers = new Map(config.rootfs.diff_ids.map((diffId, i) => [diffId, manifest.layers[i]?.digest]));
  const layers = document.layers.map(({ blob: _, table: __, ...layer }) => {
    const blob = carriers.get(layer.diffId);
    return blob === undefined ? layer : { ...layer, blob };
  });
  return { version: document.version, layers, records: document.records };
}

async function readBlob(place: ReadingPlace, descriptor: Descriptor, limit: number): Promise<Uint8Array> {
  const { digest, size } = descriptor;
  if (size > limit) throw damaged(`${digest} has more than ${limit} bytes`);
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of place.stream(descriptor)) {
    length += chunk.length;
    if (length > size) throw damaged(`${digest} has more than its ${size} bytes`);
    chunks.push(chunk.slice());
  }
  const bytes = Buffer.concat(chunks);
  const actual = sha256(bytes);
  if (actual === digest) return bytes;
  throw new MilleError('digest-mismatch', `${place.name}: a blob should be ${digest} but is ${actual}`, {
    hint: 'it is damaged, or somebody on the way changed it',
  });
}
