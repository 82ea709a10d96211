// `mille tags --format json`.

import type { TagsResult } from '../../../app/index.ts';
import type { Ending } from '../../../insight/tags/index.ts';
import { untilOf } from './until.ts';

/** One object with all of it. @param now milliseconds since the epoch */
export function tagsJson(result: TagsResult, now: number): string {
  const { rows, dates, ...rest } = result;
  const ending = (one: Ending | undefined) =>
    one && { title: one.title, ...one.cycle, asOf: one.asOf, state: untilOf(one, now).state };
  const shown = rows.map(({ support, image, ...row }) => ({
    ...row,
    bytes: image?.bytes ?? null,
    platform: image?.platform ?? null,
    digest: image?.digest ?? null,
    support: { product: ending(support.product), distribution: ending(support.distribution) },
  }));
  return `${JSON.stringify({ ...rest, supportAsOf: dates.asOf, supportSource: dates.source, images: shown })}\n`;
}
