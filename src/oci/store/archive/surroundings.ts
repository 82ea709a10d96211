// What lies beside an image of an archive or a layout: the way to it is gone once more, from `index.json` on.

import { type Digest, LIMITS } from '../../../core/index.ts';
import {
  type Descriptor,
  type ImageSurroundings,
  type Index,
  isIndexType,
  type Manifest,
  parseIndex,
  surroundingsOf,
} from '../../image/index.ts';
import { blobPath, readBlob, readManifestBlob } from './load-oci.ts';
import { type ArchiveSource, readDocument } from './source.ts';

/** An image, and where the search for it began. */
export interface ArchivedWay {
  /** What was asked for: the manifest itself, or an index that leads to it. */
  readonly root: Descriptor;
  readonly manifestDigest: Digest;
  readonly manifest: Manifest;
}

/** Looks at it. @throws MilleError `image-invalid`, `digest-mismatch`, `archive-limit` */
export async function archivedSurroundings(
  source: ArchiveSource,
  { root, manifestDigest, manifest }: ArchivedWay,
): Promise<ImageSurroundings> {
  const outermost = source.size('index.json') === undefined ? [] : [await readOutermost(source)];
  return await surroundingsOf({
    ...{ manifestDigest, manifest },
    indexes: [...outermost, ...(await indexesTo(source, root, manifestDigest))],
    readManifest: async (descriptor) =>
      isThere(source, descriptor) ? (await readManifestBlob(source, descriptor)).manifest : undefined,
    openBlob: (blob) => (isThere(source, blob) ? () => source.stream(blobPath(blob)) : undefined),
  });
}

function isThere(source: ArchiveSource, descriptor: Descriptor): boolean {
  return source.size(blobPath(descriptor)) !== undefined;
}

async function readOutermost(source: ArchiveSource): Promise<Index> {
  const { bytes } = await readDocument(source, 'index.json', LIMITS.manifest);
  return parseIndex(new TextDecoder().decode(bytes));
}

const MOST_DEPTH = 4;

/** The indexes from one down to the one that has the image. */
async function indexesTo(
  source: ArchiveSource,
  descriptor: Descriptor,
  image: Digest,
  depth = 0,
): Promise<readonly Index[]> {
  if (!isIndexType(descriptor.mediaType) || !isThere(source, descriptor) || depth === MOST_DEPTH) return [];
  const index = parseIndex(new TextDecoder().decode(await readBlob(source, descriptor)));
  if (index.manifests.some(({ digest }) => digest === image)) return [index];
  for (const entry of index.manifests) {
    const below = await indexesTo(source, entry, image, depth + 1);
    if (below.length > 0) return [index, ...below];
  }
  return [];
}
