// Layers in another compression than the one they have in the store, for images that go elsewhere. What was packed
// once is found again as long as its blob is there.

import { type Digest, isDigest } from '../../../core/index.ts';
import { compressGzip, compressZstd } from '../../../sys/index.ts';
import { type Descriptor, MEDIA } from '../../image/index.ts';
import type { Store } from '../store.ts';

/** How layers are to be compressed. */
export interface LayerPacking {
  readonly kind: 'uncompressed' | 'gzip' | 'zstd';
  /** As the format has it; its usual one by default. */
  readonly level?: number;
  /** Layers that are compressed already too. */
  readonly force?: boolean;
}

const MEDIA_OF = {
  uncompressed: MEDIA.layerTar,
  gzip: MEDIA.layerGzip,
  zstd: MEDIA.layerZstd,
} as const satisfies Record<LayerPacking['kind'], string>;

const KIND_OF: Readonly<Record<string, LayerPacking['kind']>> = {
  [MEDIA.layerTar]: 'uncompressed',
  [MEDIA.dockerLayerTar]: 'uncompressed',
  [MEDIA.layerGzip]: 'gzip',
  [MEDIA.dockerLayerGzip]: 'gzip',
  [MEDIA.layerZstd]: 'zstd',
};

/** Whether a layer has to be packed anew; as in BuildKit, one in the format wanted never is. */
export function needsPacking({ mediaType }: Descriptor, { kind, force = false }: LayerPacking): boolean {
  const has = KIND_OF[mediaType];
  return has !== kind && (force || has === 'uncompressed');
}

/**
 * A layer packed anew, by its diffID. It is in the store then as one more blob that carries the layer.
 * @param progress told how many bytes of the layer have been read; may throw, to end it
 * @throws MilleError `image-missing`, `digest-mismatch`, `disk-full`
 */
export async function repackLayer(
  store: Store,
  diffId: Digest,
  packing: LayerPacking,
  progress: (bytes: number) => void = () => {},
): Promise<Descriptor> {
  const known = rememberedPacking(store, diffId, packing);
  if (known && store.findByBlob(known.digest)) return known;
  const writer = store.createBlobWriter();
  try {
    for await (const chunk of packedLayer(store, diffId, packing, progress)) writer.write(chunk);
    const { digest, size } = writer.commit();
    const descriptor = rememberPacking(store, diffId, packing, { digest, size });
    store.addLayer({ info: store.layer(diffId)!.info, toc: store.toc(diffId), descriptor });
    return descriptor;
  } finally {
    writer.abort();
  }
}

/**
 * A layer packed anew as it is read, and kept nowhere: the same bytes each time.
 * @param progress as for `repackLayer`
 * @throws as `repackLayer`; at its end `digest-mismatch` where the layer in the store is damaged
 */
export function packedLayer(
  store: Store,
  diffId: Digest,
  { kind, level }: LayerPacking,
  progress: (bytes: number) => void = () => {},
): AsyncIterable<Uint8Array> {
  let read = 0;
  async function* counted() {
    for await (const chunk of store.streamLayer(diffId)) {
      read += chunk.length;
      progress(read);
      yield chunk;
    }
  }
  if (kind === 'gzip') return compressGzip(counted(), level);
  return kind === 'zstd' ? compressZstd(counted(), level) : counted();
}

/** Remembers what came of packing a layer so. @returns it as a layer */
export function rememberPacking(
  store: Store,
  diffId: Digest,
  packing: LayerPacking,
  { digest, size }: { readonly digest: Digest; readonly size: number },
): Descriptor {
  store.setValue(keyOf(diffId, packing), `${digest} ${size}`);
  return { mediaType: MEDIA_OF[packing.kind], digest, size };
}

/**
 * What came of packing a layer so, whether its blob is still in the store or not: where it is elsewhere, nothing has to
 * be packed again.
 */
export function rememberedPacking(
  store: Store,
  diffId: Digest,
  packing: LayerPacking,
): Descriptor | undefined {
  const [digest = '', size] = store.getValue(keyOf(diffId, packing))?.split(' ') ?? [];
  if (!isDigest(digest) || !/^\d+$/.test(size ?? '')) return undefined;
  return { mediaType: MEDIA_OF[packing.kind], digest, size: Number(size) };
}

function keyOf(diffId: Digest, { kind, level }: LayerPacking): string {
  return `packed:${kind}:${level ?? ''}:${diffId}`;
}
