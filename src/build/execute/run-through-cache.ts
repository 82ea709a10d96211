// One step: its inputs, its key, and then either what the cache has or the work itself. A step that ran and made
// what it had made before keeps its earlier layer, so that the same content is the same image.

import { type Digest, MilleError, type MissReason, type StepOutcome } from '../../core/index.ts';
import type { LayerInfo } from '../../oci/image/index.ts';
import { nextTurn } from '../../sys/index.ts';
import { keyOf, type ParentName, type StepRecord } from '../cache/index.ts';
import type { NamedInput, Step } from '../graph/index.ts';
import type { ExecuteServices } from './services.ts';
import { refuseAborted, type StepWork } from './work.ts';

/** What came of a step. */
export interface StepMade {
  readonly layer?: LayerInfo;
  /** When it ran, RFC 3339. */
  readonly created: string;
  /** It made the same as before, but what it stands on changed: the steps after it will miss for that. */
  readonly onChangedGround?: boolean;
}

/** Runs a step, or takes its result from the cache. */
export async function runThroughCache(
  services: ExecuteServices,
  step: Step,
  { prepare, parent }: { prepare: () => StepWork | Promise<StepWork>; parent: ParentName },
): Promise<StepMade> {
  const { events, cache } = services;
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  events({
    type: 'step-started',
    step: step.id,
    title: step.title,
    ...(step.span ? { span: step.span } : {}),
  });
  const finish = (outcome: StepOutcome, made: StepMade): StepMade => {
    const size = made.layer ? { bytes: made.layer.size, files: made.layer.files } : {};
    events({ type: 'step-finished', step: step.id, outcome, seconds: seconds(), ...size });
    return made;
  };
  let work: StepWork | undefined;
  try {
    work = await prepare();
    const inputs = [...work.inputs, ...clampInput(services)];
    const key = keyOf(inputs);
    const hit = services.noCache ? undefined : cache.lookup(key);
    if (hit) {
      cache.touch([key]);
      return finish('cached', hit.result);
    }
    const reasons = reasonsFor(services, step, { inputs, parent });
    events({ type: 'step-missed', step: step.id, reasons });
    // Files were read without a pause: a signal that came meanwhile is only seen in the next turn.
    await nextTurn();
    refuseAborted(services.signal);
    const layer = await work.execute();
    const kept = layer && earlier(services, step, layer);
    const made = kept?.result ?? { ...(layer ? { layer } : {}), created: timestamp(services) };
    remember(services, step, { inputs, key, made, seconds: seconds() });
    finish(kept ? 'kept' : 'ran', made);
    return kept && reasons.some(({ kind }) => kind === 'parent') ? { ...made, onChangedGround: true } : made;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    events({ type: 'step-failed', step: step.id, message, seconds: seconds() });
    throw error instanceof MilleError && error.code !== 'interrupted' ? error.at(step.span) : error;
  } finally {
    work?.release?.();
  }
}

/** Clamped times are in every layer, and RUN sees them: they are an input of every step. */
function clampInput(services: ExecuteServices): NamedInput[] {
  const { clampTime } = services;
  return clampTime === undefined
    ? []
    : [{ kind: 'option', name: 'SOURCE_DATE_EPOCH', value: String(clampTime) }];
}

function placeOf(services: ExecuteServices, step: Step) {
  const { scope } = services;
  return { scope, stage: String(step.stage), position: step.position, instruction: step.instruction };
}

function reasonsFor(
  services: ExecuteServices,
  step: Step,
  known: { readonly inputs: readonly NamedInput[]; readonly parent: ParentName },
): readonly MissReason[] {
  const { noCache } = services;
  if (noCache) return [{ kind: 'no-cache', subject: noCache, text: `${noCache} was given` }];
  return services.cache.explain({ ...placeOf(services, step), ...known, buildId: services.buildId });
}

/** Early cutoff: the step ran again and made what it had made before. */
function earlier(services: ExecuteServices, step: Step, layer: LayerInfo): StepRecord | undefined {
  if (services.noCache) return undefined;
  const found = services.cache.sameContent(placeOf(services, step), layer.contentId);
  return found?.result.layer ? found : undefined;
}

function remember(
  services: ExecuteServices,
  step: Step,
  done: { inputs: readonly NamedInput[]; key: Digest; made: StepMade; seconds: number },
): void {
  services.cache.record({
    ...placeOf(services, step),
    key: done.key,
    inputs: done.inputs,
    result: done.made,
    buildId: services.buildId,
    seconds: done.seconds,
  });
}

function timestamp(services: ExecuteServices): string {
  const seconds = services.clampTime ?? services.now();
  return new Date(seconds * 1000).toISOString();
}
