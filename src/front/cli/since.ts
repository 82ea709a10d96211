// Ages and points of time, as flags name them.

import { MilleError, parseAge } from '../../core/index.ts';

/**
 * A point of time, milliseconds since the epoch: an age, a date or time (`2026-01-31`, RFC 3339), or seconds since the
 * epoch, as Docker's `until` takes them.
 * @throws MilleError `usage`
 */
export function parseSince(shown: string, text: string, now: number): number {
  const age = parseAge(text);
  if (age !== undefined) return now - age;
  if (/^\d{9,12}(?:\.\d+)?$/.test(text)) return Math.round(Number(text) * 1000);
  const date = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?$/.test(text)
    ? Date.parse(text.replace(' ', 'T'))
    : Number.NaN;
  if (!Number.isNaN(date)) return date;
  throw new MilleError('usage', `${shown} can't be '${text}'`, {
    hint: 'write an age such as 24h, 1h30m, 7d or 2w, or a date such as 2026-01-31',
  });
}
