// How long one waits for some steps of a build: stages that do not need one another run at once.

import type { OrderedStep } from './order-of-steps.ts';

/**
 * The seconds from the first to the last of these steps.
 * @param seconds what each step takes; one that does not run takes nothing
 */
export function waitingTime(order: readonly OrderedStep[], seconds: (id: string) => number): number {
  const ends = new Map<string, number>();
  for (const { id, waitsFor } of order) {
    const begins = Math.max(0, ...waitsFor.map((other) => ends.get(other) ?? 0));
    ends.set(id, begins + seconds(id));
  }
  return Math.max(0, ...ends.values());
}
