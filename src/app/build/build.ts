// `mille build`: from a Dockerfile and a context to an image in the store.

import { openCache, scopeOf } from '../../build/cache/index.ts';
import type { BuildContext } from '../../build/context/index.ts';
import {
  type BuiltStage,
  type ExecuteServices,
  evaluateBuild,
  executeBuild,
  trustBundle,
} from '../../build/execute/index.ts';
import type { BuildPlan } from '../../build/graph/index.ts';
import { prepareLimits } from '../../build/sandbox/index.ts';
import { type BuildEvent, type EventSink, MilleError } from '../../core/index.ts';
import { checkBuild } from '../../insight/lint/index.ts';
import { canonicalName, parseReference } from '../../oci/image/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { environment } from '../../sys/index.ts';
import { addressesOf } from '../extra-hosts.ts';
import { type Services, withServices } from '../services.ts';
import type { BuildOptions, BuildResult } from '../types.ts';
import { type BuildInput, readBuildInput } from './build-input.ts';
import { openBuildLog } from './build-log.ts';
import { BuildRecorder } from './build-recorder.ts';
import { finishImage } from './finish-image.ts';
import { frontendEvent } from './frontend.ts';
import { makePlan } from './make-plan.ts';
import { type NamedContextSet, readNamedContexts } from './named-contexts.ts';
import { agentSockets, readSecrets } from './secrets.ts';
import { checkOutputs, writeOutput } from './write-outputs.ts';

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

interface Request {
  readonly services: Services;
  readonly store: Store;
  readonly options: BuildOptions;
  readonly signal: AbortSignal;
}

async function buildIn(request: Request, listener: EventSink): Promise<BuildResult> {
  const { store, options } = request;
  const names = options.tags.map((tag) => canonicalName(parseReference(tag)));
  checkOutputs(options.outputs);
  prepareLimits(options.limits ?? {});
  const secrets = readSecrets(options.secrets ?? []);
  const input = await readBuildInput(store, options);
  const clampTime = options.sourceDateEpoch ?? (options.reproducible ? DEFAULT_EPOCH : undefined);
  const contexts = readNamedContexts(store, options.contexts ?? []);
  const dockerfile = input.dockerfile.source;
  const planned = await makePlan(store, { dockerfile, options, contexts, clampTime });
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
  const recorder = new BuildRecorder({
    id: buildId,
    scope,
    dockerfile: path ?? source.name,
    context: input.contextName,
    ...(options.target === undefined ? {} : { target: options.target }),
    log: log.path,
  });
  const events: EventSink = (event: BuildEvent) => {
    log.write(event);
    recorder.note(event);
    listener(event);
  };
  try {
    const steps = plan.stages.reduce((sum, stage) => sum + stage.total, 0);
    events({ type: 'build-started', buildId, dockerfile: source.name, steps });
    const frontend = frontendEvent(source, options.buildArgs);
    if (frontend) events(frontend);
    for (const message of warnings) events({ type: 'warning', message });
    for (const { rule, message, span } of checks.diagnostics)
      events({ type: 'warning', rule, message, span });
    if (checks.error) throw checks.error;
    const services = executeServices(request, {
      ...{ input, contexts, events, cache, buildId, scope, clampTime, secrets },
    });
    const built = await executeBuild(services.execute, evaluated).finally(services.close);
    const result = await finish(request, { plan, built, names, clampTime, events });
    cache.recordBuild(recorder.finish('succeeded', { imageId: result.imageId, names }));
    const { seconds } = recorder;
    const bytes = built.snapshot.layers.reduce((sum, layer) => sum + layer.size, 0);
    events({
      type: 'build-finished',
      imageId: result.imageId,
      manifest: result.manifestDigest,
      names,
      seconds,
      bytes,
    });
    return {
      imageId: result.imageId,
      manifest: result.manifestDigest,
      names: options.store ? names : [],
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

interface Surroundings {
  readonly input: BuildInput;
  readonly contexts: NamedContextSet;
  readonly events: EventSink;
  readonly cache: ExecuteServices['cache'];
  readonly buildId: string;
  readonly scope: string;
  readonly clampTime: number | undefined;
  readonly secrets: ExecuteServices['secrets'];
}

function executeServices(
  request: Request,
  around: Surroundings,
): { execute: ExecuteServices; close: () => void } {
  const { services, store, options, signal } = request;
  const { input, contexts, clampTime, scope, events, cache, buildId, secrets } = around;
  let context: BuildContext | undefined;
  const execute: ExecuteServices = {
    store,
    cache,
    events,
    signal,
    buildId,
    context: () => {
      context ??= input.context();
      return context;
    },
    namedContext: contexts.open,
    runtime: services.runtime,
    now: () => Math.floor(Date.now() / 1000),
    noCache: options.noCache,
    // Layers with clamped times are others: neither compared with nor taken for those without.
    scope: clampTime === undefined ? scope : `${scope}@${clampTime}`,
    proxies: proxyVariables(),
    secrets,
    agents: agentSockets(options.ssh ?? []),
    run: {
      limits: options.limits ?? {},
      extraHosts: addressesOf(options.extraHosts ?? []),
    },
    ...(clampTime === undefined ? {} : { clampTime }),
    ...(options.ca === undefined
      ? {}
      : { trust: trustBundle(options.ca, store.makeTemporary('trust').path) }),
  };
  const close = () => {
    context?.close();
    contexts.close();
  };
  return { execute, close };
}

/** The proxy variables of this process: RUN gets them, no image and no key does. */
function proxyVariables(): Record<string, string> {
  const found = Object.entries(environment()).filter(([name]) => /^(https?|ftp|no|all)_proxy$/i.test(name));
  return Object.fromEntries(found.filter((pair): pair is [string, string] => pair[1] !== undefined));
}

async function finish(
  request: Request,
  done: {
    plan: BuildPlan;
    built: BuiltStage;
    names: readonly string[];
    clampTime: number | undefined;
    events: EventSink;
  },
) {
  const { store, options } = request;
  const image = finishImage(store, done.built, {
    labels: options.labels,
    names: options.store ? done.names : [],
    now: Date.now(),
    ...(done.plan.imagePlatform ? { platform: done.plan.imagePlatform } : {}),
    ...(done.clampTime === undefined ? {} : { clampTime: done.clampTime }),
  });
  const { manifestDigest: manifest } = image;
  for (const output of options.outputs) {
    await writeOutput(
      { store, snapshot: done.built.snapshot, manifest, names: done.names, signal: request.signal },
      output,
      done.events,
    );
  }
  // An image that was only exported leaves no nameless image behind.
  if (!options.store && store.image(manifest).names.length === 0) store.removeImage(manifest);
  return image;
}
