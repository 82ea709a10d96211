// Of which day the dates are that something shows.

import type { LifeCycles, Support } from '../../insight/tags/index.ts';
import type { SupportDates } from './types.ts';

/** The days of what is shown; of all that is known where nothing is. */
export function datesOf(shown: readonly Support[], { asOf, source }: LifeCycles): SupportDates {
  const days = shown
    .flatMap(({ product, distribution }) => [product, distribution])
    .flatMap((one) => (one ? [one.asOf] : []))
    .toSorted();
  const [oldest = asOf] = days;
  const newest = days.at(-1) ?? asOf;
  return { asOf: oldest, ...(newest === oldest ? {} : { newest }), source };
}
