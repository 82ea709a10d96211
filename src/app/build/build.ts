// `mille build`: from a Dockerfile and a context to an image in the store.

import { executeBuilds } from '../../build/execute/index.ts';
import { prepareLimits } from '../../build/sandbox/index.ts';
import { type BuildEvent, type EventSink, formatSize, MilleError } from '../../core/index.ts';
import { checkCaches } from '../cache-travel/check.ts';
import { collectGarbage } from '../collect-garbage.ts';
import { isOffline, offline } from '../pull/access.ts';
import { watchBuild } from '../secrets/watch-build.ts';
import { withServices } from '../services.ts';
import type { BuildOptions, BuildResult } from '../types.ts';
import { checkAnnotations } from './annotations.ts';
import { attesting } from './attesting.ts';
import { openBuildTravel } from './build-travel.ts';
import { type BuildGiven, type BuildRequest, executeServices } from './execute-services.ts';
import { finishBuild } from './finish-build.ts';
import { frontendEvent } from './frontend.ts';
import { withGitLabels } from './git-labels.ts';
import { keepBuild } from './kept-build.ts';
import { buildNames, type NamedOutput, namedOutputs } from './output-names.ts';
import { isLazy, type LayersElsewhere, passingBases } from './passing-bases.ts';
import { distinctPlatforms } from './platforms.ts';
import { cacheOf, type ReadyBuild, readyBuild, withBuildInput } from './ready-build.ts';
import { LayersOfBuild, verifyBuild } from './verify-build.ts';
import { checkOutputs } from './write-outputs.ts';

/** Builds an image. See `App.build`. */
export function build(options: BuildOptions, events: EventSink, signal: AbortSignal): Promise<BuildResult> {
  return withServices('container', async (services) => {
    services.onNotice((message) => events({ type: 'note', message }));
    const store = await services.store();
    const lock = store.lockShared();
    try {
      return await buildIn({ services, store, options, signal }, events);
    } finally {
      lock.release();
      // What only the second build of --verify made.
      if (options.verify) collectGarbage(store, cacheOf(store));
    }
  });
}

async function buildIn(request: BuildRequest, listener: EventSink): Promise<BuildResult> {
  const { options } = request;
  const started = Date.now();
  const outputs = namedOutputs(options);
  const several = distinctPlatforms(options.platforms).length > 1;
  checkOutputs(options, several);
  checkCaches(options);
  if (outputs.some(({ spec }) => spec.type === 'registry') && isOffline())
    throw offline('cannot push the image');
  checkAnnotations(options, several);
  prepareLimits(options.limits ?? {});
  const early: BuildEvent[] = [];
  const note: EventSink = (event) => {
    early.push(event);
    listener(event);
  };
  return await withBuildInput(request, note, async (given) => {
    const labelled = await withGitLabels(options, given.input, request.signal);
    return await buildInput({ ...request, options: labelled, given, outputs, early, started }, listener);
  });
}

/** A build whose input is there. */
interface InputRequest extends BuildRequest {
  readonly given: BuildGiven;
  readonly outputs: readonly NamedOutput[];
  /** What was told before there was a log. */
  readonly early: readonly BuildEvent[];
  /** Milliseconds since the epoch. */
  readonly started: number;
}

async function buildInput(request: InputRequest, listener: EventSink): Promise<BuildResult> {
  const { store, options, outputs, given } = request;
  const { input } = given;
  const { source } = input.dockerfile;
  const names = buildNames(options.tags, outputs);
  const ready = await readyBuild(request, given);
  const { builds, clampTime, scope } = ready;
  const cache = cacheOf(store);
  using kept = keepBuild(request, { given, ready, names, cache });
  const { id: buildId, log } = kept;
  const { lookedUp } = kept.recorder;
  const first = options.verify ? new LayersOfBuild() : undefined;
  const keep: EventSink = (event) => {
    kept.note(event);
    first?.note(event);
  };
  const events: EventSink = (event) => {
    keep(event);
    listener(event);
  };
  request.early.forEach(keep);
  try {
    events({ type: 'build-started', buildId, dockerfile: source.name, steps: kept.steps });
    tellBefore(request, ready, events);
    const watch = watchBuild({ store, scope, ...watched(options, input) });
    await watch?.tellVariables({ source, diagnostics: ready.checks.diagnostics }, events);
    const { leaks } = watch ?? {};
    const more = { buildId, scope, clampTime, ...(leaks ? { leaks } : {}) };
    const alone = executeServices(request, given, { events, lookedUp, cache, ...more });
    using travel = await openBuildTravel(request, given, alone);
    const lazy = await isLazy(store, options);
    const passing = passingBases(travel?.services ?? {}, { builds, outputs, options, lazy });
    const unread = passing ? { unread: passing.unread } : {};
    const execute = { ...alone, ...travel?.services, ...unread };
    // Who builds twice needs what each stage made.
    if (!first) await travel?.settle(builds, execute, outputs.length > 0 || options.squash === true);
    const executed = await executeBuilds(execute, builds);
    if (first) await verifyBuild(execute, builds, { executed, layersOfSteps: first });
    if (outputs.length > 0 || options.squash) await travel?.bring(executed, passing?.layers);
    const finishingStore = passing?.store(execute.store) ?? execute.store;
    const { stage, told } = await attesting(
      request,
      given,
      { builds, buildId, started: request.started, names },
      { store: finishingStore, events, signal: request.signal },
    );
    const stages = builds.map((build, i) => ({
      ...{ plan: build.plan, executed: executed[i]!, extra: travel?.inline(build, executed[i]!) },
      ...stage(build),
    }));
    await passing?.keepElsewhere();
    const finishing = { stages, outputs, clampTime };
    const result = await finishBuild({ ...request, store: finishingStore }, execute, finishing);
    await travel?.write(builds);
    const { imageId, imageIds, descriptor, bytes } = result;
    const ids = { imageId, ...(imageIds ? { imageIds } : {}) };
    tellElsewhere(passing?.elsewhere(store), events);
    kept.succeeded({ ...ids, names });
    const { seconds } = kept.recorder;
    events({ type: 'build-finished', imageId, manifest: descriptor.digest, names, seconds, bytes });
    return { ...ids, descriptor, names, bytes, seconds, buildId, log, ...told() };
  } catch (error) {
    if (error instanceof MilleError && error.code === 'step-failed')
      events({ type: 'note', message: `the whole output is in ${log}` });
    kept.failed(error);
    throw error;
  }
}

/** What is said before the first step. @throws what the checks find that cannot be built */
function tellBefore(
  { given, options }: InputRequest,
  { warnings, checks }: ReadyBuild,
  events: EventSink,
): void {
  const frontend = frontendEvent(given.input.dockerfile.source, options.buildArgs);
  if (frontend) events(frontend);
  if (given.lock) events({ type: 'note', message: `names mean what ${given.lock.shown} says` });
  for (const message of warnings) events({ type: 'warning', message });
  for (const { rule, message, span } of checks.diagnostics) events({ type: 'warning', rule, message, span });
  if (checks.error) throw checks.error;
}

/** An image that is not all here is said to be so: who goes offline with it had better know. */
function tellElsewhere(found: LayersElsewhere | undefined, events: EventSink): void {
  if (!found) return;
  const { layers, bytes, origins } = found;
  const [count, stay, them] =
    layers === 1
      ? ['one layer', 'stays where it is', 'it']
      : [`${layers} layers`, 'stay where they are', 'them'];
  const pulls = origins.map((origin) => `mille pull ${origin}`).join('; ');
  events({
    type: 'note',
    message: `${count} of the base (${formatSize(bytes)}) ${stay} until something needs ${them}: \`${pulls}\` brings ${them}, --whole does so at once`,
  });
}

function watched({ leaks, buildArgs }: BuildOptions, { contextName }: BuildGiven['input']) {
  return { options: leaks, buildArgs, directory: contextName };
}
