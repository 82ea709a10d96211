// One step: its inputs, its key, and then either what the cache has or the work itself. A step that ran and made
// what it had made before keeps its earlier layer, so that the same content is the same image. The same step in two
// stages of one build is one step, as with BuildKit: it runs once, also when both come to it at the same time; so does
// the same step in two builds.

import { type Digest, MilleError, type MissReason, type StepOutcome } from '../../core/index.ts';
import type { LayerInfo } from '../../oci/image/index.ts';
import { nextTurn } from '../../sys/index.ts';
import {
  type CachedResult,
  type Explanation,
  keyOf,
  type ParentName,
  type StepRecord,
  type StepWarning,
} from '../cache/index.ts';
import type { NamedInput, Step } from '../graph/index.ts';
import { findRecord } from './find-record.ts';
import { tellOldPackageLists } from './old-package-lists.ts';
import type { ExecuteServices } from './services.ts';
import { keyInputs, placeOf } from './step-key.ts';
import { takeTurn } from './take-turn.ts';
import { refuseAborted, type StepWork } from './work.ts';

/** What came of a step. */
export interface StepMade {
  readonly layer?: LayerInfo;
  /** When it ran, RFC 3339. */
  readonly created: string;
  /** It made the same as before, but what it stands on changed: the steps after it will miss for that. */
  readonly onChangedGround?: boolean;
}

/** The steps that one build has begun to run, by their keys. */
export type RunningSteps = Map<Digest, { readonly step: Step; readonly made: Promise<StepMade> }>;

/** What a step needs beside the services. */
interface Given {
  readonly prepare: () => StepWork | Promise<StepWork>;
  readonly parent: ParentName;
  readonly running: RunningSteps;
}

/** Runs a step, or takes its result from the cache, or from the same step in another stage. */
export async function runThroughCache(
  services: ExecuteServices,
  step: Step,
  { prepare, parent, running }: Given,
): Promise<StepMade> {
  const { events } = services;
  let started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  // Waiting for somebody else is no part of what a step takes.
  const restart = () => {
    started = performance.now();
    return seconds;
  };
  events({
    type: 'step-started',
    step: step.id,
    title: step.title,
    ...(step.span ? { span: step.span } : {}),
  });
  const finish = (outcome: StepOutcome, made: StepMade): StepMade => {
    const { layer } = made;
    const size = layer ? { bytes: layer.size, files: layer.files, layer: layer.diffId } : {};
    events({ type: 'step-finished', step: step.id, outcome, seconds: seconds(), ...size });
    return made;
  };
  let work: StepWork | undefined;
  try {
    work = await prepare();
    await work.refuse?.();
    const inputs = keyInputs(services, work.inputs);
    const key = keyOf(inputs);
    const { hit, refused } = findRecord(services, step, key);
    if (hit) return finish('cached', use(services, step, { hit, inputs }));
    // No pause between looking and taking the place, or both would run it.
    const same = running.get(key);
    const result = same && (await resultOfSame(services, step, same.made));
    if (result) {
      services.watch?.same(step, same.step);
      return finish('cached', result);
    }
    const execute = work.execute;
    const making = executionInTurn(services, step, {
      inputs,
      key,
      parent,
      refused,
      execute,
      finish,
      restart,
    });
    running.set(key, { step, made: making });
    return await making;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    events({ type: 'step-failed', step: step.id, message, seconds: seconds() });
    throw error instanceof MilleError && error.code !== 'interrupted' ? error.at(step.span) : error;
  } finally {
    work?.release?.();
  }
}

/** Takes the result of an earlier run. */
function use(
  services: ExecuteServices,
  step: Step,
  { hit, inputs }: { readonly hit: StepRecord; readonly inputs: readonly NamedInput[] },
): CachedResult {
  const { key, result, seconds, created: made } = hit;
  // What is imported is known here from now on, as soon as its layer is.
  if (hit.imported === undefined) services.cache.touch([key]);
  else remember(services, step, { inputs, key, result, seconds, made });
  services.travel?.note({ step, key, inputs, result, seconds, made });
  services.lookedUp?.(step, { key, hit });
  tell(services, step, result.warnings);
  tellOldPackageLists(services, step, hit);
  return result;
}

/** Executes the step, unless another process has done so while it was waited for. */
async function executionInTurn(
  services: ExecuteServices,
  step: Step,
  given: Omit<Execution, 'seconds'> & { readonly restart: () => () => number },
): Promise<StepMade> {
  const { key, inputs, refused, finish, restart } = given;
  // Who wants it executed wants it executed here.
  if (refused?.kind === 'no-cache') return execution(services, step, { ...given, seconds: restart() });
  using _ = await takeTurn(services, step, key);
  const seconds = restart();
  const again = findRecord(services, step, key);
  if (again.hit) return finish('cached', use(services, step, { hit: again.hit, inputs }));
  return await execution(services, step, { ...given, refused: again.refused, seconds });
}

/** What the same step makes that another stage began to run; undefined where it fails. */
async function resultOfSame(
  services: ExecuteServices,
  step: Step,
  running: Promise<StepMade>,
): Promise<StepMade | undefined> {
  services.events({
    type: 'step-progress',
    step: step.id,
    doing: 'waiting for the same step of another stage',
  });
  const made = await running.catch(() => undefined);
  if (made) return made;
  // It failed, and ends the build in its own name.
  await nextTurn();
  refuseAborted(services.signal);
  return undefined;
}

interface Execution {
  readonly inputs: readonly NamedInput[];
  readonly key: Digest;
  readonly parent: ParentName;
  readonly refused: MissReason | undefined;
  readonly seconds: () => number;
  readonly execute: StepWork['execute'];
  readonly finish: (outcome: StepOutcome, made: StepMade) => StepMade;
}

async function execution(services: ExecuteServices, step: Step, given: Execution): Promise<StepMade> {
  const { inputs, key, seconds, finish } = given;
  await services.travel?.ready();
  const explanation = explain(services, step, given);
  const { reasons } = explanation;
  services.lookedUp?.(step, { key, explanation });
  services.events({ type: 'step-missed', step: step.id, reasons });
  // Files were read without a pause: a signal that came meanwhile is only seen in the next turn.
  await nextTurn();
  refuseAborted(services.signal);
  const { layer, warnings = [] } = await given.execute(earlierLayer(services, explanation));
  tell(services, step, warnings);
  if (services.instead) {
    const other = await services.instead(step, layer);
    return finish('ran', { ...(other ? { layer: other } : {}), created: timestamp(services) });
  }
  const kept = layer && earlier(services, step, layer);
  const made = kept
    ? { layer: kept.layer, created: kept.created }
    : { ...(layer ? { layer } : {}), created: timestamp(services) };
  const onStep = given.parent.onStep || /step$/.test(given.parent.kind) ? { onStep: true as const } : {};
  const result = { ...made, ...onStep, ...(warnings.length > 0 ? { warnings } : {}) };
  const done = { inputs, key, result, seconds: seconds(), made: Date.now() };
  remember(services, step, done);
  services.travel?.note({ step, ...done });
  finish(kept ? 'kept' : 'ran', made);
  return kept && reasons.some(({ kind }) => kind === 'parent') ? { ...made, onChangedGround: true } : made;
}

/** The layer that may hold much of what is to be made. Who wants nothing of the cache wants nothing of that either. */
function earlierLayer({ noCache }: ExecuteServices, { comparison }: Explanation): Digest | undefined {
  return noCache === undefined ? comparison?.record.layer : undefined;
}

function tell(services: ExecuteServices, step: Step, warnings: readonly StepWarning[] = []): void {
  for (const { secret, ...warning } of warnings)
    if (!secret || services.leaks?.shows(secret))
      services.events({ type: 'warning', ...warning, ...(step.span ? { span: step.span } : {}) });
}

function explain(
  services: ExecuteServices,
  step: Step,
  { inputs, parent, refused }: Pick<Execution, 'inputs' | 'parent' | 'refused'>,
): Explanation {
  const { buildId, cache } = services;
  const explanation = cache.compare({ ...placeOf(services, step), inputs, parent, buildId });
  // What differs is worth knowing all the same: for that the step would have run in any case.
  return refused ? { ...explanation, reasons: [refused] } : explanation;
}

/** Early cutoff: the step ran again and made what it had made before. */
function earlier(
  services: ExecuteServices,
  step: Step,
  layer: LayerInfo,
): { readonly layer: LayerInfo; readonly created: string } | undefined {
  if (services.noCache) return undefined;
  const { contentId, diffId } = layer;
  // Clamped times are part of a digest that is promised: there only the very same layer is the same.
  const exact = services.clampTime === undefined ? undefined : diffId;
  const result = services.cache.sameContent(placeOf(services, step), contentId, exact)?.result;
  return result?.layer && { layer: result.layer, created: result.created };
}

function remember(
  services: ExecuteServices,
  step: Step,
  done: {
    inputs: readonly NamedInput[];
    key: Digest;
    result: CachedResult;
    seconds: number;
    made?: number;
  },
): void {
  services.cache.record({
    ...placeOf(services, step),
    ...done,
    buildId: services.buildId,
  });
}

function timestamp(services: ExecuteServices): string {
  const seconds = services.clampTime ?? services.now();
  return new Date(seconds * 1000).toISOString();
}
