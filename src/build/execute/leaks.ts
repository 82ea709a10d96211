// Secrets about to get into a layer: who looks for them is handed in, COPY and ADD let it see what they read. Files of
// the build's contexts are looked at, and what was downloaded; not what comes from stages and images, which were looked
// at on their way there, or are somebody else's.

import type { StepWarning } from '../cache/index.ts';
import type { AddStep, CopyStep } from '../graph/index.ts';
import type { Selection } from './select-sources.ts';

/** Looks for secrets in a build. */
export interface LeakWatch {
  /** Whether a secret is an error, found before anything is written, also where the step is in the cache. */
  readonly strict: boolean;
  /** Begins a step. */
  begin(step: CopyStep | AddStep): LeakStep;
  /** Whether a warning that was kept with a record is to be told. */
  shows(secret: NonNullable<StepWarning['secret']>): boolean;
}

/** The files of one step. */
export interface LeakStep {
  /** A selection whose files are looked at as they are read. */
  watch(selection: Selection): Selection;
  /** Looks at all files of a selection, but for those that are known. */
  scan(selection: Selection): Promise<void>;
  /** What was found. @throws MilleError `secrets-found` where it is an error */
  finish(): Promise<readonly StepWarning[]>;
}

/** Whether a step's sources are looked at. */
export function isWatched(step: CopyStep | AddStep): boolean {
  return step.kind === 'add' || (step.from.kind !== 'stage' && step.from.kind !== 'image');
}
