// The documents of an image as they are pushed: its own where its layers are compressed already, else with compressed
// layers in the place of plain ones. The config stays, and with it the id.

import type { Digest, EventSink } from '../../core/index.ts';
import { type Descriptor, type Index, MEDIA, parseIndex, type RawDocument } from '../../oci/image/index.ts';
import type { ImageDocuments, LayerPacking, Store, StoredImage } from '../../oci/store/index.ts';
import { sha256 } from '../../sys/index.ts';
import type { AttestationDocuments } from '../attest/attested.ts';
import { retarget } from '../attest/retarget.ts';
import { packLayers } from '../build/pack-layers.ts';
import { type FoundImage, manifestsMeant } from '../find-image.ts';

/** What is pushed, beside blobs. */
export interface PushDocuments {
  /** What the name points to in the end. */
  readonly root: RawDocument;
  /** The manifests of an index, which come before it. */
  readonly manifests: readonly RawDocument[];
  /** Blobs of the store that only these manifests know of: they come before them. */
  readonly blobs?: readonly Descriptor[];
}

/** What layers have become, by the digests of the blobs that the store has of them. */
export type PackedLayers = ReadonlyMap<Digest, Descriptor>;

/** The images that are meant: those of an index, or the one for a platform. */
export function imagesToPush(
  store: Store,
  found: FoundImage,
  platform: string | undefined,
): readonly StoredImage[] {
  return manifestsMeant(found, platform).map((digest) => store.image(digest));
}

/** Makes the documents of those images. */
export function documentsToPush(
  store: Store,
  { index }: FoundImage,
  { images, packed }: { readonly images: readonly ImageDocuments[]; readonly packed: PackedLayers },
  platform: string | undefined,
): PushDocuments {
  const roots = new Map(images.map((image) => [image.manifestDigest, packedDocument(image, packed)]));
  if (!index || platform !== undefined) return { root: [...roots.values()][0]!, manifests: [] };
  const bytes = store.readBlob(index.digest, index.size);
  const attested = attestationsFor(store, index.digest, { roots, layers: packed });
  const members = new Map([
    ...roots,
    ...[...attested].map(([digest, { manifest }]) => [digest, manifest] as const),
  ]);
  const entries = new Map([...attested].map(([digest, { entry }]) => [digest, entry]));
  return {
    root: indexOf(bytes, index.mediaType, { members, entries }),
    manifests: [...members.values()],
    blobs: [...attested.values()].flatMap(({ blobs }) => blobs),
  };
}

/** What is attested of images that are sent, about them as they are sent; by the digests of its manifests here. */
function attestationsFor(
  store: Store,
  index: Digest,
  { roots, layers }: { readonly roots: ReadonlyMap<Digest, RawDocument>; readonly layers: PackedLayers },
): ReadonlyMap<Digest, AttestationDocuments> {
  const found = new Map<Digest, AttestationDocuments>();
  for (const attestation of store.attestationsOf(index)) {
    const from = attestation.image as Digest;
    const to = roots.get(from);
    if (to) found.set(attestation.entry.digest, retarget(store, attestation, { from, to, layers }));
  }
  return found;
}

/** An image as it is. */
export function documentOfImage({ manifestBytes, mediaType }: ImageDocuments): RawDocument {
  return documentOf(mediaType, manifestBytes);
}

/** Compresses the layers of images in the store, where they stay. @throws MilleError `disk-full`, `interrupted` */
export async function packImages(
  services: { readonly store: Store; readonly events: EventSink; readonly signal: AbortSignal },
  images: readonly ImageDocuments[],
  packing: LayerPacking,
): Promise<PackedLayers> {
  const packed = new Map<Digest, Descriptor>();
  for (const { manifest, manifestDigest } of images) {
    const { layers } = manifest;
    const done = await packLayers(services, { layers, packing, step: `pack ${manifestDigest}` });
    for (const [i, layer] of layers.entries()) packed.set(layer.digest, done[i]!);
  }
  return packed;
}

function packedDocument(image: ImageDocuments, packed: PackedLayers): RawDocument {
  const { manifest } = image;
  const layers = manifest.layers.map((layer) => packed.get(layer.digest) ?? layer);
  const same = layers.every(({ digest }, i) => digest === manifest.layers[i]!.digest);
  if (same) return documentOfImage(image);
  const bytes = Buffer.from(JSON.stringify({ ...manifest, mediaType: MEDIA.manifest, layers }));
  return documentOf(MEDIA.manifest, bytes);
}

/** An index of what of it is sent: its own bytes where nothing of it is another. */
function indexOf(
  bytes: Uint8Array,
  mediaType: string,
  sent: {
    readonly members: ReadonlyMap<Digest, RawDocument>;
    /** Those whose annotations are others too. */
    readonly entries: ReadonlyMap<Digest, Descriptor>;
  },
): RawDocument {
  const index: Index = parseIndex(new TextDecoder().decode(bytes));
  const entries = index.manifests.flatMap((entry) => {
    const root = sent.members.get(entry.digest);
    if (!root) return [];
    const now = sent.entries.get(entry.digest) ?? entry;
    return [{ ...now, mediaType: root.mediaType, digest: root.digest, size: root.size }];
  });
  const same =
    entries.length === index.manifests.length &&
    entries.every(({ digest }, i) => digest === index.manifests[i]!.digest);
  return documentOf(mediaType, same ? bytes : Buffer.from(JSON.stringify({ ...index, manifests: entries })));
}

function documentOf(mediaType: string, bytes: Uint8Array): RawDocument {
  return { digest: sha256(bytes), mediaType, size: bytes.length, bytes };
}
