// One step of a forecast.

import { MilleError, type MissReason } from '../../core/index.ts';
import type { LayerInfo } from '../../oci/image/index.ts';
import { keyOf, type ParentName } from '../cache/index.ts';
import { type FileSource, isImage, type NamedInput, type Step, staticInputs } from '../graph/index.ts';
import { findRecord } from './find-record.ts';
import type { Around, StepForecast, UnsureGround } from './forecast.ts';
import { type ForecastServices, isForeseen } from './foreseen-layers.ts';
import { tellOldPackageLists } from './old-package-lists.ts';
import { type LayersSource, prepareStep, sourcesOf } from './prepare-step.ts';
import type { ExecuteServices } from './services.ts';
import { diffIds, type Snapshot, snapshotContent, withLayer } from './snapshot.ts';
import { keyInputs, placeOf } from './step-key.ts';
import type { StepWork } from './work.ts';

/** A step's forecast, and what the next one stands on. */
export interface Forecasted {
  readonly forecast: StepForecast;
  readonly after: UnsureGround;
  /** As in a build: it makes the same as before, but what it stands on changed. */
  readonly onChangedGround?: boolean;
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
  /** What is below is an input: not with --link. */
  readonly onLayers: boolean;
  readonly work?: StepWork;
}

/** Forecasts a step. @throws MilleError as `prepareStep`, for what does not depend on a step that runs */
export async function forecastStep(
  services: ForecastServices,
  step: Step,
  around: Around,
): Promise<Forecasted> {
  const known = await lookAt(services, step, around);
  try {
    return await forecastKnown(services, step, { known, around });
  } finally {
    known.work?.release?.();
  }
}

async function forecastKnown(
  services: ForecastServices,
  step: Step,
  { known, around }: { readonly known: KnownStep; readonly around: Around },
): Promise<Forecasted> {
  const { ground, running } = around;
  const { unsure } = known;
  const latest = services.cache.latest(placeOf(services, step));
  const { id, title } = step;
  const common = {
    ...{ id, title, step, reasons: [], after: [] },
    ...(latest ? { last: { seconds: latest.record.seconds, of: latest.of } } : {}),
  };
  const asBefore = (after: Iterable<string>) =>
    onTop(services, ground, { result: latest?.record.result, after });
  const key = known.complete ? keyOf(known.inputs) : undefined;
  const same = unsure.size === 0 && key !== undefined ? running.get(key) : undefined;
  if (same) {
    const { id: sameAs, result } = same;
    const after = result ? onTop(services, ground, { result, after: [] }) : asBefore([sameAs]);
    return { forecast: { ...common, verdict: 'cached', sameAs }, after };
  }
  const { hit, refused } = findRecord(services, step, key);
  if (hit) {
    const after = onTop(services, ground, { result: hit.result, after: unsure });
    if (unsure.size > 0)
      return { forecast: { ...common, verdict: 'may-run', after: [...unsure], runsIf: 'differs' }, after };
    for (const { secret, ...warning } of hit.result.warnings ?? [])
      if (!secret || services.leaks?.shows(secret)) services.events({ type: 'warning', ...warning });
    tellOldPackageLists(services, step, hit);
    return { forecast: { ...common, verdict: 'cached', key: hit.key }, after };
  }
  const made = await foreseen(services, step, { known, ground });
  // What stands on something that never was is not found, whatever else is below it.
  const onNew = known.onLayers ? ground.newBy : undefined;
  const mayBeThere = !refused && unsure.size > 0 && onNew === undefined;
  if (mayBeThere && services.cache.hasAlike({ ...placeOf(services, step), ...known })) {
    return {
      forecast: { ...common, verdict: 'may-run', after: [...unsure], runsIf: 'unless-known' },
      after: made
        ? onTop(services, ground, { result: made, after: unsure, by: title })
        : asBefore([...unsure, id]),
    };
  }
  if (unsure.size === 0 && key !== undefined) running.set(key, { id, ...(made ? { result: made } : {}) });
  const reasons = refused ? [refused] : reasonsFor(services, step, { known, around });
  const kept = made?.layer && services.cache.sameContent(placeOf(services, step), made.layer.contentId);
  return {
    forecast: { ...common, verdict: 'runs', reasons },
    after: made ? onTop(services, ground, { result: made, after: unsure, by: title }) : asBefore([id]),
    ...(kept && reasons.some(({ kind }) => kind === 'parent') ? { onChangedGround: true } : {}),
  };
}

/** What a step makes that runs no command, on what is below it now, or will be if it is as before. */
async function foreseen(
  services: ForecastServices,
  step: Step,
  { known, ground }: { readonly known: KnownStep; readonly ground: UnsureGround },
): Promise<{ readonly layer?: LayerInfo } | undefined> {
  const { work, complete, unsure } = known;
  if (!complete || !(await showsTables(services, ground))) return undefined;
  try {
    const entries = await work?.foresee?.();
    if (!entries) return undefined;
    if (entries.length === 0 && step.kind === 'workdir') return {};
    const layer = services.addForeseen(entries);
    return layer && { layer };
  } catch (error) {
    // What is in its way may be gone once the steps below have run.
    if (error instanceof MilleError && unsure.size > 0) return undefined;
    throw error instanceof MilleError ? error.at(step.span) : error;
  }
}

/** Whether the tables of what is below can be looked at: those of layers that are elsewhere are brought, no layer is. */
async function showsTables({ travel }: ForecastServices, { snapshot }: UnsureGround): Promise<boolean> {
  if (!travel || !snapshot) return true;
  const ids = diffIds(snapshot);
  if (travel.distant.missing(ids).some(({ table }) => !table)) return false;
  await travel.distant.tables(ids);
  return true;
}

/** The ground with what a step makes on it: what it made before, where that is known. */
function onTop(
  services: ExecuteServices,
  ground: UnsureGround,
  made: {
    readonly result: { readonly layer?: LayerInfo } | undefined;
    readonly after: Iterable<string>;
    /** The step whose layer it is, where it is foreseen. */
    readonly by?: string;
  },
): UnsureGround {
  const after = new Set([...ground.after, ...made.after]);
  const layer = made.result?.layer;
  const isNew = made.by !== undefined && layer && !services.cache.knowsContent(layer.contentId);
  const newBy = isNew ? made.by : ground.newBy;
  const rest = { after, ...(newBy === undefined ? {} : { newBy }) };
  if (!made.result || !ground.snapshot) return rest;
  if (!layer) return { ...rest, snapshot: ground.snapshot };
  return isForeseen(layer) || services.store.layer(layer.diffId)
    ? { ...rest, snapshot: withLayer(ground.snapshot, layer) }
    : rest;
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
  const work = readable
    ? await prepared(step, {
        sure: unsureSources.length === 0,
        prepare: async () => {
          const { snapshot = EMPTY } = ground;
          await services.travel?.distant.tables(diffIds(snapshot));
          return await prepareStep(services, build, { step, ground: { snapshot, layersOf } });
        },
      })
    : undefined;
  const inputs = work?.inputs;
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
    onLayers,
    ...(work ? { work } : {}),
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

/** The step prepared; undefined where that fails for want of what is not there yet. */
async function prepared(
  step: Step,
  { sure, prepare }: { readonly sure: boolean; readonly prepare: () => ReturnType<typeof prepareStep> },
): Promise<StepWork | undefined> {
  try {
    return await prepare();
  } catch (error) {
    if (!(error instanceof MilleError)) throw error;
    // A stage that runs may well make what it did not make before.
    if (!sure && error.code === 'source-missing') return undefined;
    throw error.code === 'interrupted' ? error : error.at(step.span);
  }
}

/** Why a step runs. What it stands on is no reason where that is not known, but for what is new for certain. */
function reasonsFor(
  services: ExecuteServices,
  step: Step,
  { known, around }: { readonly known: KnownStep; readonly around: Around },
): readonly MissReason[] {
  const { inputs, unknown, onLayers } = known;
  const { parent, ground } = around;
  const { buildId } = services;
  const reasons = services.cache.explain({ ...placeOf(services, step), inputs, parent, buildId });
  const own = reasons.filter(({ kind }) => !((kind === 'parent' || kind === 'file') && unknown.has(kind)));
  // Where there is nothing to compare with, that is all there is to say.
  if (own.some(({ kind, text }) => kind === 'first-build' || text === 'new instruction')) return own;
  const ofParent = onLayers && unknown.has('parent') ? parentReason(parent, ground.newBy) : undefined;
  if (ofParent) return [ofParent, ...own];
  return own.length > 0 ? own : [ON_SOMETHING_NEW];
}

/** A step below makes what there never was: as a build words it, as far as that is known. */
function parentReason({ kind, title }: ParentName, newBy: string | undefined): MissReason | undefined {
  if (newBy === undefined) return undefined;
  if (kind === 'stage') return { kind: 'parent', subject: title, text: `stage ${title} changed` };
  const which = newBy === title ? 'the step before it changed' : 'an earlier step changed';
  return { kind: 'parent', subject: newBy, text: `${which}: ${newBy.replace(/ +/g, ' ')}` };
}

const ON_SOMETHING_NEW: MissReason = { kind: 'parent', subject: '', text: 'a step before it changed' };
