// The scheduler: every stage that the target needs, each as soon as what it stands on is there, independent ones at
// once. Steps of one stage follow one another.

import { type Digest, MilleError } from '../../core/index.ts';
import { formatPlatform, type ImageConfig, samePlatform } from '../../oci/image/index.ts';
import type { ParentName } from '../cache/index.ts';
import {
  type BuildPlan,
  evaluateStage,
  type FileSource,
  imageState,
  type PlannedStage,
  type StageState,
  type Step,
  type StepResult,
  scratchState,
} from '../graph/index.ts';
import { located } from './located.ts';
import { prepareRun } from './run-step.ts';
import { runThroughCache } from './run-through-cache.ts';
import type { ExecuteServices } from './services.ts';
import { type Snapshot, snapshotOf, withLayer } from './snapshot.ts';
import { prepareTransfer } from './transfer-step.ts';
import { refuseUnsupported, unsupported } from './unsupported.ts';
import { refuseAborted, type StepWork } from './work.ts';
import { prepareWorkdir } from './workdir-step.ts';

/** A base image, resolved before the build. */
export interface BaseImage {
  readonly config: ImageConfig;
}

/** What building gave. */
export interface BuiltStage {
  readonly state: StageState;
  readonly snapshot: Snapshot;
  /** Layers of the image that the chain of stages stands on. */
  readonly baseLayers: readonly Digest[];
  /** Results of the steps of this stage and of those below it. */
  readonly results: ReadonlyMap<string, StepResult>;
}

/**
 * Executes a plan.
 * @param images the images that the plan asks for, by reference
 * @throws MilleError of the first step that fails; the others are ended.
 */
export async function executeBuild(
  services: ExecuteServices,
  plan: BuildPlan,
  images: ReadonlyMap<string, BaseImage>,
): Promise<BuiltStage> {
  const abort = new AbortController();
  const stop = () => abort.abort(services.signal.reason);
  services.signal.addEventListener('abort', stop);
  if (services.signal.aborted) stop();
  const inside: ExecuteServices = { ...services, signal: abort.signal };
  const running = new Map<number, Promise<BuiltStage>>();
  const stageResult = (index: number): Promise<BuiltStage> => {
    const stage = plan.stages.find((s) => s.index === index);
    if (!stage) throw new Error(`stage ${index} is not in the plan`);
    let result = running.get(index);
    if (!result) {
      result = executeStage({ services: inside, plan, images, stageResult }, stage);
      running.set(index, result);
    }
    return result;
  };
  try {
    return (await Promise.all(plan.stages.map((stage) => stageResult(stage.index))))[
      plan.stages.findIndex((stage) => stage.index === plan.target)
    ]!;
  } catch (error) {
    // The first failure ends the other stages; wait until their containers are gone.
    abort.abort();
    await Promise.allSettled(running.values());
    throw services.signal.aborted ? new MilleError('interrupted', 'the build was interrupted') : error;
  } finally {
    services.signal.removeEventListener('abort', stop);
  }
}

interface StageRun {
  readonly services: ExecuteServices;
  readonly plan: BuildPlan;
  readonly images: ReadonlyMap<string, BaseImage>;
  readonly stageResult: (index: number) => Promise<BuiltStage>;
}

async function executeStage(run: StageRun, stage: PlannedStage): Promise<BuiltStage> {
  const { services, plan } = run;
  const base = await openBase(run, stage);
  const evaluation = evaluateStage(plan, stage, base.state);
  evaluation.steps.forEach(refuseUnsupported);
  if (evaluation.fromTitle !== undefined) announceBase(services, stage, evaluation.fromTitle);
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
    const made = await runThroughCache(services, step, {
      prepare: () => prepare(run, step, snapshot),
      parent,
    });
    if (made.layer) {
      snapshot = withLayer(snapshot, made.layer);
      if (!made.onChangedGround) parent = { kind: 'step', title: step.title };
      else if (parent.kind === 'step') parent = { ...parent, kind: 'earlier-step' };
    }
    results.set(step.id, { ...(made.layer ? { diffId: made.layer.diffId } : {}), created: made.created });
  }
  return { state: evaluation.state, snapshot, baseLayers: base.baseLayers, results };
}

/** The stages that a step reads from. */
function stagesOf(step: Step): number[] {
  const mounts = step.kind === 'run' ? step.mounts : [];
  const from = [
    ...(step.kind === 'copy' ? [step.from] : []),
    ...mounts.flatMap((mount) => (mount.type === 'bind' || mount.type === 'cache' ? [mount.from] : [])),
  ];
  return from.flatMap((source) => (source.kind === 'stage' ? [source.stage] : []));
}

function prepare(run: StageRun, step: Step, snapshot: Snapshot): StepWork | Promise<StepWork> {
  const { services } = run;
  const around = {
    snapshot,
    sources: (from: FileSource) => sourceSnapshot(run, from),
    stageName: (index: number) => run.plan.stages.find((s) => s.index === index)?.from.name ?? String(index),
  };
  switch (step.kind) {
    case 'run':
      return prepareRun(services, step, around);
    case 'workdir':
      return prepareWorkdir(services, step, snapshot);
    case 'copy':
    case 'add':
      return prepareTransfer(services, step, around);
  }
}

async function openBase(run: StageRun, stage: PlannedStage): Promise<BuiltStage> {
  const { base } = stage;
  const nothing = { baseLayers: [], results: new Map<string, StepResult>() };
  if (base.kind === 'scratch')
    return { state: scratchState(stage.platform), snapshot: { layers: [] }, ...nothing };
  if (base.kind === 'stage') return await run.stageResult(base.stage);
  if (base.kind === 'context') throw unsupported(`the named context ${base.name}`, stage.from.base.span);
  const { config } = imageOf(run, base.reference);
  checkPlatform(config, stage);
  const ids = config.rootfs.diff_ids;
  const snapshot = located(stage.from.base.span, () => snapshotOf(run.services.store, ids));
  return { state: imageState(config, stage.platform), snapshot, ...nothing, baseLayers: ids };
}

function imageOf(run: StageRun, reference: string): BaseImage {
  const image = run.images.get(reference);
  if (!image) throw new Error(`the image ${reference} was not resolved`);
  return image;
}

async function sourceSnapshot(run: StageRun, from: FileSource): Promise<Snapshot> {
  if (from.kind === 'stage') return (await run.stageResult(from.stage)).snapshot;
  if (from.kind === 'image') {
    return snapshotOf(run.services.store, imageOf(run, from.reference).config.rootfs.diff_ids);
  }
  return { layers: [] };
}

function checkPlatform(config: ImageConfig, stage: PlannedStage): void {
  const { os, architecture, variant } = config;
  const found = { os, architecture, ...(variant ? { variant } : {}) };
  if (samePlatform(found, stage.platform)) return;
  const name = stage.from.base.text;
  throw new MilleError(
    'platform-unsupported',
    `the image ${name} in the store is for ${formatPlatform(found)}, not ${formatPlatform(stage.platform)}`,
    { hint: 'load or make one for this platform', span: stage.from.base.span },
  );
}

function announceBase(services: ExecuteServices, stage: PlannedStage, title: string): void {
  const step = `${stage.index}.from`;
  services.events({ type: 'step-started', step, title, span: stage.from.span });
  services.events({ type: 'step-finished', step, outcome: 'cached', seconds: 0 });
}
