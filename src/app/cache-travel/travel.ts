// The caches of one build that come from elsewhere or go there: opened before the first step, written after the last.

import { type Cache, type StepPlaceInBuild, storedInput } from '../../build/cache/index.ts';
import {
  composeDocument,
  distinctSteps,
  INLINE_KEY,
  importCaches,
  type OpenedCache,
  openTravelCaches,
  type StepDone,
  type TravelContent,
  type WritingPlace,
  writeTravelCache,
} from '../../build/cache-travel/index.ts';
import {
  type BaseImage,
  type BuiltStage,
  diffIds,
  type EvaluatedBuild,
  type ExecuteServices,
  type FinishedStep,
  forecastBuilds,
  placeOf,
  type Travel,
} from '../../build/execute/index.ts';
import { type Digest, type EventSink, MilleError } from '../../core/index.ts';
import type { LayerInfo, Platform } from '../../oci/image/index.ts';
import type { RegistryAccess } from '../../oci/registry/index.ts';
import { type Store, withDistantLayers } from '../../oci/store/index.ts';
import { announced } from './announced.ts';
import { stepsBelow, unreadSteps } from './bare-steps.ts';
import { type PlacedTarget, readingPlace, specName, writingPlace } from './places.ts';
import type { CacheSourceSpec, CacheTargetSpec } from './types.ts';

/** What a build says of caches. */
export interface TravelOptions {
  readonly from: readonly CacheSourceSpec[];
  readonly to: readonly CacheTargetSpec[];
}

/** What opening needs. */
export interface TravelAround {
  readonly store: Store;
  readonly cache: Cache;
  readonly scope: string;
  /** Absent where registries are forbidden. */
  readonly access?: RegistryAccess;
  readonly events: EventSink;
  readonly signal: AbortSignal;
  /** Whose caches are wanted where each has one. */
  readonly platforms: readonly Platform[];
}

/** The caches of a build. */
export interface BuildTravel extends Disposable {
  /** What executing needs: the store and the cache with what was imported. */
  readonly services: { readonly store: Store; readonly cache: Cache; readonly travel: Travel };
  /**
   * Decides which steps of other stages need not run, though nobody has what they made.
   * @param wantsImage whether the layers of the target are wanted
   */
  settle(builds: readonly EvaluatedBuild[], services: ExecuteServices, wantsImage: boolean): Promise<void>;
  /** What stands in the config of the image of one platform; undefined unless it was asked for. */
  inline(build: EvaluatedBuild, built: BuiltStage): Readonly<Record<string, unknown>> | undefined;
  /** Brings what the outputs need. @param passing layers that they need elsewhere only */
  bring(built: readonly BuiltStage[], passing?: ReadonlySet<Digest>): Promise<void>;
  /**
   * Writes the caches that were asked for: all platforms in one.
   * @throws MilleError unless its failing is to be ignored
   */
  write(builds: readonly EvaluatedBuild[]): Promise<void>;
}

/**
 * Opens the caches of a build. One that cannot be read is a warning.
 * @throws MilleError `interrupted`
 */
export async function openTravel(around: TravelAround, options: TravelOptions): Promise<BuildTravel> {
  const { store, cache, scope, events } = around;
  const opened = await openAll(around, options.from);
  const { store: withDistant, distant } = withDistantLayers(store);
  const warn = (message: string) => events({ type: 'warning', message });
  const imported = importCaches({ cache, store, withDistant, distant, scope, warn }, opened);
  const steps: NotedStep[] = [];
  return {
    services: {
      store: withDistant,
      cache: imported.cache,
      travel: {
        distant,
        takeBase: imported.takeBase,
        ready: imported.ready,
        note: (finished) => steps.push({ id: finished.step.id, done: stepDone(finished) }),
      },
    },
    settle: async (builds, services, wantsImage) => {
      // Who wants all layers written has to have them.
      if (!imported.hasBare || options.to.some((spec) => spec.type !== 'inline' && spec.mode === 'max'))
        return;
      imported.allowBare('all');
      const forecasts = await forecastBuilds({ ...services, events: () => {} }, builds);
      const { isBare } = imported;
      imported.allowBare(unreadSteps(builds, { forecasts, isBare, wantsImage }));
    },
    inline: (build, built) => {
      if (!options.to.some(({ type }) => type === 'inline')) return undefined;
      const content = { steps: distinctSteps(below([build], steps)), bases: baseOf(built) };
      const { version, layers, records } = composeDocument(content, () => ({}));
      return { [INLINE_KEY]: { version, layers, records } };
    },
    bring: (built, passing) =>
      announced(around, 'bring-layers', 'fetch the layers of the image', async (progress) => {
        const all = new Set(built.flatMap(({ snapshot }) => diffIds(snapshot)));
        const ids = [...all].filter((diffId) => !passing?.has(diffId));
        if (distant.missing(ids).length === 0) return undefined;
        await distant.bring(ids, (done, total) => progress('fetching', done, total));
        return {};
      }),
    write: async (builds) => {
      const targets = options.to.filter((spec): spec is PlacedTarget => spec.type !== 'inline');
      const writing: WritingPlace[] = [];
      try {
        for (const [i, spec] of targets.entries()) {
          const content = contentFor(spec.mode, { builds, steps, bases: basesOf(withDistant, builds) });
          await writeOne({ ...around, opened, distant, writing }, { spec, step: `cache-to-${i}`, content });
        }
      } finally {
        // A new cache may be where an old one was read: nobody reads that one any more when it is tidied up.
        for (const { place } of opened) place.close();
        for (const place of writing) place.close();
      }
    },
    [Symbol.dispose]: () => {
      for (const { place } of opened) place.close();
    },
  };
}

/** A step that the build did, by its id. */
interface NotedStep {
  readonly id: string;
  readonly done: StepDone;
}

/** Secrets are concealed when the list is packed; the salt that is used until then is none. */
function stepDone({ step, key, inputs, result, seconds, made }: FinishedStep): StepDone {
  const { scope: _, ...placed }: StepPlaceInBuild = placeOf({ scope: '' }, step);
  return {
    key,
    ...placed,
    inputs: inputs.map((input) => storedInput(input, '')),
    ...(result.layer ? { layer: result.layer } : {}),
    created: result.created,
    ...{ seconds, made },
    ...(result.warnings ? { warnings: result.warnings } : {}),
  };
}

/** In mode=min the steps of other stages travel too, but not what they made. */
function contentFor(
  mode: PlacedTarget['mode'],
  {
    builds,
    steps: noted,
    bases,
  }: {
    readonly builds: readonly EvaluatedBuild[];
    readonly steps: readonly NotedStep[];
    readonly bases: TravelContent['bases'];
  },
): TravelContent {
  const all: TravelContent = { steps: noted.map(({ done }) => done), bases };
  if (mode === 'max') return all;
  const idsOf = (steps: readonly StepDone[]) => steps.flatMap(({ layer }) => (layer ? [layer.diffId] : []));
  const kept = new Set(idsOf(below(builds, noted)));
  return { ...all, bare: new Set(idsOf(all.steps).filter((diffId) => !kept.has(diffId))) };
}

/** The steps of those stages that the images stand on. */
function below(builds: readonly EvaluatedBuild[], steps: readonly NotedStep[]): StepDone[] {
  const kept = new Set(builds.flatMap((build) => [...stepsBelow(build, build.plan.target)]));
  return steps.flatMap(({ id, done }) => (kept.has(id) ? [done] : []));
}

/** The layers of the base of what was built. */
function baseOf({ snapshot, baseLayers }: BuiltStage): readonly LayerInfo[] {
  return snapshot.layers.slice(0, baseLayers.length);
}

/** The layers of all images that a build reads, as far as they came to be known. */
function basesOf(store: Store, builds: readonly EvaluatedBuild[]): readonly LayerInfo[] {
  const images = new Set<BaseImage>(builds.flatMap((build) => [...build.images.values()]));
  return [...images].flatMap(({ config }) =>
    config.rootfs.diff_ids.flatMap((diffId) => store.layer(diffId)?.info ?? []),
  );
}

async function openAll(around: TravelAround, specs: readonly CacheSourceSpec[]): Promise<OpenedCache[]> {
  const { access, events, signal, platforms } = around;
  const found = await Promise.allSettled(
    specs.map(async (spec) => {
      const place = readingPlace(spec, access);
      try {
        return await openTravelCaches(place, platforms);
      } catch (error) {
        place.close();
        throw error;
      }
    }),
  );
  if (signal.aborted) throw new MilleError('interrupted', 'interrupted');
  return found.flatMap((each, i) => {
    if (each.status === 'fulfilled') return each.value;
    const reason: unknown = each.reason;
    if (!(reason instanceof MilleError)) throw reason;
    events({
      type: 'warning',
      message: `the cache ${specName(specs[i]!)} is not used: ${reason.message}`,
      ...(reason.hint === undefined ? {} : { hint: reason.hint }),
    });
    return [];
  });
}

interface Writing {
  readonly spec: PlacedTarget;
  readonly step: string;
  readonly content: TravelContent;
}

async function writeOne(
  around: TravelAround & {
    readonly opened: readonly OpenedCache[];
    readonly distant: Travel['distant'];
    /** Places that were begun. */
    readonly writing: WritingPlace[];
  },
  { spec, step, content }: Writing,
): Promise<void> {
  const { store, opened, distant, access, events, signal, writing } = around;
  try {
    await announced(around, step, `write the cache to ${specName(spec)}`, async (progress) => {
      const place = writingPlace(
        spec,
        access,
        opened.map((each) => each.place),
      );
      writing.push(place);
      const packing = spec.compression;
      const written = await writeTravelCache({ store, distant, opened, packing, progress }, place, content);
      return { bytes: written.sent };
    });
  } catch (error) {
    if (!spec.ignoreError || signal.aborted || !(error instanceof MilleError)) throw error;
    events({ type: 'warning', message: `the cache was not written: ${error.message}` });
  }
}
