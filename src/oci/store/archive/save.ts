// `mille save`: one tar that is at once a Docker archive (`manifest.json`) and an OCI layout (`index.json`), as
// current Docker writes it. Blobs stand once in it, whatever names and images share them. Deterministic: the same
// images and names give the same bytes.

import { type Digest, digestHex, displayPath } from '../../../core/index.ts';
import { CWD, closeFd, O, openAt, openForReading, readInto, statAt, writeAll } from '../../../sys/index.ts';
import { formatReference, MEDIA, parseReference } from '../../image/index.ts';
import { type ByteSink, type LayerSourceEntry, writeLayer } from '../../layer/index.ts';
import { mismatch } from '../blobs.ts';
import type { StoredImage } from '../images.ts';
import { type IndexEntry, indexDocument, LAYOUT_MARKER } from '../index-file.ts';
import type { Store } from '../store.ts';

/** An image to be saved, under canonical names (none: it can be loaded by its id only). */
export interface ImageToSave {
  readonly manifestDigest: Digest;
  readonly names: readonly string[];
  /** Of its entry in the index, beside its name. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** Layers that a Docker archive may hold as they are: every Docker reads plain and gzip, few read zstd. */
const DOCKER_READS: ReadonlySet<string> = new Set([
  MEDIA.layerTar,
  MEDIA.layerGzip,
  MEDIA.dockerLayerTar,
  MEDIA.dockerLayerGzip,
]);

/**
 * Writes images as one archive to a sink, in one pass; every blob is hashed on the way.
 * @throws MilleError `image-missing`, `digest-mismatch`; what the sink throws
 */
export async function saveArchive(
  store: Store,
  images: readonly ImageToSave[],
  sink: ByteSink,
): Promise<void> {
  const lock = store.lockShared();
  const temporary = store.makeTemporary('save');
  try {
    const loaded = merge(images).map(({ manifestDigest, ...rest }) => ({
      image: store.image(manifestDigest),
      ...rest,
    }));
    const plain = await plainCopies(
      store,
      loaded.map(({ image }) => image),
      temporary.path,
    );
    const members = new Map<string, LayerSourceEntry>();
    const blob = (digest: Digest) => {
      const path = `blobs/sha256/${digestHex(digest)}`;
      members.set(path, fileMember(path, store.blobPath(digest)));
      return path;
    };
    const dockerManifest = loaded.map(({ image, names }) => {
      blob(image.manifestDigest);
      const layers = image.manifest.layers.map(({ digest }, i) => {
        const path = blob(digest);
        const copy = plain.get(image.config.rootfs.diff_ids[i]!);
        if (!copy) return path;
        members.set(copy.member, fileMember(copy.member, copy.file));
        return copy.member;
      });
      const tags = names.map((name) => formatReference(parseReference(name)));
      return { Config: blob(image.imageId), RepoTags: tags.length === 0 ? null : tags, Layers: layers };
    });
    const index = indexDocument(loaded.flatMap(indexEntries));
    const sorted = [...members.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, member]) => member);
    const head = [
      textMember('oci-layout', LAYOUT_MARKER),
      textMember('index.json', index),
      textMember('manifest.json', JSON.stringify(dockerManifest)),
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

/** Each image once, in the order given, with all its names. */
function merge(images: readonly ImageToSave[]): ImageToSave[] {
  const merged = new Map<Digest, ImageToSave>();
  for (const { manifestDigest, names, annotations } of images) {
    const known = merged.get(manifestDigest);
    merged.set(manifestDigest, {
      manifestDigest,
      names: [...new Set([...(known?.names ?? []), ...names])].sort(),
      annotations: { ...known?.annotations, ...annotations },
    });
  }
  return [...merged.values()];
}

function indexEntries({
  image,
  names,
  annotations = {},
}: {
  readonly image: StoredImage;
  readonly names: readonly string[];
  readonly annotations?: ImageToSave['annotations'];
}): IndexEntry[] {
  const entry = {
    manifest: image.manifestDigest,
    mediaType: image.mediaType,
    size: image.manifestBytes.length,
    ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
  };
  return names.length === 0 ? [{ ...entry, name: null }] : names.map((name) => ({ ...entry, name }));
}

interface PlainCopy {
  readonly file: string;
  readonly member: string;
}

/** Uncompressed copies of the layers that not every Docker could read, by diffID. */
async function plainCopies(
  store: Store,
  images: readonly StoredImage[],
  directory: string,
): Promise<ReadonlyMap<Digest, PlainCopy>> {
  const copies = new Map<Digest, PlainCopy>();
  for (const { manifest, config } of images) {
    for (const [i, { mediaType }] of manifest.layers.entries()) {
      const diffId = config.rootfs.diff_ids[i]!;
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

function member(path: string, size: number): LayerSourceEntry['entry'] {
  return { path, type: 'file', mode: 0o644, uid: 0, gid: 0, size, mtime: 0 };
}

function directoryMember(path: string): LayerSourceEntry {
  return { entry: { ...member(path, 0), type: 'dir', mode: 0o755 } };
}

function textMember(path: string, text: string): LayerSourceEntry {
  const bytes = Buffer.from(text);
  let at = 0;
  const read = (buffer: Uint8Array) => {
    const part = bytes.subarray(at, at + buffer.length);
    buffer.set(part);
    at += part.length;
    return part.length;
  };
  return { entry: member(path, bytes.length), open: () => ({ read, close: () => {} }) };
}

function fileMember(path: string, file: string): LayerSourceEntry {
  const stat = statAt(CWD, file);
  if (!stat) throw new Error(`'${displayPath(file)}' vanished`);
  const open = () => {
    const fd = openForReading(CWD, file);
    return { read: (buffer: Uint8Array) => readInto(fd, buffer), close: () => closeFd(fd) };
  };
  return { entry: member(path, stat.size), open };
}
