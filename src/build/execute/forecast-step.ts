// One step of a forecast.

import { MilleError, type MissReason } from '../../core/index.ts';
import { keyOf, type StepRecord } from '../cache/index.ts';
import { type FileSource, isImage, type NamedInput, type Step, staticInputs } from '../graph/index.ts';
import { findRecord } from './find-record.ts';
import type { Around, StepForecast, UnsureGround } from './forecast.ts';
import { tellOldPackageLists } from './old-package-lists.ts';
import { type LayersSource, prepareStep, sourcesOf } from './prepare-step.ts';
import type { ExecuteServices } from './services.ts';
import { type Snapshot, snapshotContent, withLayer } from './snapshot.ts';
import { keyInputs, placeOf } from './step-key.ts';

/** A step's forecast, and what the next one stands on. */
interface Forecasted {
  readonly forecast: StepForecast;
  readonly after: UnsureGround;
}

/** What is known of a step before anything ran. */
interface KnownStep {
  readonly inputs: readonly NamedInput[];
  /** Kinds of inputs that are not sure. */
  readonly unknown: ReadonlySet<NamedInput['kind']>;
  /** What its key depends on that is not there yet. */
  readonly unsure: ReadonlySet<string>;
  /** The inputs are complete, if what is not there yet will be as before. */
  readonly complete: boolean;
}

/** Forecasts a step. @throws MilleError as `prepareStep`, for what does not depend on a step that runs */
export async function forecastStep(
  services: ExecuteServices,
  step: Step,
  around: Around,
): Promise<Forecasted> {
  const known = await lookAt(services, step, around);
  const { ground, running } = around;
  const { unsure } = known;
  const latest = services.cache.latest(placeOf(services, step));
  const before = latest?.record;
  const { id, title } = step;
  const common = {
    ...{ id, title, step, reasons: [], after: [] },
    ...(latest ? { last: { seconds: latest.record.seconds, of: latest.of } } : {}),
  };
  const runs = (reasons: readonly MissReason[]): Forecasted => ({
    forecast: { ...common, verdict: 'runs', reasons },
    after: onTop(services, ground, { record: before, after: [step.id] }),
  });
  const key = known.complete ? keyOf(known.inputs) : undefined;
  const same = unsure.size === 0 && key !== undefined ? running.get(key) : undefined;
  if (same) {
    return {
      forecast: { ...common, verdict: 'cached', sameAs: same },
      after: onTop(services, ground, { record: before, after: [same] }),
    };
  }
  const { hit, refused } = findRecord(services, step, key);
  if (refused) return noteRunning(runs([refused]));
  if (hit) {
    const after = onTop(services, ground, { record: hit, after: unsure });
    if (unsure.size === 0) {
      for (const warning of hit.result.warnings ?? []) services.events({ type: 'warning', ...warning });
      tellOldPackageLists(services, step, hit);
      return { forecast: { ...common, verdict: 'cached' }, after };
    }
    return { forecast: { ...common, verdict: 'may-run', after: [...unsure], runsIf: 'differs' }, after };
  }
  if (unsure.size > 0 && services.cache.hasAlike({ ...placeOf(services, step), ...known })) {
    return {
      forecast: { ...common, verdict: 'may-run', after: [...unsure], runsIf: 'unless-known' },
      after: onTop(services, ground, { record: before, after: [...unsure, step.id] }),
    };
  }
  return noteRunning(runs(reasonsFor(services, step, { known, around })));

  function noteRunning(made: Forecasted): Forecasted {
    if (unsure.size === 0 && key !== undefined) running.set(key, step.id);
    return made;
  }
}

/** The ground with what a step makes on it: what it made before, where that is known. */
function onTop(
  { store }: ExecuteServices,
  ground: UnsureGround,
  made: { readonly record: StepRecord | undefined; readonly after: Iterable<string> },
): UnsureGround {
  const after = new Set([...ground.after, ...made.after]);
  if (!made.record || !ground.snapshot) return { after };
  const { layer } = made.record.result;
  if (!layer) return { snapshot: ground.snapshot, after };
  return store.layer(layer.diffId) ? { snapshot: withLayer(ground.snapshot, layer), after } : { after };
}

const EMPTY: Snapshot = { layers: [] };

async function lookAt(services: ExecuteServices, step: Step, around: Around): Promise<KnownStep> {
  const { build, ground } = around;
  const sources = new Map<FileSource, UnsureGround>();
  for (const source of sourcesOf(step))
    if (source.kind === 'stage' || isImage(source)) sources.set(source, around.sourceOf(source));
  const unsureSources = [...sources.values()].flatMap(({ after }) => [...after]);
  const readable = [...sources.values()].every(({ snapshot }) => snapshot !== undefined);
  const layersOf = async (from: LayersSource) => sources.get(from)?.snapshot ?? EMPTY;
  const inputs = readable
    ? await inputsOf(step, {
        sure: unsureSources.length === 0,
        prepare: () =>
          prepareStep(services, build, { step, ground: { snapshot: ground.snapshot ?? EMPTY, layersOf } }),
      })
    : undefined;
  const onLayers = inputs ? inputs.some(({ kind }) => kind === 'parent') : !('link' in step && step.link);
  const all = keyInputs(services, inputs ?? [...staticInputs(step), ...parentOf(services, ground, onLayers)]);
  const unknown = new Set<NamedInput['kind']>([
    ...(onLayers && ground.after.size > 0 ? (['parent'] as const) : []),
    ...(unsureSources.length > 0 ? (['file', 'source'] as const) : []),
  ]);
  return {
    inputs: all,
    unknown,
    unsure: new Set([...(onLayers ? ground.after : []), ...unsureSources]),
    complete: inputs !== undefined && (!onLayers || ground.snapshot !== undefined),
  };
}

function parentOf(
  services: ExecuteServices,
  { snapshot }: UnsureGround,
  onLayers: boolean,
): readonly NamedInput[] {
  if (!onLayers || !snapshot) return [];
  return [{ kind: 'parent', name: '', value: snapshotContent(snapshot, services) }];
}

/** The inputs that preparing a step finds; undefined where it fails for want of what is not there yet. */
async function inputsOf(
  step: Step,
  { sure, prepare }: { readonly sure: boolean; readonly prepare: () => ReturnType<typeof prepareStep> },
): Promise<readonly NamedInput[] | undefined> {
  let work: Awaited<ReturnType<typeof prepareStep>> | undefined;
  try {
    work = await prepare();
    return work.inputs;
  } catch (error) {
    if (!(error instanceof MilleError)) throw error;
    // A stage that runs may well make what it did not make before.
    if (!sure && error.code === 'source-missing') return undefined;
    throw error.code === 'interrupted' ? error : error.at(step.span);
  } finally {
    work?.release?.();
  }
}

/** Why a step runs. What it stands on is no reason where that is not known. */
function reasonsFor(
  services: ExecuteServices,
  step: Step,
  { known, around }: { readonly known: KnownStep; readonly around: Around },
): readonly MissReason[] {
  const { inputs, unknown } = known;
  const { parent } = around;
  const { buildId } = services;
  const reasons = services.cache.explain({ ...placeOf(services, step), inputs, parent, buildId });
  const own = reasons.filter(({ kind }) => !((kind === 'parent' || kind === 'file') && unknown.has(kind)));
  return own.length > 0 ? own : [ON_CHANGED];
}

const ON_CHANGED: MissReason = { kind: 'parent', subject: '', text: 'a step before it runs' };
