// `--verify`: the build again, every step for real, on what the first one made of the steps before it. So each step is
// judged by itself: one that makes something else does not make those after it look as if they did. Nothing of it is
// recorded, and the layers that only it made go at the end.

import { type EvaluatedBuild, type ExecuteServices, executeBuild } from '../../build/execute/index.ts';
import type { Step } from '../../build/graph/index.ts';
import {
  type BuildEvent,
  type Digest,
  displayPath,
  type EventSink,
  formatPlace,
  MilleError,
} from '../../core/index.ts';
import type { LayerInfo } from '../../oci/image/index.ts';
import { type TableDifference, tableDifferences } from '../../oci/layer/index.ts';

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

/** A step that made something else the second time. */
interface Deviation {
  readonly step: Step;
  readonly differences: readonly TableDifference[];
}

/**
 * Builds again and compares.
 * @param first what the first build made
 * @throws MilleError `not-reproducible` where a step makes something else, or fails
 */
export async function verifyBuild(
  services: ExecuteServices,
  build: EvaluatedBuild,
  { layers }: LayersOfBuild,
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
    await executeBuild({ ...others, noCache: '--verify', instead, events: inOneStep(step, events) }, build);
    if (deviations.length > 0) throw deviating(build, deviations);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    events({ type: 'step-failed', step, message: message.split('\n', 1)[0]!, seconds: seconds() });
    throw error instanceof MilleError && error.code === 'step-failed' ? failedAgain(error) : error;
  }
  events({ type: 'step-finished', step, outcome: 'ran', seconds: seconds() });
  const what = times ? 'the same, to the byte' : 'the same, times of files left out';
  events({ type: 'note', message: `built twice: every step made ${what}` });
}

/** What of the second build is worth showing, as progress of one step. */
function inOneStep(step: string, events: EventSink): EventSink {
  const titles = new Map<string, string>();
  return (event: BuildEvent) => {
    if (event.type === 'step-started') titles.set(event.step, event.title);
    else if (event.type === 'step-missed')
      events({ type: 'step-progress', step, doing: titles.get(event.step) ?? event.step });
    else if (event.type === 'step-output') events({ ...event, step });
  };
}

function sameLayer(a: LayerInfo | undefined, b: LayerInfo | undefined, times: boolean): boolean {
  return a?.diffId === b?.diffId || (!times && a?.contentId === b?.contentId);
}

function deviating(build: EvaluatedBuild, deviations: readonly Deviation[]): MilleError {
  const order = [...build.evaluations.values()].flatMap(({ steps }) => steps.map(({ id }) => id));
  const sorted = [...deviations].sort((a, b) => order.indexOf(a.step.id) - order.indexOf(b.step.id));
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
