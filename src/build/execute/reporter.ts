// What a step says of what it is fetching.

import type { Report } from '../source/index.ts';
import type { ExecuteServices } from './services.ts';

/** Tells progress as that of a step. */
export function reporter({ events }: ExecuteServices, step: string): Report {
  return (doing, done, total) =>
    events({
      type: 'step-progress',
      step,
      doing,
      ...(done === undefined ? {} : { done }),
      ...(total === undefined ? {} : { total }),
    });
}
