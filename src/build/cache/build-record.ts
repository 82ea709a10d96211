// One record a build: what was asked, what each step did. Kept for history, advice and comparison.

import type { MissReason, StepOutcome } from '../../core/index.ts';
import { sha256 } from '../../sys/index.ts';

/** What became of one step in one build. */
export interface BuildStepRecord {
  readonly id: string;
  readonly title: string;
  readonly outcome: StepOutcome | 'failed';
  readonly seconds: number;
  readonly bytes?: number;
  readonly key?: string;
  readonly reasons?: readonly MissReason[];
}

/** One build. */
export interface BuildRecord {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly started: number;
  readonly scope: string;
  readonly dockerfile: string;
  readonly context: string;
  readonly target?: string;
  readonly outcome: 'succeeded' | 'failed' | 'interrupted';
  readonly seconds: number;
  readonly imageId?: string;
  readonly names?: readonly string[];
  readonly log?: string;
  readonly steps: readonly BuildStepRecord[];
}

/**
 * Identifies a project: builds of one scope are compared with each other. `context` and `dockerfile` are absolute
 * paths or other stable names; a context on standard input has one of its own.
 */
export function scopeOf(context: string, dockerfile: string): string {
  return sha256(JSON.stringify([context, dockerfile])).slice(7, 39);
}
