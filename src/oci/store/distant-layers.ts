// Layers that are known and not here. A build goes on with what is said of them (their content id, and their table of
// contents where somebody looks into it), and their bytes are brought when something needs them: a container, an
// output, a file that is copied. What was said is checked against the bytes then.

import type { Digest } from '../../core/index.ts';
import type { Descriptor, LayerInfo, TableOfContents } from '../image/index.ts';
import { checkPromised } from './receive-plain.ts';
import type { Store } from './store.ts';

/** Told bytes as they come. */
export type BringProgress = (done: number, total: number) => void;

/** A layer that can be brought. */
export interface DistantLayer {
  readonly info: LayerInfo;
  /** Its blob as the store will have it. */
  readonly descriptor: Descriptor;
  /** Bytes on the way. */
  readonly size: number;
  /** Nobody has its bytes: it is only looked into. */
  readonly bare?: true;
  /** Its table of contents, which has the content id that `info` says; absent where only its bytes tell. */
  table?(): Promise<TableOfContents>;
  /** Brings it into the store. @throws MilleError of the way */
  bring(progress: (bytes: number) => void): Promise<void>;
}

/** The distant layers of one build. */
export interface DistantLayers {
  /** Makes a layer known, where it is neither here nor known already, or only barely. */
  add(layer: DistantLayer): void;
  /** A layer that is known. */
  get(diffId: Digest): DistantLayer | undefined;
  /** Whether a layer is here or known. */
  has(diffId: Digest): boolean;
  /** Those of a stack that are not here. */
  missing(diffIds: readonly Digest[]): readonly DistantLayer[];
  /** After this the tables of contents of a stack can be asked for. */
  tables(diffIds: readonly Digest[]): Promise<void>;
  /** Brings what is missing of a stack. @returns whether anything was */
  bring(diffIds: readonly Digest[], progress?: BringProgress): Promise<boolean>;
}

const PARALLEL = 3;

/**
 * A store in which distant layers look as if they were there. What is synchronous works after `tables` or `bring`; what
 * is not brings what it needs.
 */
export function withDistantLayers(store: Store): { readonly store: Store; readonly distant: DistantLayers } {
  const known = new Map<Digest, DistantLayer>();
  const tables = new Map<Digest, TableOfContents>();
  const coming = new Map<DistantLayer, Promise<void>>();

  const missing = (diffIds: readonly Digest[]) =>
    [...new Set(diffIds)].flatMap((diffId) => {
      const layer = known.get(diffId);
      return layer && !store.layer(diffId) ? [layer] : [];
    });

  const bringOne = async (layer: DistantLayer, progress: (bytes: number) => void) => {
    await layer.bring(progress);
    const here = store.layer(layer.info.diffId);
    if (!here) throw new Error(`the layer ${layer.info.diffId} did not come`);
    checkPromised(here.info, layer.info);
    tables.delete(layer.info.diffId);
  };

  const bring = async (diffIds: readonly Digest[], progress: BringProgress = () => {}) => {
    const wanted = missing(diffIds);
    const total = wanted.reduce((sum, { size }) => sum + size, 0);
    const done = new Map<DistantLayer, number>();
    const queue = [...wanted];
    const worker = async () => {
      for (let next = queue.shift(); next; next = queue.shift()) {
        const layer = next;
        const told = (bytes: number) => {
          done.set(layer, bytes);
          progress(
            [...done.values()].reduce((sum, each) => sum + each, 0),
            total,
          );
        };
        const own = coming.get(layer) ?? bringOne(layer, told).finally(() => coming.delete(layer));
        coming.set(layer, own);
        try {
          await own;
        } catch (error) {
          queue.length = 0;
          throw error;
        }
      }
    };
    // All of them end before the first failure is told: none goes on writing behind somebody's back.
    const ended = await Promise.allSettled(Array.from({ length: PARALLEL }, worker));
    for (const each of ended) if (each.status === 'rejected') throw each.reason;
    return wanted.length > 0;
  };

  const bringTable = async (layer: DistantLayer) => {
    const { diffId } = layer.info;
    if (tables.has(diffId)) return;
    if (layer.table) tables.set(diffId, await layer.table());
    else await bring([diffId]);
  };

  const distant: DistantLayers = {
    add: (layer) => {
      const { diffId } = layer.info;
      const earlier = known.get(diffId);
      if (!earlier || (earlier.bare && !layer.bare)) known.set(diffId, layer);
    },
    get: (diffId) => known.get(diffId),
    has: (diffId) => known.has(diffId) || store.layer(diffId) !== undefined,
    missing,
    tables: async (diffIds) => {
      await Promise.all(missing(diffIds).map(bringTable));
    },
    bring,
  };
  return {
    distant,
    store: {
      ...store,
      layer: (diffId) => {
        const layer = known.get(diffId);
        return store.layer(diffId) ?? (layer && { info: layer.info, descriptor: layer.descriptor });
      },
      toc: (diffId) => tables.get(diffId) ?? store.toc(diffId),
      ensureUnpacked: async (diffIds, progress) => {
        await bring(diffIds);
        return await store.ensureUnpacked(diffIds, progress);
      },
      async *streamLayer(diffId) {
        await bring([diffId]);
        yield* store.streamLayer(diffId);
      },
    },
  };
}
