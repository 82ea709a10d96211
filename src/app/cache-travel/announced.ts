// Work on caches, shown as a step of its own beside those of the Dockerfile.

import { type EventSink, MilleError } from '../../core/index.ts';

/** Told what is being done, and bytes where there are any. Throws once the signal came. */
export type TravelProgress = (doing: string, done?: number, total?: number) => void;

/** Shown as a step of its own; not at all where there was nothing to do. */
export async function announced(
  { events, signal }: { readonly events: EventSink; readonly signal: AbortSignal },
  step: string,
  title: string,
  work: (progress: TravelProgress) => Promise<{ readonly bytes?: number } | undefined>,
): Promise<void> {
  const started = performance.now();
  const seconds = () => (performance.now() - started) / 1000;
  let shown = false;
  const show = () => {
    if (!shown) events({ type: 'step-started', step, title });
    shown = true;
  };
  const progress: TravelProgress = (doing, done, total) => {
    if (signal.aborted) throw new MilleError('interrupted', 'interrupted');
    show();
    events({
      ...{ type: 'step-progress', step, doing },
      ...(done === undefined ? {} : { done }),
      ...(total === undefined ? {} : { total }),
    });
  };
  try {
    const result = await work(progress);
    if (!result) return;
    show();
    const outcome = result.bytes === 0 ? 'cached' : 'ran';
    events({ type: 'step-finished', step, outcome, seconds: seconds(), ...result });
  } catch (error) {
    show();
    const message = error instanceof Error ? error.message : String(error);
    events({ type: 'step-failed', step, message, seconds: seconds() });
    throw error;
  }
}
