// A cache written to a place: blobs that are not there, then the manifest that names them all.

import { type Digest, inParallel } from '../../core/index.ts';
import { type Descriptor, MEDIA } from '../../oci/image/index.ts';
import {
  type DistantLayers,
  type LayerPacking,
  needsPacking,
  repackLayer,
  type Store,
} from '../../oci/store/index.ts';
import { sha256 } from '../../sys/index.ts';
import { composeDocument, distinctSteps, layersOfContent, type TravelContent } from './compose.ts';
import { documentText } from './document.ts';
import { packInputLists } from './inputs.ts';
import { TRAVEL_MEDIA } from './media.ts';
import type { OpenedCache } from './open-cache.ts';
import type { BlobToWrite, WritingPlace } from './place.ts';
import { packTable } from './table.ts';

/** What writing works with. */
export interface WriteAround {
  /** The store without distant layers. */
  readonly store: Store;
  /** The layers that are not in it. */
  readonly distant?: DistantLayers;
  /** Caches that were read: what they have need not be packed, and often not be sent. */
  readonly opened: readonly OpenedCache[];
  readonly packing: LayerPacking;
  /** Told what is being done, and bytes where there are any; may throw, to end it. */
  readonly progress: (doing: string, done?: number, total?: number) => void;
}

/** What was written. */
export interface WrittenCache {
  readonly manifest: Digest;
  readonly records: number;
  readonly layers: number;
  /** Bytes that were sent, of all bytes of the cache. */
  readonly sent: number;
  readonly size: number;
}

/**
 * Writes a cache.
 * @throws MilleError `network`, `registry-denied`, `io`, `disk-full`, `interrupted`
 */
export async function writeTravelCache(
  around: WriteAround,
  place: WritingPlace,
  given: TravelContent,
): Promise<WrittenCache> {
  const content = { ...given, steps: distinctSteps(given.steps) };
  const { made, base } = layersOfContent(content);
  const blobs = new Map<Digest, BlobToWrite>();
  const add = (blob: BlobToWrite | undefined): Digest | undefined => {
    if (!blob) return undefined;
    if (!blobs.has(blob.descriptor.digest)) blobs.set(blob.descriptor.digest, blob);
    return blob.descriptor.digest;
  };
  const layers = new Map<Digest, { blob?: Digest; table?: Digest }>();
  for (const diffId of made.keys()) {
    const blob = content.bare?.has(diffId) ? undefined : add(await layerBlob(around, place, diffId));
    const table = add(await tableBlob(around, diffId));
    layers.set(diffId, {
      ...(blob === undefined ? {} : { blob }),
      ...(table === undefined ? {} : { table }),
    });
  }
  for (const diffId of base.keys()) {
    const table = add(await tableBlob(around, diffId));
    if (table !== undefined) layers.set(diffId, { table });
  }
  const inputs = memoryBlob(
    TRAVEL_MEDIA.inputs,
    await packInputLists(content.steps.map((step) => step.inputs)),
  );
  add(inputs);
  const document = composeDocument(content, (diffId) => layers.get(diffId) ?? {}, inputs.descriptor.digest);
  const config = memoryBlob(TRAVEL_MEDIA.document, Buffer.from(documentText(document)));
  const sent = await sendMissing(place, [config, ...blobs.values()], around.progress);
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MEDIA.manifest,
      artifactType: TRAVEL_MEDIA.artifact,
      config: config.descriptor,
      layers: [...blobs.values()].map(({ descriptor }) => descriptor),
    }),
  );
  await place.publish(manifest);
  const size = [config, ...blobs.values()].reduce((sum, { descriptor }) => sum + descriptor.size, 0);
  return { manifest: sha256(manifest), records: document.records.length, layers: made.size, sent, size };
}

function memoryBlob(mediaType: string, bytes: Uint8Array): BlobToWrite {
  return {
    descriptor: { mediaType, digest: sha256(bytes), size: bytes.length },
    async *open() {
      yield bytes;
    },
  };
}

/** The blob that carries a layer: one that the place has already, else one of the store, packed, or where it came from. */
async function layerBlob(
  around: WriteAround,
  place: WritingPlace,
  diffId: Digest,
): Promise<BlobToWrite | undefined> {
  const { store, packing, progress } = around;
  const elsewhere = elsewhereOf(around, diffId).filter(
    ({ descriptor }) => !(packing.force && needsPacking(descriptor, packing)),
  );
  for (const blob of elsewhere) if (await place.has(blob.descriptor)) return blob;
  if (!store.layer(diffId)) {
    const [first] = elsewhere;
    if (first) return first;
    if (around.distant?.get(diffId)?.bare) return undefined;
    await around.distant?.bring([diffId], (done, total) =>
      progress('fetching layers to be packed', done, total),
    );
  }
  const layer = store.layer(diffId);
  if (!layer) return undefined;
  const descriptor = needsPacking(layer.descriptor, packing)
    ? await repackLayer(store, diffId, packing, (done) => progress('compressing', done, layer.info.size))
    : layer.descriptor;
  const { mediaType, digest, size } = descriptor;
  return { descriptor: { mediaType, digest, size }, open: () => store.streamBlob(digest) };
}

/** Blobs of a layer in the caches that were read. */
function elsewhereOf({ opened }: WriteAround, diffId: Digest): BlobToWrite[] {
  return opened.flatMap(({ place, document, blobs }) => {
    const digest = document.layers.find((layer) => layer.diffId === diffId)?.blob;
    const found = digest === undefined ? undefined : blobs.get(digest);
    if (!found) return [];
    const { mediaType, size } = found;
    const descriptor: Descriptor = { mediaType, digest: found.digest, size };
    return [{ descriptor, from: place, open: () => place.stream(descriptor) }];
  });
}

async function tableBlob({ store, opened }: WriteAround, diffId: Digest): Promise<BlobToWrite | undefined> {
  if (store.layer(diffId)) {
    const bytes = await packTable(store.toc(diffId));
    return bytes && memoryBlob(TRAVEL_MEDIA.table, bytes);
  }
  for (const { place, document, blobs } of opened) {
    const digest = document.layers.find((layer) => layer.diffId === diffId)?.table;
    const descriptor = digest === undefined ? undefined : blobs.get(digest);
    if (descriptor) return { descriptor, from: place, open: () => place.stream(descriptor) };
  }
  return undefined;
}

/** @returns bytes that were sent */
async function sendMissing(
  place: WritingPlace,
  blobs: readonly BlobToWrite[],
  progress: WriteAround['progress'],
): Promise<number> {
  const missing: BlobToWrite[] = [];
  const ask = [...blobs];
  await inParallel(ask, async (blob) => {
    if (!(await place.has(blob.descriptor))) missing.push(blob);
  });
  const total = missing.reduce((sum, { descriptor }) => sum + descriptor.size, 0);
  const done = new Map<BlobToWrite, number>();
  let sent = 0;
  await inParallel(missing, async (blob) => {
    const own = await place.write(blob, (bytes) => {
      done.set(blob, bytes);
      progress(
        'sending',
        [...done.values()].reduce((sum, each) => sum + each, 0),
        total,
      );
    });
    sent += own;
  });
  return sent;
}
