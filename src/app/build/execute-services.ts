// What executing a build needs, put together.

import type { ExecuteServices } from '../../build/execute/index.ts';
import type { EventSink } from '../../core/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { environment } from '../../sys/index.ts';
import type { Fetched } from '../attest/fetched.ts';
import { addressesOf } from '../extra-hosts.ts';
import type { LockInForce } from '../lock/in-force.ts';
import { contextWithoutLock } from '../lock/open-lock.ts';
import type { Services } from '../services.ts';
import type { BuildOptions } from '../types.ts';
import type { BuildInput } from './build-input.ts';
import { clock, type Fetching } from './fetching.ts';
import type { NamedContextSet } from './named-contexts.ts';
import { watchOf } from './watch-of.ts';

/** What a build is asked for. */
export interface BuildRequest {
  readonly services: Services;
  readonly store: Store;
  readonly options: BuildOptions;
  readonly signal: AbortSignal;
}

/** What a build reads, and what it reads it with. */
export interface BuildGiven extends Fetching {
  readonly input: BuildInput;
  readonly contexts: NamedContextSet;
  /** What was fetched so far, and what it turned out to be. */
  readonly fetched: Fetched;
  /** The lock file that it is held to, if any. */
  readonly lock?: LockInForce;
}

/** What this build is. */
export interface ThisBuild {
  readonly events: EventSink;
  readonly lookedUp?: NonNullable<ExecuteServices['lookedUp']>;
  readonly cache: ExecuteServices['cache'];
  readonly buildId: string;
  readonly scope: string;
  readonly clampTime: number | undefined;
  readonly leaks?: NonNullable<ExecuteServices['leaks']>;
}

/** Puts together what executing needs. */
export function executeServices(
  request: BuildRequest,
  { input, contexts, lock, fetched: _, ...given }: BuildGiven,
  { clampTime, scope, ...build }: ThisBuild,
): ExecuteServices {
  const { services, store, options, signal } = request;
  return {
    store,
    signal,
    ...build,
    ...given,
    context: () => contextWithoutLock(input, lock),
    namedContext: contexts.open,
    runtime: services.runtime,
    now: clock,
    ...(options.watch ? { watch: watchOf(options.watch) } : {}),
    ...(options.mountSpace === undefined ? {} : { mountSpace: options.mountSpace }),
    ...(options.noCache ? { noCache: '--no-cache' } : {}),
    ...(options.cacheNamespace === undefined ? {} : { cacheNamespace: options.cacheNamespace }),
    noCacheStages: new Set((options.noCacheStages ?? []).map((name) => name.toLowerCase())),
    // Layers with clamped times are others: neither compared with nor taken for those without.
    scope: clampTime === undefined ? scope : `${scope}@${clampTime}`,
    proxies: proxyVariables(),
    run: {
      limits: options.limits ?? {},
      extraHosts: addressesOf(options.extraHosts ?? []),
    },
    ...(clampTime === undefined ? {} : { clampTime }),
  };
}

/** The proxy variables of this process: RUN gets them, no image and no key does. */
function proxyVariables(): Record<string, string> {
  const found = Object.entries(environment()).filter(([name]) => /^(https?|ftp|no|all)_proxy$/i.test(name));
  return Object.fromEntries(found.filter((pair): pair is [string, string] => pair[1] !== undefined));
}
