// `--verify`: the build again, every step for real, on what the first one made of the steps before it. So each step is
// judged by itself: one that makes something else does not make those after it look as if they did. Nothing of it is
// recorded, and the layers that only it made go at the end.

import {
  type BuiltStage,
  type EvaluatedBuild,
  type ExecuteServices,
  executeBuilds,
} from '../../build/execute/index.ts';
import type { Step } from '../../build/graph/index.ts';
import { type Digest, displayPath, type EventSink, formatPlace, MilleError } from '../../core/index.ts';
import type { LayerInfo } from '../../oci/image/index.ts';
import { type TableDifference, tableDifferences } from '../../oci/layer/index.ts';
import { inOneStep } from './in-one-step.ts';

/** Named at most: the rest is counted. */
const MOST_STEPS = 10;
const MOST_FILES = 10;

/** The layers that a build made or found, by step; listens to its events. */
export class LayersOfBuild {
  readonly layers = new Map<string, Digest | undefined>();

  readonly note: EventSink = (event) => {
    if (event.type === 'step-finished') this.layers.set(event.step, event.layer);
  };
}

/** The build that is verified. */
export interface FirstBuild {
  /** One for each platform. */
  readonly executed: readonly BuiltStage[];
  readonly layersOfSteps: LayersOfBuild;
}

/** A step that made something else the second time. */
interface Deviation {
  readonly step: Step;
  readonly differences: readonly TableDifference[];
}

/**
 * Builds again and compares.
 * @throws MilleError `not-reproducible` where a step fails, or makes something else from which another image comes
 */
export async function verifyBuild(
  services: ExecuteServices,
  builds: readonly EvaluatedBuild[],
  { executed, layersOfSteps: { layers } }: FirstBuild,
): Promise<void> {
  const { store, events, clampTime } = services;
  const step = 'verify';
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  const deviations: Deviation[] = [];
  const times = clampTime !== undefined;
  const instead = async (done: Step, layer: LayerInfo | undefined): Promise<LayerInfo | undefined> => {
    const diffId = layers.get(done.id);
    const before = diffId === undefined ? undefined : store.layer(diffId)?.info;
    if (sameLayer(before, layer, times)) return before;
    // What came from a cache of elsewhere may still be there.
    if (diffId !== undefined) await services.travel?.distant.tables([diffId]);
    const table = (of: LayerInfo | undefined) => (of ? store.toc(of.diffId) : { entries: [] });
    const differences = tableDifferences(table(before), table(layer), { times });
    if (differences.length > 0) deviations.push({ step: done, differences });
    return before;
  };
  events({ type: 'step-started', step, title: '[verify] build again without the cache' });
  const { lookedUp: _, ...others } = services;
  try {
    const again = { ...others, noCache: '--verify', events: inOneStep(step, events) };
    await executeBuilds({ ...again, instead }, builds);
    // What a stage makes beside what is taken of it does not matter to the image; only building tells.
    const aside = !deviations.some((one) => builds.some((build) => inImage(build, one)));
    if (deviations.length > 0 && !(aside && (await makesSameImages(again, builds, executed))))
      throw deviating(builds, deviations);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    events({ type: 'step-failed', step, message: message.split('\n', 1)[0]!, seconds: seconds() });
    throw error instanceof MilleError && error.code === 'step-failed' ? failedAgain(error) : error;
  }
  events({ type: 'step-finished', step, outcome: 'ran', seconds: seconds() });
  const what = times ? 'the same, to the byte' : 'the same, times of files left out';
  const all = deviations.length === 0 ? 'every step made' : 'what is in the image is';
  events({ type: 'note', message: `built twice: ${all} ${what}` });
  if (deviations.length > 0) events({ type: 'note', message: asideText(builds, deviations) });
}

/** Whether a step is of the stages that the image is made of. */
function inImage({ plan, evaluations }: EvaluatedBuild, { step }: Deviation): boolean {
  if (!evaluations.get(step.stage)?.steps.some(({ id }) => id === step.id)) return false;
  const bases = new Map(plan.stages.map(({ index, base }) => [index, base]));
  for (let stage: number | undefined = plan.target; stage !== undefined; ) {
    if (stage === step.stage) return true;
    const base = bases.get(stage);
    stage = base?.kind === 'stage' ? base.stage : undefined;
  }
  return false;
}

/** Builds once more, each step on what this build itself makes: whether all of it comes to the same images. */
async function makesSameImages(
  services: ExecuteServices,
  builds: readonly EvaluatedBuild[],
  first: readonly BuiltStage[],
): Promise<boolean> {
  const instead = async (_: Step, layer: LayerInfo | undefined) => layer;
  const second = await executeBuilds({ ...services, instead }, builds);
  const times = services.clampTime !== undefined;
  return first.every(({ snapshot: { layers: ours } }, i) => {
    const theirs = second[i]!.snapshot.layers;
    return ours.length === theirs.length && ours.every((layer, k) => sameLayer(layer, theirs[k], times));
  });
}

function inOrder(builds: readonly EvaluatedBuild[], deviations: readonly Deviation[]): readonly Deviation[] {
  const stages = builds.flatMap(({ evaluations }) => [...evaluations.values()]);
  const order = stages.flatMap(({ steps }) => steps.map(({ id }) => id));
  return [...deviations].sort((a, b) => order.indexOf(a.step.id) - order.indexOf(b.step.id));
}

/** About steps whose other results stay in their stages. */
function asideText(builds: readonly EvaluatedBuild[], deviations: readonly Deviation[]): string {
  const [first, ...rest] = inOrder(builds, deviations);
  const { step, differences } = first!;
  const files = differences.length === 1 ? '' : ` and ${differences.length - 1} more`;
  const others = rest.length === 0 ? '' : `, and ${rest.length} more ${rest.length === 1 ? 'step' : 'steps'}`;
  const file = `/${displayPath(differences[0]!.path)}${files}`;
  return `not in the image, and something else each time: ${file} of ${step.title}${others}`;
}

function sameLayer(a: LayerInfo | undefined, b: LayerInfo | undefined, times: boolean): boolean {
  return a?.diffId === b?.diffId || (!times && a?.contentId === b?.contentId);
}

function deviating(builds: readonly EvaluatedBuild[], deviations: readonly Deviation[]): MilleError {
  const sorted = inOrder(builds, deviations);
  const { span } = sorted[0]!.step;
  const count = sorted.length === 1 ? 'a step makes' : `${sorted.length} steps make`;
  const more = sorted.length - MOST_STEPS;
  const lines = [
    `built twice, and ${count} something else each time`,
    ...sorted.slice(0, MOST_STEPS).flatMap(describe),
    ...(more > 0 ? [`and ${more} more steps`] : []),
  ];
  return new MilleError('not-reproducible', lines.join('\n'), {
    hint: 'dates, random values, logs, caches and downloads do that; reproducible.md says what helps',
    ...(span ? { span } : {}),
  });
}

function describe({ step, differences }: Deviation): string[] {
  const place = step.span ? ` (${formatPlace(step.span)})` : '';
  const more = differences.length - MOST_FILES;
  return [
    `${step.title}${place}`,
    ...differences.slice(0, MOST_FILES).map((one) => `  ${describeDifference(one)}`),
    ...(more > 0 ? [`  and ${more} more files`] : []),
  ];
}

function describeDifference({ path, what, before, after }: TableDifference): string {
  const name = `/${displayPath(path)}`;
  if (what === 'removed') return `${name}: only the first time`;
  if (what === 'added') return `${name}: only the second time`;
  if (what === 'attributes') return `${name}: extended attributes`;
  if (before === after) return `${name}: ${what}`;
  if (what === 'time') return `${name}: time, ${timeText(before)} → ${timeText(after)}`;
  return `${name}: ${what}, ${displayPath(before ?? '')} → ${displayPath(after ?? '')}`;
}

function timeText(seconds = ''): string {
  // Beyond the year 275,760 there are no dates.
  return Math.abs(Number(seconds)) > 8e12
    ? seconds
    : new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
}

function failedAgain(error: MilleError): MilleError {
  return new MilleError('not-reproducible', `built twice, and the second time ${error.message}`, {
    cause: error,
    hint: 'the first time it went well: what the command does depends on more than its inputs',
    ...(error.output ? { output: error.output } : {}),
    ...(error.span ? { span: error.span } : {}),
  });
}
