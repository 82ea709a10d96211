// A layout in a directory as one archive: an OCI layout, and, where an image of it is for Docker, Docker's list of
// images beside it. Deterministic: the same blobs and names give the same bytes.

import { type Digest, digestHex } from '../../../core/index.ts';
import {
  CWD,
  closeFd,
  createHasher,
  decompress,
  O,
  openAt,
  readChunks,
  writeAll,
} from '../../../sys/index.ts';
import { formatReference, type ImageConfig, type Manifest, parseReference } from '../../image/index.ts';
import { type ByteSink, type LayerSourceEntry, writeLayer } from '../../layer/index.ts';
import { mismatch } from '../blobs.ts';
import { LAYOUT_MARKER } from '../index-file.ts';
import { layoutBlobPath } from './layout-files.ts';
import { directoryMember, fileMember, textMember } from './members.ts';
import { DOCKER_READS } from './save.ts';

/** An image as Docker's list has it. */
export interface ForDocker {
  readonly manifest: Manifest;
  readonly config: ImageConfig;
  /** Canonical. */
  readonly name?: string;
}

/** What is packed. */
export interface LayoutToPack {
  readonly directory: string;
  /** Blobs, manifests and indexes. */
  readonly digests: Iterable<Digest>;
  readonly index: string;
  readonly docker?: ForDocker;
}

/** Writes the archive. @throws what the sink throws */
export async function packLayout(
  { directory, digests, index, docker }: LayoutToPack,
  sink: ByteSink,
): Promise<void> {
  const plain = docker ? await plainLayers(directory, docker) : new Map<Digest, string>();
  const head = [
    textMember('oci-layout', LAYOUT_MARKER),
    textMember('index.json', index),
    ...(docker ? [textMember('manifest.json', JSON.stringify([dockerEntry(docker, plain)]))] : []),
    directoryMember('blobs'),
    directoryMember('blobs/sha256'),
  ];
  const blobs = [...new Set(digests)].sort().map((digest) => {
    return fileMember(memberOf(digest), layoutBlobPath(directory, digest));
  });
  const more: LayerSourceEntry[] = [...plain].map(([digest, file]) => fileMember(plainMember(digest), file));
  await writeLayer([...head, ...blobs, ...(plain.size > 0 ? [directoryMember('plain')] : []), ...more], sink);
}

function memberOf(digest: Digest): string {
  return `blobs/sha256/${digestHex(digest)}`;
}

function plainMember(digest: Digest): string {
  return `plain/${digestHex(digest)}.tar`;
}

function dockerEntry({ manifest, name }: ForDocker, plain: ReadonlyMap<Digest, string>) {
  return {
    Config: memberOf(manifest.config.digest),
    RepoTags: name === undefined ? null : [formatReference(parseReference(name))],
    Layers: manifest.layers.map(({ digest }) => (plain.has(digest) ? plainMember(digest) : memberOf(digest))),
  };
}

/** Uncompressed copies of the layers that not every Docker could read, by the digest of the blob. */
async function plainLayers(
  directory: string,
  { manifest, config }: ForDocker,
): Promise<ReadonlyMap<Digest, string>> {
  const copies = new Map<Digest, string>();
  for (const [i, { mediaType, digest }] of manifest.layers.entries()) {
    if (DOCKER_READS.has(mediaType) || copies.has(digest)) continue;
    const file = `${directory}/plain-${digestHex(digest)}`;
    const { stream } = await decompress(readChunks(layoutBlobPath(directory, digest)));
    const hasher = createHasher();
    const fd = openAt(CWD, file, { flags: O.WRONLY | O.CREAT | O.EXCL, mode: 0o600 });
    try {
      for await (const chunk of stream) {
        hasher.update(chunk);
        writeAll(fd, chunk);
      }
    } finally {
      closeFd(fd);
    }
    const diffId = config.rootfs.diff_ids[i];
    const actual = hasher.digest();
    if (diffId !== actual) throw mismatch('a layer', diffId ?? digest, actual);
    copies.set(digest, file);
  }
  return copies;
}
