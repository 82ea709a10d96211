// `mille save`: one tar that is at once a Docker archive (`manifest.json`) and an OCI layout (`index.json`), as
// current Docker writes it. Blobs stand once in it, whatever names and images share them. Deterministic: the same
// images and names give the same bytes.

import { type Digest, digestHex } from '../../../core/index.ts';
import { CWD, closeFd, O, openAt, writeAll } from '../../../sys/index.ts';
import { formatReference, MEDIA, parseReference } from '../../image/index.ts';
import { type ByteSink, type LayerSourceEntry, writeLayer } from '../../layer/index.ts';
import { mismatch } from '../blobs.ts';
import type { ImageDocuments } from '../images.ts';
import { indexDocument, LAYOUT_MARKER } from '../index-file.ts';
import type { Store } from '../store.ts';
import { blobsOf, type ImageToSave, indexEntries, mergeImages, usualImage } from './bundle.ts';
import { directoryMember, fileMember, textMember } from './members.ts';

/** Layers that a Docker archive may hold as they are: every Docker reads plain and gzip, few read zstd. */
export const DOCKER_READS: ReadonlySet<string> = new Set([
  MEDIA.layerTar,
  MEDIA.layerGzip,
  MEDIA.dockerLayerTar,
  MEDIA.dockerLayerGzip,
]);

/** How to save. */
export interface SaveOptions {
  /**
   * Whether layers that not every Docker can read are there uncompressed too. Where not, an archive with such a layer
   * is an OCI layout only.
   */
  readonly plainCopies?: boolean;
}

/**
 * Writes images as one archive to a sink, in one pass; every blob is hashed on the way.
 * @throws MilleError `image-missing`, `digest-mismatch`; what the sink throws
 */
export async function saveArchive(
  store: Store,
  images: readonly ImageToSave[],
  sink: ByteSink,
  options: SaveOptions = {},
): Promise<void> {
  const lock = store.lockShared();
  const temporary = store.makeTemporary('save');
  try {
    const merged = mergeImages(images);
    // Docker's own list knows one image under a name.
    const usual = merged.map((one) => ({ image: usualImage(one), names: one.names }));
    const forDocker = (options.plainCopies ?? true) || usual.every(dockerReads);
    const plain = forDocker ? await plainCopies(store, usual, temporary.path) : new Map<Digest, PlainCopy>();
    const members = new Map<string, LayerSourceEntry>();
    for (const digest of blobsOf(merged)) {
      const path = blobMember(digest);
      members.set(path, fileMember(path, store.blobPath(digest)));
    }
    for (const { member, file } of plain.values()) members.set(member, fileMember(member, file));
    const dockerManifest = usual.map((one) => dockerEntry(one, plain));
    const index = indexDocument(merged.flatMap(indexEntries));
    const sorted = [...members.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, member]) => member);
    const head = [
      textMember('oci-layout', LAYOUT_MARKER),
      textMember('index.json', index),
      ...(forDocker ? [textMember('manifest.json', JSON.stringify(dockerManifest))] : []),
      directoryMember('blobs'),
      directoryMember('blobs/sha256'),
      ...(plain.size > 0 ? [directoryMember('plain')] : []),
    ];
    const { toc } = await writeLayer([...head, ...sorted], sink);
    for (const { path, digest } of toc.entries) {
      const expected = path.startsWith('blobs/sha256/') ? `sha256:${path.slice(13)}` : undefined;
      if (digest && expected && digest !== expected) throw mismatch('a blob', expected as Digest, digest);
    }
  } finally {
    temporary.remove();
    lock.release();
  }
}

/** An image as Docker's list of images has it. */
interface DockerImage {
  readonly image: ImageDocuments;
  readonly names: readonly string[];
}

function dockerReads({ image }: DockerImage): boolean {
  return image.manifest.layers.every(({ mediaType }) => DOCKER_READS.has(mediaType));
}

/** The entry of an image in `manifest.json`. */
function dockerEntry({ image, names }: DockerImage, plain: ReadonlyMap<Digest, PlainCopy>) {
  const { manifest, config, imageId } = image;
  const layers = manifest.layers.map(
    ({ digest }, i) => plain.get(config.rootfs.diff_ids[i]!)?.member ?? blobMember(digest),
  );
  const tags = names.map((name) => formatReference(parseReference(name)));
  return { Config: blobMember(imageId), RepoTags: tags.length === 0 ? null : tags, Layers: layers };
}

function blobMember(digest: Digest): string {
  return `blobs/sha256/${digestHex(digest)}`;
}

interface PlainCopy {
  readonly file: string;
  readonly member: string;
}

/** Uncompressed copies of the layers that not every Docker could read, by diffID. */
async function plainCopies(
  store: Store,
  images: readonly DockerImage[],
  directory: string,
): Promise<ReadonlyMap<Digest, PlainCopy>> {
  const copies = new Map<Digest, PlainCopy>();
  for (const { image } of images) {
    for (const [i, { mediaType }] of image.manifest.layers.entries()) {
      const diffId = image.config.rootfs.diff_ids[i]!;
      if (DOCKER_READS.has(mediaType) || copies.has(diffId)) continue;
      const name = `${digestHex(diffId)}.tar`;
      const file = `${directory}/${name}`;
      await writeStream(file, store.streamLayer(diffId));
      copies.set(diffId, { file, member: `plain/${name}` });
    }
  }
  return copies;
}

async function writeStream(file: string, chunks: AsyncIterable<Uint8Array>): Promise<void> {
  const fd = openAt(CWD, file, { flags: O.WRONLY | O.CREAT | O.EXCL });
  try {
    for await (const chunk of chunks) writeAll(fd, chunk);
  } finally {
    closeFd(fd);
  }
}
