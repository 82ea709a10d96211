// A build within another one, or within something larger, told as one step of that.

import type { BuildEvent, EventSink } from '../../core/index.ts';

/** What of an inner build is worth showing, as progress of one step. */
export function inOneStep(step: string, events: EventSink): EventSink {
  const titles = new Map<string, string>();
  return (event: BuildEvent) => {
    if (event.type === 'step-started') titles.set(event.step, event.title);
    else if (event.type === 'step-missed')
      events({ type: 'step-progress', step, doing: titles.get(event.step) ?? event.step });
    else if (event.type === 'step-output') events({ ...event, step });
    // Nothing else would be said until that is over.
    else if (event.type === 'step-progress' && event.doing.startsWith('waiting'))
      events({
        type: 'step-progress',
        step,
        doing: `${titles.get(event.step) ?? event.step}: ${event.doing}`,
      });
  };
}
