// The work of one step: what it depends on, and how to do it. A step says its inputs first; only when they are not
// found in the cache is it executed.

import { type Digest, MilleError } from '../../core/index.ts';
import type { Entry, LayerInfo } from '../../oci/image/index.ts';
import { MEDIA } from '../../oci/image/index.ts';
import type { ByteSink, LayerSourceEntry } from '../../oci/layer/index.ts';
import { type ScannedLayer, writeLayer } from '../../oci/layer/index.ts';
import type { StepWarning } from '../cache/index.ts';
import type { NamedInput } from '../graph/index.ts';
import { openEarlier } from './earlier-layer.ts';
import type { ExecuteServices } from './services.ts';

/** A step made ready to be looked up, and executed if need be. */
export interface StepWork {
  /** Everything its result depends on. */
  readonly inputs: readonly NamedInput[];
  /** Does it. @param earlier the layer of the earlier run that differs least, which holds much of the same */
  execute(earlier?: Digest): Promise<StepProduct>;
  /**
   * The entries of the layer that executing would make, none where it would make no layer: without making anything, or
   * reading what is not read for the inputs. Undefined where only executing tells; never there for what runs commands.
   */
  foresee?(): Promise<readonly Entry[] | undefined>;
  /** Refuses it before it is looked up or executed. @throws MilleError */
  refuse?(): Promise<void>;
  /** Gives back what was opened; also after a hit. */
  release?(): void;
}

/** What executing came to. */
export interface StepProduct {
  /** Absent where the step changed nothing that makes a layer. */
  readonly layer?: LayerInfo;
  readonly warnings?: readonly StepWarning[];
}

/** Writes entries as a layer into the store. */
export async function storeLayer(
  services: Pick<ExecuteServices, 'store' | 'events' | 'clampTime' | 'signal'>,
  entries: Iterable<LayerSourceEntry>,
  options: { readonly step: string; readonly trustDigests?: boolean; readonly earlier?: Digest | undefined },
): Promise<ScannedLayer> {
  const { store, events, clampTime, signal } = services;
  let diffId: ScannedLayer['info']['diffId'] | undefined;
  using earlier = openEarlier(store, options.earlier);
  const writer = store.createBlobWriter({ digest: () => diffId! });
  try {
    const layer = await writeLayer(entries, checked(signal, writer.writeAside), {
      ...(clampTime === undefined ? {} : { clampTime }),
      ...(options.trustDigests ? { trustDigests: true } : {}),
      ...(earlier ? { earlier: earlier.tar } : {}),
      onProgress: (done) =>
        events({ type: 'step-progress', step: options.step, doing: 'writing the layer', done }),
    });
    diffId = layer.info.diffId;
    const { digest, size } = writer.commit();
    store.addLayer({ ...layer, descriptor: { mediaType: MEDIA.layerTar, digest, size } });
    return layer;
  } finally {
    writer.abort();
  }
}

/**
 * A sink that ends the work once a signal came: what is written lets signals in between its parts.
 * @throws MilleError `interrupted`
 */
export function checked(signal: AbortSignal, sink: ByteSink): ByteSink {
  return (bytes) => {
    refuseAborted(signal);
    return sink(bytes);
  };
}

/** @throws MilleError `interrupted` */
export function refuseAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new MilleError('interrupted', 'the build was interrupted');
}
