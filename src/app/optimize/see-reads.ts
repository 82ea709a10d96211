// What a watched build tells of its steps, and what that comes to in terms of the build context.

import {
  type ContextOrigins,
  contextOrigins,
  type RunStep,
  readsOfContext,
} from '../../build/graph/index.ts';
import type { StepReadsOfContext } from '../../insight/optimize/index.ts';
import type { WatchOption } from '../build/types.ts';
import type { LookedAt } from '../cost/with-ready-build.ts';
import type { BuildOptions, StepReads } from '../types.ts';
import type { StepRun } from './watch-steps.ts';

/** A build while it is watched, and what was seen. */
export interface SeenReads {
  readonly watch: WatchOption;
  readonly reads: ReadonlyMap<string, StepReads>;
  /** Why a step was not seen. */
  readonly unwatched: ReadonlyMap<string, string>;
  readonly placed: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

/** For `watch` of `BuildOptions`: one build, or several of which the last one counts. */
export function seeReads(): SeenReads {
  const reads = new Map<string, StepReads>();
  const unwatched = new Map<string, string>();
  const placed = new Map<string, ReadonlyMap<string, string>>();
  return {
    ...{ reads, unwatched, placed },
    watch: {
      reads: (id, seen) => {
        reads.set(id, seen);
        unwatched.delete(id);
      },
      unwatched: (id, why) => {
        unwatched.set(id, why);
        reads.delete(id);
      },
      placed: (id, origins) => placed.set(id, origins),
    },
  };
}

/** Where the files of a build came from, by the layers that it made. */
export function originsOf(
  { ready, execute }: LookedAt,
  { placed }: SeenReads,
  steps: ReadonlyMap<string, StepRun>,
): ContextOrigins {
  const { plan, evaluations } = ready.builds[0]!;
  return contextOrigins({
    ...{ plan, evaluations, placed },
    layerOf: (id) => {
      const layer = steps.get(id)?.layer;
      return layer && execute.store.layer(layer) ? execute.store.toc(layer).entries : [];
    },
  });
}

/** What one RUN read, as evidence. */
export function evidenceOf(step: RunStep, reads: StepReads, origins: ContextOrigins): StepReadsOfContext {
  const { files, looked } = readsOfContext(step, reads, origins);
  return {
    files: new Set(reads.files),
    looked: new Set(reads.looked),
    listed: new Set(reads.listed),
    missing: new Set(reads.missing),
    cut: reads.cut ?? false,
    fromContext: new Map([...looked, ...files]),
  };
}

/** Why nothing of a build was seen; undefined where something was, or there was nothing to see. */
export function whyUnwatched({ reads, unwatched }: SeenReads): string | undefined {
  return reads.size === 0 ? unwatched.values().next().value : undefined;
}

/** The options of a build that is watched. */
export function watching(options: BuildOptions, { watch }: SeenReads): BuildOptions {
  return { ...options, watch };
}
