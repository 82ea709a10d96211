// Layers compressed for an image that is written elsewhere, shown as a step of its own after all others.

import { type EventSink, MilleError } from '../../core/index.ts';
import type { Descriptor } from '../../oci/image/index.ts';
import { type LayerPacking, needsPacking, repackLayer, type Store } from '../../oci/store/index.ts';

/** What packing needs. */
export interface PackServices {
  readonly store: Store;
  readonly events: EventSink;
  readonly signal: AbortSignal;
}

/** Layers as an image has them. */
export interface LayersToPack {
  readonly layers: readonly Descriptor[];
  readonly packing: LayerPacking;
  /** The name of the step. */
  readonly step: string;
}

/** The layers packed as asked; those that are so already stay. @throws MilleError `disk-full`, `interrupted` */
export async function packLayers(
  services: PackServices,
  { layers, packing, step }: LayersToPack,
): Promise<readonly Descriptor[]> {
  const wanted = new Set(layers.filter((layer) => needsPacking(layer, packing)).map(({ digest }) => digest));
  if (wanted.size === 0) return layers;
  const { store, events, signal } = services;
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const known = new Map([...wanted].map((digest) => [digest, store.findByBlob(digest)!.info]));
  const total = [...known.values()].reduce((sum, { size }) => sum + size, 0);
  events({ type: 'step-started', step, title: titleOf(packing, wanted.size) });
  try {
    const packed = new Map<string, Descriptor>();
    let ran = false;
    let before = 0;
    for (const [digest, { diffId, size }] of known) {
      const progress = (bytes: number) => {
        if (signal.aborted) throw new MilleError('interrupted', 'interrupted');
        ran = true;
        events({ type: 'step-progress', step, doing: 'compressing', done: before + bytes, total });
      };
      packed.set(digest, await repackLayer(store, diffId, packing, progress));
      before += size;
    }
    const bytes = [...packed.values()].reduce((sum, { size }) => sum + size, 0);
    events({ type: 'step-finished', step, outcome: ran ? 'ran' : 'cached', seconds: seconds(), bytes });
    return layers.map((layer) => packed.get(layer.digest) ?? layer);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    events({ type: 'step-failed', step, message, seconds: seconds() });
    throw error;
  }
}

function titleOf({ kind, level }: LayerPacking, count: number): string {
  const what = count === 1 ? 'one layer' : `${count} layers`;
  if (kind === 'uncompressed') return `uncompress ${what}`;
  return `compress ${what} with ${kind}${level === undefined ? '' : `, level ${level}`}`;
}
