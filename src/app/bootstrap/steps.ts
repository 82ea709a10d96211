// Steps in a build's events, for the displays that builds have.

import type { EventSink } from '../../core/index.ts';

/** Runs one step after the other, and tells of each. */
export function createSteps(events: EventSink) {
  let count = 0;
  return {
    run: async <T>(
      title: string,
      work: (step: string) => Promise<T>,
      sizes: (result: T) => { readonly bytes?: number; readonly files?: number } = () => ({}),
    ): Promise<T> => {
      const step = String(++count);
      const started = performance.now();
      const seconds = () => (performance.now() - started) / 1000;
      events({ type: 'step-started', step, title });
      try {
        const result = await work(step);
        events({ type: 'step-finished', step, outcome: 'ran', seconds: seconds(), ...sizes(result) });
        return result;
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        events({ type: 'step-failed', step, message, seconds: seconds() });
        throw error;
      }
    },
  };
}
