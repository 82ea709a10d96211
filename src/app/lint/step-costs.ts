// What the steps of a Dockerfile cost when they were last built, from the records of builds.

import { openCache } from '../../build/cache/index.ts';
import type { StepCost } from '../../insight/lint/index.ts';
import type { Store } from '../../oci/store/index.ts';

/** Builds of one Dockerfile that are looked at: the latest may have failed before it came to all steps. */
const MOST_BUILDS = 10;

/**
 * The costs of a Dockerfile's instructions, each from the latest build that had it.
 * @param dockerfile absolute
 */
export function readStepCosts(store: Store, dockerfile: string): readonly StepCost[] {
  const builds = openCache(store.db, { hasLayer: () => false })
    .builds()
    .filter((build) => build.dockerfile === dockerfile)
    .slice(0, MOST_BUILDS);
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

/** The context that the latest build of a Dockerfile had, if it was a directory of this machine. */
export function lastContext(store: Store, dockerfile: string): string | undefined {
  const builds = openCache(store.db, { hasLayer: () => false }).builds();
  const context = builds.find((build) => build.dockerfile === dockerfile)?.context;
  return context?.startsWith('/') ? context : undefined;
}
