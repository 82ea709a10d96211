// What both Dockerfiles have in common takes as long in both: what was measured apart differs by chance alone.

import type { BuiltImage } from './built-image.ts';
import type { StepRun } from './watch-steps.ts';

type Steps = BuiltImage['steps'];

/**
 * The steps of two builds with the lesser seconds for those that are the same: of each stage the first ones, as long as
 * they are written alike and copy as much.
 */
export function fairSteps(before: Steps, after: Steps): { before: Steps; after: Steps; alike: boolean } {
  const fair = { before: new Map(before), after: new Map(after) };
  const other = stagesOf(after);
  let alike = before.size === after.size;
  for (const [stage, steps] of stagesOf(before)) {
    const pairs = other.get(stage) ?? [];
    let i = 0;
    for (; i < steps.length; i++) {
      const [one, two] = [steps[i]!, pairs[i]];
      if (!two || !isSame(one.run, two.run)) break;
      const seconds = Math.min(one.run.seconds, two.run.seconds);
      fair.before.set(one.id, { ...one.run, seconds });
      fair.after.set(two.id, { ...two.run, seconds });
    }
    alike &&= i === steps.length;
  }
  return { ...fair, alike };
}

interface Placed {
  readonly id: string;
  readonly run: StepRun;
}

/** The steps by their stages, in their order. */
function stagesOf(steps: Steps): ReadonlyMap<string, readonly Placed[]> {
  const stages = new Map<string, Placed[]>();
  for (const [id, run] of steps) {
    const [stage = ''] = id.split('.');
    stages.set(stage, [...(stages.get(stage) ?? []), { id, run }]);
  }
  for (const placed of stages.values()) placed.sort((a, b) => positionOf(a) - positionOf(b));
  return stages;
}

function positionOf({ id }: Placed): number {
  return Number(id.slice(id.indexOf('.') + 1));
}

/** What a command makes may differ by a few bytes each time; what is copied does not. */
function isSame(one: StepRun, two: StepRun): boolean {
  const isCommand = /^RUN\b/i.test(written(one));
  return one.cached === two.cached && written(one) === written(two) && (isCommand || one.bytes === two.bytes);
}

function written({ title }: StepRun): string {
  return title.replace(/^\[[^\]]*\] /, '');
}
