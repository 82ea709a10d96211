// What a step is found by in the cache: its key, and its place among the steps of a project.

import { formatPlatform } from '../../oci/image/index.ts';
import { hostPlatform } from '../../oci/store/index.ts';
import type { StepPlaceInBuild } from '../cache/index.ts';
import type { NamedInput, Step } from '../graph/index.ts';
import type { ExecuteServices } from './services.ts';

/** All inputs of a step, from those that preparing it found. */
export function keyInputs(
  { clampTime, cacheNamespace }: ExecuteServices,
  inputs: readonly NamedInput[],
): readonly NamedInput[] {
  return [
    ...inputs,
    // Clamped times are in every layer, and RUN sees them: they are an input of every step.
    ...option('SOURCE_DATE_EPOCH', clampTime === undefined ? undefined : String(clampTime)),
    ...option('cache-namespace', cacheNamespace),
  ];
}

function option(name: string, value: string | undefined): NamedInput[] {
  return value === undefined ? [] : [{ kind: 'option', name, value }];
}

/**
 * Where a step stands. A command that is executed for another platform than the machine's own stands in a stage of its
 * own; what copies makes the same for all of them, and is done by whichever comes first.
 */
export function placeOf({ scope }: Pick<ExecuteServices, 'scope'>, step: Step): StepPlaceInBuild {
  const isOwn = step.kind !== 'run' || step.madeFor === formatPlatform(hostPlatform());
  const stage = `${step.stage}${isOwn ? '' : `@${step.madeFor}`}`;
  return { scope, stage, position: step.position, instruction: step.instruction };
}
