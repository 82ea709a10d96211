// Caches from elsewhere beside the one of the store: asked when the store knows nothing, in the order in which they were
// given. A record of theirs is believed as it is, which is why only those who may decide what a build makes may write
// a cache; what it says of a layer is compared with the layer's bytes when these come.

import { type Digest, MilleError, redactUrls } from '../../core/index.ts';
import type { Descriptor, LayerInfo } from '../../oci/image/index.ts';
import { MEDIA } from '../../oci/image/index.ts';
import { type DistantLayer, type DistantLayers, receivePlain, type Store } from '../../oci/store/index.ts';
import { openDatabase } from '../../sys/index.ts';
import {
  type Cache,
  type ExplainRequest,
  type Explanation,
  openCache,
  type StepRecord,
} from '../cache/index.ts';
import { TRAVEL_LIMITS, type TravelLayer, type TravelRecord } from './document.ts';
import { unpackInputLists } from './inputs.ts';
import type { OpenedCache } from './open-cache.ts';
import { unpackTable } from './table.ts';

/** What importing works on. */
export interface ImportAround {
  /** The cache of the store. */
  readonly cache: Cache;
  /** The store itself, and the same with the distant layers of this build. */
  readonly store: Store;
  readonly withDistant: Store;
  readonly distant: DistantLayers;
  readonly scope: string;
  /** Told what is missing for explanations. */
  readonly warn: (message: string) => void;
}

/** A base image whose layers could stay where they are. */
export interface DistantBase {
  readonly diffIds: readonly Digest[];
  readonly descriptors: readonly Descriptor[];
  /** Brings all of them. */
  readonly load: (progress: (bytes: number) => void) => Promise<unknown>;
}

/** Imported caches, ready for a build. */
export interface ImportedCaches {
  /** The cache of the store, and what is imported behind it. */
  readonly cache: Cache;
  /** To be awaited before a miss is explained. */
  ready(): Promise<void>;
  /** Makes the layers of a base image known; false where one of them is not, and they have to be brought. */
  takeBase(base: DistantBase): boolean;
  /** Whether there are records whose layer nobody has. */
  readonly hasBare: boolean;
  /** Whether a step is found by such a record. */
  isBare(key: Digest): boolean;
  /** Which of these records may be used: those of steps whose layer nothing will read. At first none may. */
  allowBare(keys: ReadonlySet<Digest> | 'all'): void;
}

/** Puts imported caches behind the cache of a store. */
export function importCaches(around: ImportAround, opened: readonly OpenedCache[]): ImportedCaches {
  const { cache } = around;
  const sources = opened.map((source) => ({
    source,
    records: new Map(source.document.records.map((record) => [record.key, record])),
  }));
  let explanations: Promise<Cache> | undefined;
  let explaining: Cache | undefined;
  let allowed: ReadonlySet<Digest> | 'all' = new Set();

  const find = (key: Digest, bare: boolean): StepRecord | undefined => {
    for (const { source, records } of sources) {
      const record = records.get(key);
      const found = record && usable(around, source, { record, bare });
      if (found) return found;
    }
    return undefined;
  };
  const contents = new Set(opened.flatMap(({ document }) => document.layers.map((layer) => layer.contentId)));
  const mayBeBare = (key: Digest) => allowed === 'all' || allowed.has(key);
  const lookup = (key: Digest) => find(key, false) ?? (mayBeBare(key) ? find(key, true) : undefined);
  const compare = (request: ExplainRequest): Explanation => {
    const own = cache.compare(request);
    if (!explaining || own.comparison) return withoutLayer(own);
    // What has never run here may have run where the cache was written.
    const theirs = explaining.compare(asTravelled(request));
    const firstHere = own.reasons[0]?.kind === 'first-build';
    return withoutLayer(theirs.comparison || firstHere ? theirs : own);
  };
  return {
    cache: {
      ...cache,
      lookup: (key) => cache.lookup(key) ?? lookup(key),
      explain: (request) => compare(request).reasons,
      compare,
      knowsContent: (contentId) => cache.knowsContent(contentId) || contents.has(contentId),
      hasAlike: (step) => cache.hasAlike(step) || (explaining?.hasAlike(step) ?? false),
      latest: (place) => {
        const own = cache.latest(place);
        const found = own ?? explaining?.latest(place);
        // Looking it up makes its layer known.
        const record = found && !own ? lookup(found.record.key) : undefined;
        return found && (record ? { ...found, record } : found);
      },
    },
    ready: async () => {
      explanations ??= readExplanations(around, opened);
      explaining = await explanations;
    },
    takeBase: (base) => takeBase(around, opened, base),
    hasBare: opened.some(({ document: { layers, records } }) =>
      records.some(({ layer }) => layer !== undefined && layers[layer]!.blob === undefined),
    ),
    isBare: (key) => !cache.lookup(key) && !find(key, false) && find(key, true) !== undefined,
    allowBare: (keys) => {
      allowed = keys;
    },
  };
}

/** Nothing differs, but what the step made is nowhere. */
function withoutLayer(explanation: Explanation): Explanation {
  const [reason] = explanation.reasons;
  if (reason?.kind !== 'other' || reason.subject !== 'layer') return explanation;
  const text = 'what it made is needed, and is neither in the store nor in the cache';
  return { ...explanation, reasons: [{ ...reason, text }] };
}

/** An instruction travels without passwords in its URLs. */
function asTravelled(request: ExplainRequest): ExplainRequest {
  return { ...request, instruction: redactUrls(request.instruction) };
}

/** A record as a hit: its layer is in the store, or can be brought. */
function usable(
  around: ImportAround,
  source: OpenedCache,
  { record, bare }: { readonly record: TravelRecord; readonly bare: boolean },
): StepRecord | undefined {
  const layer = record.layer === undefined ? undefined : source.document.layers[record.layer]!;
  if (layer && !available(around, source, { layer, bare })) return undefined;
  const { key, stage, position, instruction, created, seconds, made, warnings } = record;
  return {
    ...{ id: 0, key, scope: around.scope, stage, position, instruction, seconds },
    result: { created, ...(layer ? { layer: infoOf(layer) } : {}), ...(warnings ? { warnings } : {}) },
    buildId: IMPORTED,
    // Whoever says that it was tomorrow does not make it last longer.
    created: Math.min(made, Date.now()),
    lastUsed: 0,
    imported: source.place.name,
  };
}

const IMPORTED = 'imported';

function infoOf({ diffId, size, contentId, files }: TravelLayer): LayerInfo {
  return { diffId, size, contentId, files };
}

/**
 * Whether a layer is here or can be brought; it is known then. What two say of one layer must be the same.
 * @param bare whether it is enough that it can be looked into
 */
function available(
  { store, distant }: ImportAround,
  source: OpenedCache,
  { layer, bare }: { readonly layer: TravelLayer; readonly bare: boolean },
): boolean {
  const info = infoOf(layer);
  const { diffId, contentId } = info;
  const known = store.layer(diffId) ?? distant.get(diffId);
  const isBare = known && 'bare' in known;
  if (known && (!isBare || bare)) return known.info.contentId === contentId;
  const blob = layer.blob === undefined ? undefined : source.blobs.get(layer.blob);
  const table = tableOf(source, layer);
  const descriptor = { mediaType: MEDIA.layerTar, digest: diffId, size: info.size };
  if (blob) {
    const { digest, size } = blob;
    const chunks = (progress: (bytes: number) => void) => counted(source.place.stream(blob), progress);
    distant.add({
      ...{ info, descriptor, size, ...table },
      bring: (progress) =>
        receivePlain(store, { info, blob: { digest, chunks: chunks(progress) } }).catch((error: unknown) => {
          throw incomplete(error, source);
        }),
    });
    return true;
  }
  if (!bare || !table.table) return false;
  distant.add({
    ...{ info, descriptor, size: 0, bare: true, table: table.table },
    bring: () => nobodyHas(diffId),
  });
  return true;
}

/** A blob may be gone where nobody knew that a cache needs it. */
function incomplete(error: unknown, { place }: OpenedCache): unknown {
  if (!(error instanceof MilleError) || error.code !== 'image-missing') return error;
  return new MilleError('image-missing', `the cache ${place.name} is incomplete: ${error.message}`, {
    hint: 'build without this --cache-from, and write the cache again with --cache-to',
    cause: error,
  });
}

/** Something was to be found and has to run after all: what it stands on changed while it was looked at. */
async function nobodyHas(diffId: Digest): Promise<never> {
  throw new MilleError(
    'image-missing',
    `the layer ${diffId} of another stage is needed, and no cache has it`,
    {
      hint: 'files changed while they were read: build again; --cache-to mode=max keeps the layers of all stages',
    },
  );
}

function tableOf(source: OpenedCache, { table, contentId }: TravelLayer): Pick<DistantLayer, 'table'> {
  if (table === undefined || !source.blobs.has(table)) return {};
  return {
    table: async () => unpackTable(await source.read(table, TRAVEL_LIMITS.tableBlob), contentId),
  };
}

async function* counted(chunks: AsyncIterable<Uint8Array>, progress: (bytes: number) => void) {
  let come = 0;
  for await (const chunk of chunks) {
    come += chunk.length;
    progress(come);
    yield chunk;
  }
}

function takeBase(
  { withDistant, distant }: ImportAround,
  opened: readonly OpenedCache[],
  { diffIds, descriptors, load }: DistantBase,
): boolean {
  const said = new Map<Digest, { readonly source: OpenedCache; readonly layer: TravelLayer }>();
  for (const source of opened) {
    for (const layer of source.document.layers)
      if (!said.has(layer.diffId)) said.set(layer.diffId, { source, layer });
  }
  if (!diffIds.every((diffId) => withDistant.layer(diffId) || said.has(diffId))) return false;
  for (const [i, diffId] of diffIds.entries()) {
    if (withDistant.layer(diffId)) continue;
    const { source, layer } = said.get(diffId)!;
    const descriptor = descriptors[i]!;
    distant.add({
      info: infoOf(layer),
      ...{ descriptor, size: descriptor.size, ...tableOf(source, layer) },
      bring: async (progress) => void (await load(progress)),
    });
  }
  return true;
}

/** The records of all sources in a cache of their own, which can explain what they miss. */
async function readExplanations(
  { scope, warn }: ImportAround,
  opened: readonly OpenedCache[],
): Promise<Cache> {
  const db = openDatabase(':memory:');
  db.script('CREATE TABLE kv (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID');
  const memory = openCache(db, { hasLayer: () => false });
  // Of two records with one key the one of the source that comes first stays.
  for (const { place, document, read } of opened.toReversed()) {
    if (document.inputs === undefined) continue;
    try {
      const lists = await unpackInputLists(await read(document.inputs, TRAVEL_LIMITS.inputsBlob));
      for (const record of document.records) {
        const { key, stage, position, instruction, created, seconds, made } = record;
        const inputs = record.inputs === undefined ? undefined : lists[record.inputs];
        if (!inputs || inputs.length === 0) continue;
        const layer = record.layer === undefined ? {} : { layer: infoOf(document.layers[record.layer]!) };
        const placed = { scope, stage, position, instruction };
        const result = { created, ...layer };
        memory.record({ ...placed, key, seconds, made, inputs, result, buildId: IMPORTED });
      }
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      warn(`the cache ${place.name} cannot explain what it misses: ${why}`);
    }
  }
  return memory;
}
