// The scheduler: every stage that the targets need, each as soon as what it stands on is there, independent ones at
// once. Steps of one stage follow one another. Of builds for several platforms each is done beside the others, and a
// step that they have in common once.

import { type Digest, MilleError } from '../../core/index.ts';
import { formatPlatform } from '../../oci/image/index.ts';
import type { ParentName } from '../cache/index.ts';
import {
  type FromStep,
  type ImageSource,
  imageKey,
  isImage,
  ofPlatform,
  type PlannedStage,
  type StageEvaluation,
  type StageState,
  type Step,
  type StepResult,
} from '../graph/index.ts';
import { type BaseImage, type EvaluatedBuild, imageOf } from './evaluate-build.ts';
import { refuseForeign } from './foreign.ts';
import { imageSnapshot } from './image-snapshot.ts';
import { noCacheFor } from './no-cache.ts';
import { type LayersSource, prepareStep, stagesOf } from './prepare-step.ts';
import { type RunningSteps, runThroughCache, type StepMade } from './run-through-cache.ts';
import type { ExecuteServices } from './services.ts';
import { diffIds, type Snapshot, withLayer } from './snapshot.ts';
import { unreadSnapshot } from './unread-bases.ts';
import { refuseAborted, type StepWork } from './work.ts';

/** What building gave. */
export interface BuiltStage {
  readonly state: StageState;
  readonly snapshot: Snapshot;
  /** Layers of the image that the chain of stages stands on. */
  readonly baseLayers: readonly Digest[];
  /** The id of that image, where it is known. */
  readonly baseImage?: Digest;
  /** Results of the steps of this stage and of those below it. */
  readonly results: ReadonlyMap<string, StepResult>;
}

/**
 * Executes builds that were evaluated together.
 * @returns what each gave, in their order
 * @throws MilleError of the first step that fails; the others are ended.
 */
export async function executeBuilds(
  services: ExecuteServices,
  builds: readonly EvaluatedBuild[],
): Promise<readonly BuiltStage[]> {
  const abort = new AbortController();
  const stop = () => abort.abort(services.signal.reason);
  services.signal.addEventListener('abort', stop);
  if (services.signal.aborted) stop();
  const inside: ExecuteServices = { ...services, signal: abort.signal };
  const running: Promise<BuiltStage>[] = [];
  const steps: StepsOnce = { made: new Map(), froms: new Map(), running: new Map() };
  try {
    const runs = builds.map((build) => ({ services: inside, build, steps }));
    for (const run of runs)
      await refuseForeign(inside, run.build, (stage) => openBaseImage(run, stage)).catch((error: unknown) => {
        throw sayingOf(run, error);
      });
    return await Promise.all(runs.map((run) => executeStages(run, running)));
  } catch (error) {
    // The first failure ends the other stages; wait until their containers are gone.
    abort.abort();
    await Promise.allSettled(running);
    throw services.signal.aborted ? new MilleError('interrupted', 'the build was interrupted') : error;
  } finally {
    services.signal.removeEventListener('abort', stop);
  }
}

/** What is done once, whichever builds need it. */
interface StepsOnce {
  /** By the ids of steps. */
  readonly made: Map<string, Promise<StepMade>>;
  /** By the ids of FROM. */
  readonly froms: Map<string, Promise<Snapshot>>;
  readonly running: RunningSteps;
}

interface BuildRun {
  readonly services: ExecuteServices;
  readonly build: EvaluatedBuild;
  readonly steps: StepsOnce;
}

interface StageRun extends BuildRun {
  readonly stageResult: (index: number) => Promise<BuiltStage>;
}

/** All stages of one build. @param begun takes each that was begun */
async function executeStages(run: BuildRun, begun: Promise<BuiltStage>[]): Promise<BuiltStage> {
  const { stages, target } = run.build.plan;
  const results = new Map<number, Promise<BuiltStage>>();
  const stageResult = (index: number): Promise<BuiltStage> => {
    const stage = stages.find((s) => s.index === index);
    if (!stage) throw new Error(`stage ${index} is not in the plan`);
    let result = results.get(index);
    if (!result) {
      result = executeStage({ ...run, stageResult }, stage);
      results.set(index, result);
      begun.push(result);
    }
    return result;
  };
  await Promise.all(stages.map(({ index }) => stageResult(index)));
  return await stageResult(target);
}

/** The result of what has an id, begun by whoever comes to it first. */
function once<T>(done: Map<string, Promise<T>>, id: string, work: () => Promise<T>): Promise<T> {
  let result = done.get(id);
  if (!result) {
    result = work();
    done.set(id, result);
  }
  return result;
}

async function executeStage(run: StageRun, stage: PlannedStage): Promise<BuiltStage> {
  const { build } = run;
  const noCache = noCacheFor(run.services, stage);
  const services = noCache === undefined ? run.services : { ...run.services, noCache };
  const base = await openBase(run, stage);
  const evaluation = build.evaluations.get(stage.index) as StageEvaluation;
  const results = new Map(base.results);
  let snapshot = base.snapshot;
  let parent: ParentName = {
    kind: stage.base.kind === 'stage' ? 'stage' : 'base',
    title: stage.from.base.text,
  };
  for (const step of evaluation.steps) {
    refuseAborted(services.signal);
    // Waiting is no part of the step's time, and a failure elsewhere is no failure of this step.
    for (const index of stagesOf(step)) await run.stageResult(index);
    const prepare = async () => {
      const ground = { snapshot, layersOf: (from: LayersSource) => layersOf(run, from, step.id) };
      return bringing(services, step, {
        snapshot,
        work: await prepareStep(services, build, { step, ground }),
      });
    };
    const { running } = run.steps;
    const made = await once(run.steps.made, step.id, () =>
      runThroughCache(services, step, { prepare, parent, running }).catch((error: unknown) => {
        throw sayingOf(run, error, step.madeFor);
      }),
    );
    if (made.layer) {
      snapshot = withLayer(snapshot, made.layer);
      if (!made.onChangedGround) parent = { kind: 'step', title: step.title };
      else parent = { ...parent, ...(parent.kind === 'step' ? { kind: 'earlier-step' } : {}), onStep: true };
    }
    results.set(step.id, { ...(made.layer ? { diffId: made.layer.diffId } : {}), created: made.created });
  }
  return { ...base, state: evaluation.state, snapshot, results };
}

/** An error that says the platform, where that is one of several. */
function sayingOf({ build: { plan } }: BuildRun, error: unknown, madeFor = formatPlatform(plan.platform)) {
  return plan.amongOthers ? ofPlatform(error, madeFor) : error;
}

/** The layers that a step reads from, made or brought first. */
async function layersOf(run: StageRun, from: LayersSource, step: string): Promise<Snapshot> {
  if (from.kind === 'stage') return (await run.stageResult(from.stage)).snapshot;
  if (!isImage(from)) throw new Error(`the context ${from.name} is no image`);
  return (await imageSnapshot(run.services, imageOf(run.build.images, from), step)).snapshot;
}

/** Before a step is executed, what it stands on comes here: as much of it as the step needs. */
function bringing(
  { travel, events }: ExecuteServices,
  step: Step,
  { snapshot, work }: { readonly snapshot: Snapshot; readonly work: StepWork },
): StepWork {
  // Who copies with --link looks at nothing of it.
  if (!travel || ('link' in step && step.link)) return work;
  const { distant } = travel;
  const below = diffIds(snapshot);
  return {
    ...work,
    execute: async () => {
      await distant.tables(below);
      if (step.kind === 'run') {
        await distant.bring(below, (done, total) =>
          events({ type: 'step-progress', step: step.id, doing: 'fetching the layers below', done, total }),
        );
      }
      return await work.execute();
    },
  };
}

async function openBase(run: StageRun, stage: PlannedStage): Promise<Omit<BuiltStage, 'state'>> {
  const { base } = stage;
  const nothing = { baseLayers: [], results: new Map<string, StepResult>() };
  if (base.kind === 'stage') return await run.stageResult(base.stage);
  if (!isImage(base)) return { snapshot: { layers: [] }, ...nothing };
  const snapshot = await openBaseImage(run, stage);
  const { imageId, config } = imageOf(run.build.images, base);
  const baseLayers = config.rootfs.diff_ids;
  return { snapshot, ...nothing, baseLayers, ...(imageId === undefined ? {} : { baseImage: imageId }) };
}

/** The layers of the image that a stage stands on. */
function openBaseImage(run: BuildRun, stage: PlannedStage): Promise<Snapshot> {
  const { from } = run.build.evaluations.get(stage.index)!;
  return once(run.steps.froms, from!.id, () => executeFrom(run, stage, from!));
}

/** FROM as people see it: a step, which does something only where layers have to be brought. */
async function executeFrom(run: BuildRun, stage: PlannedStage, from: FromStep): Promise<Snapshot> {
  const { events } = run.services;
  const { id: step, title } = from;
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  events({ type: 'step-started', step, title, span: stage.from.span });
  try {
    const source = stage.base as ImageSource;
    const image = imageOf(run.build.images, source);
    if (run.services.unread?.has(imageKey(source))) {
      events({ type: 'step-finished', step, outcome: 'cached', seconds: 0 });
      return unreadSnapshot(image);
    }
    const { load } = image;
    const unpack = run.build.evaluations.get(stage.index)?.steps.some(({ kind }) => kind === 'run');
    const base: BaseImage = load ? { ...image, load: (progress) => load(progress, unpack) } : image;
    const { snapshot, read } = await imageSnapshot(run.services, base, step);
    const outcome = read ? 'ran' : 'cached';
    events({ type: 'step-finished', step, outcome, seconds: read ? seconds() : 0 });
    return snapshot;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    events({ type: 'step-failed', step, message, seconds: seconds() });
    throw error instanceof MilleError && error.code !== 'interrupted'
      ? error.at(stage.from.base.span)
      : error;
  }
}
