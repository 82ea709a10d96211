// Of which day what is said of support is: that stands below everything that says until when something is supported.

import type { SupportDates } from '../../../app/index.ts';

const DAY = 24 * 3600 * 1000;
/** Lines of releases come and go twice a year. */
const OLD = 183 * DAY;

/** One sentence, and where the dates are old what renews them. @param now milliseconds since the epoch */
export function supportNote({ asOf, newest, source }: SupportDates, now: number): string {
  const days = newest === undefined ? asOf : `${asOf} to ${newest}`;
  const age = now - Date.parse(asOf);
  const old =
    age > OLD ? ` That is ${Math.floor(age / (30 * DAY))} months ago: mille base update renews it.` : '';
  return `Support as of ${days}, by ${source}.${old}`;
}
