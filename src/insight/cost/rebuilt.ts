// What a change rebuilds.

import type { OrderedStep } from './order-of-steps.ts';

/**
 * The steps that run again when some of them do: these, and whatever stands on one of them. At most: a step that makes
 * what it made before ends it, which only running it can show.
 * @param changed ids of the steps that a change meets first
 */
export function rebuiltBy(order: readonly OrderedStep[], changed: Iterable<string>): ReadonlySet<string> {
  const found = new Set(changed);
  for (const { id, standsOn } of order) if (standsOn.some((other) => found.has(other))) found.add(id);
  return found;
}
