// `mille base compare --format json`.

import type { CompareBasesResult } from '../../../app/index.ts';
import { untilOf } from '../tags/until.ts';

/** One object with all of it. @param now milliseconds since the epoch */
export function comparedBasesJson({ bases, dates, ...rest }: CompareBasesResult, now: number): string {
  const shown = bases.map(({ support, ...base }) => ({
    ...base,
    support: Object.fromEntries(
      Object.entries(support).map(([name, ending]) => [
        name,
        { title: ending.title, ...ending.cycle, asOf: ending.asOf, state: untilOf(ending, now).state },
      ]),
    ),
  }));
  return `${JSON.stringify({ bases: shown, ...rest, supportAsOf: dates.asOf, supportSource: dates.source })}\n`;
}
