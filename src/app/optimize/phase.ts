// A part of the work, told as one step: so that builds within it show as its progress.

import type { EventSink } from '../../core/index.ts';
import { inOneStep } from '../build/in-one-step.ts';

/** Tells how far the work is. */
export type PhaseProgress = (doing: string, done: number, total: number) => void;

/** Does some work under a title. @param work given a listener for what is built within it */
export async function phase<T>(
  events: EventSink,
  title: string,
  work: (events: EventSink, progress: PhaseProgress) => Promise<T>,
): Promise<T> {
  const step = `optimize-${title}`;
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  events({ type: 'step-started', step, title });
  try {
    const progress: PhaseProgress = (doing, done, total) =>
      events({ type: 'step-progress', step, doing, done, total });
    const value = await work(inOneStep(step, events), progress);
    events({ type: 'step-finished', step, outcome: 'ran', seconds: seconds() });
    return value;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    events({ type: 'step-failed', step, message: message.split('\n', 1)[0]!, seconds: seconds() });
    throw error;
  }
}
