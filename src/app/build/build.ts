// `mille build`: from a Dockerfile and a context to an image in the store.

import { openCache, scopeOf } from '../../build/cache/index.ts';
import { evaluateBuild, executeBuild } from '../../build/execute/index.ts';
import { prepareLimits } from '../../build/sandbox/index.ts';
import { type BuildEvent, type EventSink, MilleError } from '../../core/index.ts';
import { checkBuild } from '../../insight/lint/index.ts';
import { registryAccess } from '../pull/access.ts';
import { withServices } from '../services.ts';
import type { BuildOptions, BuildResult } from '../types.ts';
import { checkAnnotations } from './annotations.ts';
import { type BuildInput, readBuildInput } from './build-input.ts';
import { openBuildLog } from './build-log.ts';
import { BuildRecorder } from './build-recorder.ts';
import { type BuildGiven, type BuildRequest, executeServices } from './execute-services.ts';
import { openFetching } from './fetching.ts';
import { finishBuild } from './finish-build.ts';
import { frontendEvent } from './frontend.ts';
import { makePlan } from './make-plan.ts';
import { readNamedContexts } from './named-contexts.ts';
import { buildNames, type NamedOutput, namedOutputs } from './output-names.ts';
import { checkOutputs } from './write-outputs.ts';

/**
 * 1980-01-01T00:00:00Z, what --reproducible uses where no SOURCE_DATE_EPOCH is given: the earliest time that every
 * archive format can hold (zip begins there), so that tools in RUN which read it do not fail.
 */
const DEFAULT_EPOCH = 315_532_800;

/** Builds an image. See `App.build`. */
export function build(options: BuildOptions, events: EventSink, signal: AbortSignal): Promise<BuildResult> {
  return withServices('container', async (services) => {
    const store = await services.store();
    const lock = store.lockShared();
    try {
      return await buildIn({ services, store, options, signal }, events);
    } finally {
      lock.release();
    }
  });
}

async function buildIn(request: BuildRequest, listener: EventSink): Promise<BuildResult> {
  const { store, options, signal } = request;
  const started = Date.now();
  const outputs = namedOutputs(options);
  checkOutputs(options.outputs);
  checkAnnotations(options, false);
  prepareLimits(options.limits ?? {});
  const fetching = openFetching(store, options, signal);
  const { sources } = fetching;
  const early: BuildEvent[] = [];
  const note: EventSink = (event) => {
    early.push(event);
    listener(event);
  };
  const around = { store, sources, commitTimes: options.reproducible };
  const contexts = readNamedContexts(around, options.contexts ?? []);
  let input: BuildInput | undefined;
  try {
    input = await readBuildInput({ store, sources, events: note }, options);
    const given = { ...fetching, input, contexts };
    return await buildInput({ ...request, given, outputs, early, started }, listener);
  } finally {
    input?.close();
    contexts.close();
    sources.close();
  }
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
  const { store, options, signal, outputs, given } = request;
  const names = buildNames(options.tags, outputs);
  const { input, contexts } = given;
  const clampTime = await epochOf(options, input);
  const dockerfile = input.dockerfile.source;
  const { trust } = given;
  const access = registryAccess({ signal, ...(trust ? { ca: trust.certificates } : {}) });
  const seeker = { store, policy: options.pull ?? 'missing', ...(access ? { access } : {}) };
  const planned = await makePlan(seeker, { dockerfile, options, contexts, clampTime });
  const { plan, images, warnings } = planned;
  const evaluated = evaluateBuild(plan, images, options.allow ?? []);
  const checks = checkBuild(planned.dockerfile, planned.settings, {
    ...evaluated,
    ignore: input.ignoreRules(),
  });
  const buildId = `${new Date().toISOString().replace(/[-:]/g, '').slice(0, 15)}-${crypto.randomUUID().slice(0, 8)}`;
  const log = openBuildLog(`${store.root}/logs`, buildId);
  const cache = openCache(store.db, { hasLayer: (diffId) => store.layer(diffId) !== undefined });
  const { path, source } = input.dockerfile;
  const scope = scopeOf(input.contextName, path ?? source.name);
  const known = {
    id: buildId,
    scope,
    dockerfile: path ?? source.name,
    context: input.contextName,
    ...(options.target === undefined ? {} : { target: options.target }),
    log: log.path,
  };
  const recorder = new BuildRecorder(known, request.started);
  const keep: EventSink = (event) => {
    log.write(event);
    recorder.note(event);
  };
  const events: EventSink = (event) => {
    keep(event);
    listener(event);
  };
  request.early.forEach(keep);
  try {
    const steps = plan.stages.reduce((sum, stage) => sum + stage.total, 0);
    events({ type: 'build-started', buildId, dockerfile: source.name, steps });
    const frontend = frontendEvent(source, options.buildArgs);
    if (frontend) events(frontend);
    for (const message of warnings) events({ type: 'warning', message });
    for (const { rule, message, span } of checks.diagnostics)
      events({ type: 'warning', rule, message, span });
    if (checks.error) throw checks.error;
    const execute = executeServices(request, given, { events, cache, buildId, scope, clampTime });
    const executed = await executeBuild(execute, evaluated);
    const result = await finishBuild(request, execute, { plan, executed, outputs, clampTime });
    cache.recordBuild(recorder.finish('succeeded', { imageId: result.imageId, names }));
    const { seconds } = recorder;
    const { bytes } = result;
    events({
      type: 'build-finished',
      imageId: result.imageId,
      manifest: result.descriptor.digest,
      names,
      seconds,
      bytes,
    });
    return {
      imageId: result.imageId,
      descriptor: result.descriptor,
      names,
      bytes,
      seconds,
      buildId,
      log: log.path,
    };
  } catch (error) {
    const code = error instanceof MilleError ? error.code : undefined;
    if (code === 'step-failed') events({ type: 'note', message: `the whole output is in ${log.path}` });
    try {
      cache.recordBuild(recorder.finish(code === 'interrupted' ? 'interrupted' : 'failed', {}));
    } catch {
      // A full disk refuses the record as well; what went wrong first is what counts.
    }
    throw error;
  } finally {
    log.close();
  }
}

/** The time to clamp to: a number, that of the context, or the default of --reproducible. */
async function epochOf(options: BuildOptions, input: BuildInput): Promise<number | undefined> {
  const { sourceDateEpoch: epoch, reproducible } = options;
  if (epoch !== 'context') return epoch ?? (reproducible ? DEFAULT_EPOCH : undefined);
  const modified = await input.modified?.();
  if (modified !== undefined) return modified;
  throw new MilleError('usage', 'SOURCE_DATE_EPOCH=context needs a context that has a time of its own', {
    hint: 'that is a git repository, or a file by HTTP; for a directory: SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)',
  });
}
