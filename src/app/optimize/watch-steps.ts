// What a build tells of its steps, by their ids.

import type { BuildEvent, Digest, EventSink } from '../../core/index.ts';

/** What became of a step. */
export interface StepRun {
  readonly title: string;
  readonly seconds: number;
  /** It did not run. */
  readonly cached: boolean;
  readonly bytes?: number;
  readonly layer?: Digest;
}

/** A listener, and what it has heard. */
export interface StepWatch {
  readonly steps: ReadonlyMap<string, StepRun>;
  readonly sink: EventSink;
}

/** Listens to a build. */
export function watchSteps(): StepWatch {
  const steps = new Map<string, StepRun>();
  const titles = new Map<string, string>();
  const sink = (event: BuildEvent) => {
    if (event.type === 'step-started') titles.set(event.step, event.title);
    if (event.type !== 'step-finished') return;
    const { step, seconds, bytes, layer, outcome } = event;
    steps.set(step, {
      title: titles.get(step) ?? step,
      seconds,
      cached: outcome === 'cached',
      ...(bytes === undefined ? {} : { bytes }),
      ...(layer === undefined ? {} : { layer }),
    });
  };
  return { steps, sink };
}
