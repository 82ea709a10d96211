// A build made ready for looking at it: nothing of it is executed.

import type { ExecuteServices } from '../../build/execute/index.ts';
import type { EventSink, MilleError } from '../../core/index.ts';
import { openBuildTravel } from '../build/build-travel.ts';
import { type BuildGiven, executeServices } from '../build/execute-services.ts';
import { cacheOf, type ReadyBuild, readyBuild, withBuildInput } from '../build/ready-build.ts';
import { checkCaches } from '../cache-travel/check.ts';
import { withServices } from '../services.ts';
import type { BuildOptions } from '../types.ts';

/** A build to be looked at. */
export interface LookedAt {
  readonly given: BuildGiven;
  readonly ready: ReadyBuild;
  readonly execute: ExecuteServices;
  readonly signal: AbortSignal;
  /** Filled as steps are looked at. */
  readonly warnings: string[];
  readonly notes: string[];
}

/**
 * Makes a build ready. The store is opened for writing: digests of files are remembered, and what is fetched is kept.
 * @param doWithout whether base images that nobody has are taken for ones of which nothing is known; warnings say which
 * @throws MilleError for what would make a build fail before its first step
 */
export function withReadyBuild<T>(
  options: BuildOptions,
  signal: AbortSignal = new AbortController().signal,
  work: (build: LookedAt) => Promise<T>,
  { doWithout = false }: { readonly doWithout?: boolean } = {},
): Promise<T> {
  return withServices('write', async (services) => {
    const store = await services.store();
    const lock = store.lockShared();
    const request = { services, store, options, signal };
    const warnings: string[] = [];
    const notes: string[] = [];
    const events: EventSink = (event) => {
      if (event.type === 'warning') warnings.push(event.message);
      if (event.type === 'note') notes.push(event.message);
    };
    try {
      checkCaches(options);
      return await withBuildInput(request, events, async (given) => {
        const ready = await readyBuild({ ...request, looking: true, doWithout }, given);
        const { checks, clampTime, scope } = ready;
        if (checks.error) throw checks.error;
        warnings.push(...ready.warnings, ...ready.missing.map(notKnown));
        const cache = cacheOf(store);
        const alone = executeServices(request, given, { events, cache, buildId: '', scope, clampTime });
        using travel = await openBuildTravel(request, given, alone);
        await travel?.services.travel.ready();
        const execute = { ...alone, ...travel?.services };
        await travel?.settle(ready.builds, execute, true);
        return await work({ given, ready, execute, signal, warnings, notes });
      });
    } finally {
      lock.release();
    }
  });
}

function notKnown({ message }: MilleError): string {
  return `${message}. Nothing is known of its user, variables, working directory and ONBUILD`;
}
