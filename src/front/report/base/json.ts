// `mille base --format json`.

import type { BaseResult } from '../../../app/index.ts';
import { untilOf } from '../tags/until.ts';

/** One object with all of it. @param now milliseconds since the epoch */
export function baseJson({ file, bases, dates }: BaseResult, now: number): string {
  const shown = bases.map(({ image, alternatives, ...rest }) => ({
    ...rest,
    tag: image.tag,
    also: image.also,
    ...{ line: image.line, version: image.version, distribution: image.distribution },
    ...{ size: image.size, flavors: image.flavors, time: image.time },
    ...{ bytes: image.image?.bytes, digest: image.image?.digest },
    support: Object.fromEntries(
      Object.entries(image.support).map(([name, ending]) => [
        name,
        { title: ending.title, ...ending.cycle, asOf: ending.asOf, state: untilOf(ending, now).state },
      ]),
    ),
    alternatives: alternatives.map(({ kind, tag, bytes, gains, risks }) => ({
      ...{ kind, tag, bytesMore: bytes, gains, risks },
    })),
  }));
  return `${JSON.stringify({ file, bases: shown, supportAsOf: dates.asOf, supportSource: dates.source })}\n`;
}
