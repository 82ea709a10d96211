// A build made ready: its input found, its Dockerfile planned, evaluated on its images and checked. What is wrong with
// any of it is known then, and nothing has been executed.

import { openCache, scopeOf } from '../../build/cache/index.ts';
import { type EvaluatedBuild, evaluateBuilds } from '../../build/execute/index.ts';
import { type EventSink, MilleError } from '../../core/index.ts';
import { type CheckReport, checkBuilds } from '../../insight/lint/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { notingSources } from '../attest/fetched.ts';
import type { LockInForce } from '../lock/in-force.ts';
import { remoteNeeds } from '../lock/needs.ts';
import { checkNeeds, openLock, openLockWithin } from '../lock/open-lock.ts';
import { pinnedSources } from '../lock/pinned-sources.ts';
import { registryAccess } from '../pull/access.ts';
import type { BuildOptions } from '../types.ts';
import { type BuildInput, readBuildInput } from './build-input.ts';
import type { BuildGiven, BuildRequest } from './execute-services.ts';
import { openFetching } from './fetching.ts';
import { makePlans, type PlanSettings } from './make-plan.ts';
import { type NamedContextSet, readNamedContexts } from './named-contexts.ts';
import type { ImageSeeker } from './seek-image.ts';

/**
 * 1980-01-01T00:00:00Z, what --reproducible uses where no SOURCE_DATE_EPOCH is given: the earliest time that every
 * archive format can hold (zip begins there), so that tools in RUN which read it do not fail.
 */
const DEFAULT_EPOCH = 315_532_800;

/** What a build reads and where, opened for some work. */
type InputRequest = Pick<BuildRequest, 'store' | 'options' | 'signal'> & {
  /** What holds in the place of the lock file, for whoever makes one. */
  readonly lock?: LockInForce;
  /** Nothing is to be built of it. */
  readonly looking?: boolean;
  /** As `ImageSeeker.doWithout`. */
  readonly doWithout?: boolean;
};

/**
 * Finds what a build reads, and ends it after the work.
 * @param events told of what is fetched
 * @throws MilleError as `readBuildInput`, `readNamedContexts` and `openFetching` do
 */
export async function withBuildInput<T>(
  { store, options, signal, ...held }: InputRequest,
  events: EventSink,
  work: (given: BuildGiven) => Promise<T>,
): Promise<T> {
  let lock = held.lock ?? openLock(options);
  const fetching = await openFetching(store, options, signal);
  const { sources, fetched } = notingSources(pinnedSources(fetching.sources, () => lock));
  let contexts: NamedContextSet | undefined;
  let input: BuildInput | undefined;
  try {
    const around = { store, sources, commitTimes: options.reproducible };
    contexts = readNamedContexts(around, options.contexts ?? []);
    input = await readBuildInput({ store, sources, events }, options);
    lock ??= openLockWithin(options, input);
    return await work({ ...fetching, sources, fetched, input, contexts, ...(lock ? { lock } : {}) });
  } finally {
    input?.close();
    contexts?.close();
    sources.close();
  }
}

/** A build that can be executed. */
export interface ReadyBuild {
  /** One for each platform, in the order in which they were asked for; never empty. */
  readonly builds: readonly EvaluatedBuild[];
  readonly warnings: readonly string[];
  /** As `FoundImages.missing`. */
  readonly missing: readonly MilleError[];
  /** An error among what the checks found is the caller's to throw. */
  readonly checks: Pick<CheckReport, 'diagnostics' | 'error'>;
  readonly clampTime: number | undefined;
  /** What the plan of the first was made with. */
  readonly settings: PlanSettings;
  /** What identifies the project among all that share the store. */
  readonly scope: string;
}

/** Plans, evaluates and checks. @throws MilleError for what would make a build fail before its first step */
export async function readyBuild(
  { store, options, signal, looking = false, doWithout = false }: InputRequest,
  { input, contexts, trust, lock }: BuildGiven,
): Promise<ReadyBuild> {
  const clampTime = await epochOf(options, input);
  const { path, source } = input.dockerfile;
  const access = await registryAccess(store, {
    signal,
    mirrors: options.registryMirrors ?? [],
    ...(trust ? { ca: trust.certificates } : {}),
  });
  const notes: string[] = [];
  const seeker: ImageSeeker = {
    store,
    looking,
    doWithout,
    signal,
    policy: options.pull ?? 'missing',
    warn: (message) => notes.push(message),
    ...(access ? { access } : {}),
    ...(lock ? { pins: lock } : {}),
  };
  const planned = await makePlans(seeker, { dockerfile: source, options, contexts, clampTime });
  const { plans, images, missing } = planned;
  const builds = evaluateBuilds(
    plans.map(({ plan }) => plan),
    images,
    options.allow ?? [],
  );
  const needs = builds.flatMap((build) => remoteNeeds(build, { options, contexts }));
  const unpinned = lock ? checkNeeds(lock, needs) : [];
  const warnings = [...new Set([...planned.warnings, ...notes, ...unpinned])];
  const ignore = input.ignoreRules();
  const checks = checkBuilds(
    planned.dockerfile,
    builds.map((build, i) => ({ ...build, ignore, settings: plans[i]!.settings })),
  );
  const scope = scopeOf(input.contextName, options.standsFor ?? path ?? source.name);
  return { builds, warnings, missing, checks, clampTime, settings: plans[0]!.settings, scope };
}

/** The cache of a store: a record whose layer is not there is no hit. */
export function cacheOf(store: Store): ReturnType<typeof openCache> {
  return openCache(store.db, { hasLayer: (diffId) => store.layer(diffId) !== undefined });
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
