// The documents of an image as they are pushed: its own where its layers are compressed already, else with compressed
// layers in the place of plain ones. The config stays, and with it the id.

import type { Digest, EventSink } from '../../core/index.ts';
import { type Descriptor, type Index, MEDIA, parseIndex, type RawDocument } from '../../oci/image/index.ts';
import type { ImageDocuments, LayerPacking, Store } from '../../oci/store/index.ts';
import { sha256 } from '../../sys/index.ts';
import { packLayers } from '../build/pack-layers.ts';
import type { FoundImage } from '../find-image.ts';

/** What is pushed. */
export interface PushDocuments {
  /** What the name points to in the end. */
  readonly root: RawDocument;
  /** The manifests of an index, which come before it. */
  readonly manifests: readonly RawDocument[];
  /** Configs and layers, each once; all of them are in the store. */
  readonly blobs: readonly Descriptor[];
}

interface Around {
  readonly store: Store;
  readonly events: EventSink;
  readonly signal: AbortSignal;
  /** Whether a blob is where the image goes. */
  has?(digest: Digest): Promise<boolean>;
}

/** Makes the documents. @throws MilleError `disk-full`, `interrupted` */
export async function documentsToPush(
  around: Around,
  { manifestDigest, index }: FoundImage,
  { platform, compression }: { readonly platform?: string; readonly compression: LayerPacking },
): Promise<PushDocuments> {
  const { store } = around;
  if (!index || platform !== undefined)
    return await packedDocuments(around, store.image(manifestDigest), compression);
  const members = new Map<Digest, PushDocuments>();
  for (const member of index.members) {
    const packed = await packedDocuments(around, store.image(member.manifestDigest), compression);
    members.set(member.manifestDigest, packed);
  }
  return indexOf(store.readBlob(index.digest, index.size), index.mediaType, members);
}

/** An image as it is. */
export function documentsOf({ manifest, manifestBytes, mediaType }: ImageDocuments): PushDocuments {
  return {
    root: documentOf(mediaType, manifestBytes),
    manifests: [],
    blobs: [manifest.config, ...manifest.layers],
  };
}

/** An image with its layers compressed. */
async function packedDocuments(
  { store, events, signal, has }: Around,
  image: ImageDocuments,
  packing: LayerPacking,
): Promise<PushDocuments> {
  const { manifest } = image;
  const step = `pack ${image.manifestDigest}`;
  const layers = await packLayers(
    { store, events, signal },
    {
      ...{ layers: manifest.layers, packing, step },
      ...(has ? { has } : {}),
    },
  );
  const same = layers.every(({ digest }, i) => digest === manifest.layers[i]!.digest);
  if (same) return documentsOf(image);
  const bytes = Buffer.from(JSON.stringify({ ...manifest, mediaType: MEDIA.manifest, layers }));
  return { root: documentOf(MEDIA.manifest, bytes), manifests: [], blobs: [manifest.config, ...layers] };
}

/** An index of those of its images that are here: its own bytes where nothing of it is another. */
function indexOf(
  bytes: Uint8Array,
  mediaType: string,
  members: ReadonlyMap<Digest, PushDocuments>,
): PushDocuments {
  const index: Index = parseIndex(new TextDecoder().decode(bytes));
  const entries = index.manifests.flatMap((entry) => {
    const root = members.get(entry.digest)?.root;
    return root ? [{ ...entry, mediaType: root.mediaType, digest: root.digest, size: root.size }] : [];
  });
  const same =
    entries.length === index.manifests.length &&
    entries.every(({ digest }, i) => digest === index.manifests[i]!.digest);
  const all = [...members.values()];
  return {
    root: documentOf(mediaType, same ? bytes : Buffer.from(JSON.stringify({ ...index, manifests: entries }))),
    manifests: all.map(({ root }) => root),
    blobs: all.flatMap(({ blobs }) => blobs),
  };
}

function documentOf(mediaType: string, bytes: Uint8Array): RawDocument {
  return { digest: sha256(bytes), mediaType, size: bytes.length, bytes };
}
