// What a change gains, before it is proposed.

import { type Change, changed } from './change.ts';
import { isGain, rebuildCost } from './rebuild-cost.ts';
import type { Subject } from './subject.ts';

/** Seconds of rebuild that a commit costs on average, before and after. */
export interface Gain {
  readonly before: number;
  readonly after: number;
}

/** The gain of a change; undefined where there is none that could be measured, or it cannot be made. */
export function gainOf(subject: Subject, change: Change): Gain | undefined {
  const made = changed(subject, change);
  if (!made) return undefined;
  const before = rebuildCost(subject).secondsPerCommit;
  const after = rebuildCost(made).secondsPerCommit;
  return isGain(before, after) ? { before, after } : undefined;
}
