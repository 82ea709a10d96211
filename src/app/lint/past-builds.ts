// What builds of the past say of a Dockerfile: the context it had, and what its steps cost.

import { type BuildRecord, openCache } from '../../build/cache/index.ts';
import type { StepCost } from '../../insight/lint/index.ts';
import type { Store } from '../../oci/store/index.ts';
import { CWD, statAt } from '../../sys/index.ts';

/** Builds of one Dockerfile that are looked at: the latest may have failed before it came to all steps. */
const MOST_BUILDS = 10;

/** The builds of a store, read when they are first asked for. Dockerfiles are absolute paths. */
export interface PastBuilds {
  /** The costs of a Dockerfile's instructions, each from the latest build that had it. */
  costsOf(dockerfile: string): readonly StepCost[];
  /** The context of its latest build, if that was a directory of this machine, and is there still. */
  contextOf(dockerfile: string): string | undefined;
}

/** Looks at a store's builds. */
export function pastBuilds(store: Store): PastBuilds {
  let all: ReadonlyMap<string, readonly BuildRecord[]> | undefined;
  const buildsOf = (dockerfile: string): readonly BuildRecord[] => {
    all ??= byDockerfile(openCache(store.db, { hasLayer: () => false }).builds());
    return all.get(dockerfile) ?? [];
  };
  return {
    costsOf: (dockerfile) => costsOf(buildsOf(dockerfile)),
    contextOf: (dockerfile) => {
      const context = buildsOf(dockerfile)[0]?.context;
      return context?.startsWith('/') && statAt(CWD, `${context}/.`) ? context : undefined;
    },
  };
}

function byDockerfile(builds: readonly BuildRecord[]): ReadonlyMap<string, readonly BuildRecord[]> {
  const groups = new Map<string, BuildRecord[]>();
  for (const build of builds) {
    const group = groups.get(build.dockerfile);
    if (!group) groups.set(build.dockerfile, [build]);
    else if (group.length < MOST_BUILDS) group.push(build);
  }
  return groups;
}

function costsOf(builds: readonly BuildRecord[]): readonly StepCost[] {
  const found = new Map<string, StepCost>();
  for (const { steps, started } of builds) {
    for (const { instruction, line, outcome, seconds, took, bytes } of steps) {
      if (instruction === undefined || outcome === 'failed') continue;
      const key = `${line} ${instruction}`;
      if (found.has(key)) continue;
      // Of a step that was found, what it took when it ran.
      const spent = outcome === 'cached' ? took : seconds;
      if (spent === undefined && bytes === undefined) continue;
      found.set(key, {
        ...{ instruction, seconds: spent ?? 0, built: started },
        ...(line === undefined ? {} : { line }),
        ...(bytes === undefined ? {} : { bytes }),
      });
    }
  }
  return [...found.values()];
}
