// What a build would do, without doing it: every step is prepared as in a build, looked up, and left at that. What COPY
// and WORKDIR make is told from their files. What a command makes is not: what comes after it stands on something that
// is not known yet, and is looked up as if the command made what it made before. Found so, it may run; if nothing that is
// there can be its result, it runs.

import { type Digest, MilleError, type MissReason } from '../../core/index.ts';
import type { LayerInfo } from '../../oci/image/index.ts';
import { nextTurn } from '../../sys/index.ts';
import type { ParentName, RunOf } from '../cache/index.ts';
import {
  type ImageSource,
  imageKey,
  isImage,
  type PlannedStage,
  type StageEvaluation,
  type Step,
} from '../graph/index.ts';
import { type EvaluatedBuild, imageOf } from './evaluate-build.ts';
import { type Forecasted, forecastStep } from './forecast-step.ts';
import { type ForecastServices, forecastServices } from './foreseen-layers.ts';
import { noCacheFor } from './no-cache.ts';
import type { ExecuteServices } from './services.ts';
import { type Snapshot, snapshotOf } from './snapshot.ts';
import { unreadSnapshot } from './unread-bases.ts';
import { refuseAborted } from './work.ts';

/**
 * `cached`: found. `runs`: not found, whatever the steps below it make. `may-run`: it depends on what they make.
 */
export type Verdict = 'cached' | 'runs' | 'may-run';

/** What would become of one step. */
export interface StepForecast {
  /** Of the step, or of FROM with an image. */
  readonly id: string;
  readonly title: string;
  readonly step?: Step;
  readonly verdict: Verdict;
  /** Of one that is cached: the key that it was found by. */
  readonly key?: Digest;
  /** Why it runs: empty for one that is cached, or may run. */
  readonly reasons: readonly MissReason[];
  /** Of one that may run: the steps on whose results that depends, by id; images that are to be fetched, by name. */
  readonly after: readonly string[];
  /**
   * Of one that may run: `differs`, it runs if one of them makes something else than before; `unless-known`, it runs
   * unless they make what they made in some earlier build.
   */
  readonly runsIf?: 'differs' | 'unless-known';
  /** The step of another stage that is the same: it runs once, for both. */
  readonly sameAs?: string;
  /** How long it took when it last ran, and whose run that was; absent where it never ran. */
  readonly last?: { readonly seconds: number; readonly of: RunOf };
}

/** What a step stands on, or reads from, as far as that is known. */
export interface UnsureGround {
  /** The layers, if the steps of `after` make what they made before; undefined where one has never run. */
  readonly snapshot?: Snapshot;
  /** The steps that run, and images to be fetched, on which it depends. */
  readonly after: ReadonlySet<string>;
  /** The title of a step whose layer, for certain, is one that there never was. */
  readonly newBy?: string;
}

/** What forecasting a step needs beside the services. */
export interface Around {
  readonly build: EvaluatedBuild;
  readonly ground: UnsureGround;
  readonly parent: ParentName;
  /** What a source that is no context is made of. */
  readonly sourceOf: (
    source: ImageSource | { readonly kind: 'stage'; readonly stage: number },
  ) => UnsureGround;
  /** Steps that are sure to run, by their keys, with what they make where that is known. */
  readonly running: Map<Digest, { readonly id: string; readonly result?: { readonly layer?: LayerInfo } }>;
}

const NOTHING: ReadonlySet<string> = new Set();

/**
 * Forecasts builds that were evaluated together: a step that they have in common once. Files are read as far as keys need their digests, and what ADD fetches to know its content is
 * fetched; nothing is run, and no layer is made or brought.
 * @throws MilleError of what a build would find wrong before it executes a step
 */
export async function forecastBuilds(
  given: ExecuteServices,
  builds: readonly EvaluatedBuild[],
): Promise<readonly StepForecast[]> {
  const services = forecastServices(given);
  const found: Found = { forecasts: new Map(), steps: new Map(), running: new Map() };
  for (const build of builds) await forecastBuild(services, build, found);
  return [...found.forecasts.values()];
}

/** What was found out for whichever builds. */
interface Found {
  /** By the ids of steps, of FROM too. */
  readonly forecasts: Map<string, StepForecast>;
  /** The same with what comes of each step. */
  readonly steps: Map<string, Forecasted>;
  readonly running: Around['running'];
}

async function forecastBuild(
  services: ForecastServices,
  build: EvaluatedBuild,
  { forecasts, steps, running }: Found,
): Promise<void> {
  const grounds = new Map<number, UnsureGround>();
  const sourceOf: Around['sourceOf'] = (source) =>
    source.kind === 'stage' ? grounds.get(source.stage)! : imageGround(services, build, source);
  // Each stage comes after those that it needs.
  for (const stage of build.plan.stages) {
    const noCache = noCacheFor(services, stage);
    const inside = noCache === undefined ? services : { ...services, noCache };
    const base = openBase(services, build, { stage, grounds });
    if (base.forecast) forecasts.set(base.forecast.id, base.forecast);
    let { ground } = base;
    let parent: ParentName = {
      kind: stage.base.kind === 'stage' ? 'stage' : 'base',
      title: stage.from.base.text,
    };
    for (const step of (build.evaluations.get(stage.index) as StageEvaluation).steps) {
      // Files are read without a pause: a signal is seen between steps.
      await nextTurn();
      refuseAborted(services.signal);
      const around = { build, ground, parent, sourceOf, running };
      const forecasted = steps.get(step.id) ?? (await forecastStep(inside, step, around));
      steps.set(step.id, forecasted);
      const { forecast, after, onChangedGround } = forecasted;
      forecasts.set(step.id, forecast);
      if (after.snapshot?.layers.length !== ground.snapshot?.layers.length) {
        if (!onChangedGround) parent = { kind: 'step', title: step.title };
        else
          parent = { ...parent, ...(parent.kind === 'step' ? { kind: 'earlier-step' } : {}), onStep: true };
      }
      ground = after;
    }
    grounds.set(stage.index, ground);
  }
}

function openBase(
  services: ExecuteServices,
  build: EvaluatedBuild,
  { stage, grounds }: { readonly stage: PlannedStage; readonly grounds: ReadonlyMap<number, UnsureGround> },
): { readonly ground: UnsureGround; readonly forecast?: StepForecast } {
  const { base } = stage;
  if (base.kind === 'stage') return { ground: grounds.get(base.stage)! };
  if (!isImage(base)) return { ground: { snapshot: { layers: [] }, after: NOTHING } };
  const { id, title } = build.evaluations.get(stage.index)!.from!;
  const snapshot = services.unread?.has(imageKey(base))
    ? unreadSnapshot(imageOf(build.images, base))
    : imageGround(services, build, base).snapshot;
  const forecast: StepForecast = {
    id,
    title,
    verdict: snapshot ? 'cached' : 'runs',
    reasons: snapshot ? [] : [TO_FETCH],
    after: [],
  };
  return { ground: snapshot ? { snapshot, after: NOTHING } : { after: new Set([id]) }, forecast };
}

const TO_FETCH: MissReason = { kind: 'other', subject: 'layers', text: 'its layers are not in the store' };

/** The layers of an image, where all of them are in the store, or known from a cache elsewhere. */
function imageGround(
  { store, travel }: ExecuteServices,
  build: EvaluatedBuild,
  source: ImageSource,
): UnsureGround {
  try {
    const { config, descriptors, load } = imageOf(build.images, source);
    const { diff_ids } = config.rootfs;
    if (load && descriptors) travel?.takeBase({ diffIds: diff_ids, descriptors, load });
    return { snapshot: snapshotOf(store, diff_ids), after: NOTHING };
  } catch (error) {
    if (!(error instanceof MilleError) || error.code !== 'image-missing') throw error;
    return { after: new Set([source.kind === 'image' ? source.reference : `context ${source.name}`]) };
  }
}
