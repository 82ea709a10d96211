// Images that are built to be looked at, and go when that is done.

import type { EventSink } from '../../core/index.ts';
import type { ObservedImage } from '../../insight/optimize/index.ts';
import { build } from '../build/build.ts';
import { openImage, readTables } from '../open-image/open-image.ts';
import { collectUnused } from '../rmi.ts';
import { withServices } from '../services.ts';
import type { BuildOptions } from '../types.ts';
import type { KeptImages } from './kept-images.ts';
import { type StepRun, watchSteps } from './watch-steps.ts';

/** A build, and the image that came of it. */
export interface BuiltImage {
  readonly image: ObservedImage;
  /** By their ids. */
  readonly steps: ReadonlyMap<string, StepRun>;
  readonly seconds: number;
}

/** What builds of one run have in common. */
export interface Making {
  readonly signal: AbortSignal;
  /** The ids of the images, to be removed at the end. */
  readonly made: Set<string>;
  /** Holds them until then, where another run may come to the same ones. */
  readonly kept?: KeptImages;
  /** The words of cache mounts that builds had for themselves, to be removed at the end. */
  readonly spaces: Set<string>;
}

/** Builds, and reads what is in the image. It is in the store without a name until `removeImages`. */
export async function buildImage(
  options: BuildOptions,
  events: EventSink,
  making: Making,
): Promise<BuiltImage> {
  const { signal, made, kept } = making;
  const { steps, sink } = watchSteps();
  const both: EventSink = (event) => {
    sink(event);
    events(event);
  };
  const plain = { ...options, tags: [], outputs: [{ type: 'image' as const }] };
  const { imageId, seconds } = await build(plain, both, signal);
  made.add(imageId);
  // Another run that came to the same image may have removed it before it was held; its layers are in the cache yet.
  if (kept && !(await kept.hold(imageId))) {
    await build({ ...plain, noCache: false }, () => {}, signal);
    await kept.hold(imageId);
  }
  return { image: await readImage(imageId), steps, seconds };
}

async function readImage(imageId: string): Promise<ObservedImage> {
  return await withServices('read', async (services) => {
    const image = await openImage(services, imageId);
    try {
      let bytes = 0;
      for (const layer of image.layers) bytes += await layer.size();
      return {
        ...{ imageId: image.imageId, config: image.config, bytes },
        diffIds: image.layers.map(({ diffId }) => diffId),
        tables: await readTables(image),
        sent: image.layers.reduce((sum, { blob }) => sum + blob.size, 0),
      };
    } finally {
      await image.close();
    }
  });
}

/** The images that are in the store: what is made later is not among them. */
export async function storedImages(): Promise<ReadonlySet<string>> {
  return await withServices('read', async (services) => {
    const store = await services.store();
    return new Set(store.listImages().map(({ imageId }) => imageId));
  });
}

/**
 * Removes images that were made meanwhile, that nobody has given a name since, and that no other run relies on: that one
 * removes them at its end.
 */
export async function removeImages(ids: Iterable<string>, before: ReadonlySet<string>): Promise<void> {
  const own = new Set([...ids].filter((id) => !before.has(id)));
  if (own.size === 0) return;
  await withServices('container', async (services) => {
    const store = await services.store();
    const nameless = store
      .imageEntries()
      .filter(({ imageId, names }) => own.has(imageId) && names.length === 0);
    store.removeImages(nameless.map(({ manifestDigest }) => manifestDigest));
    await collectUnused(store);
  });
}
