// When a server wants to be asked again: soon, and it is waited for; or much later, and people are told when.

/** Milliseconds that are waited at most because a server asks for it. */
export const LONGEST_PAUSE = 120_000;

/** Nobody means more: a date beyond what a clock can say is no reason to fail. */
const LARGEST = 366 * 24 * 3_600_000;

/** Milliseconds that a header `Retry-After` asks for, in seconds or as a date; none where it is malformed or absent. */
export function askedPause(retryAfter: string | undefined): number {
  if (retryAfter === undefined) return 0;
  if (/^\d+$/.test(retryAfter)) return Math.min(Number(retryAfter) * 1000, LARGEST);
  const date = Date.parse(retryAfter);
  return Number.isNaN(date) ? 0 : Math.min(Math.max(0, date - Date.now()), LARGEST);
}

/** Whether it asks for more than anybody waits. */
export function isTooLong(retryAfter: string | undefined): boolean {
  return askedPause(retryAfter) > LONGEST_PAUSE;
}

/** The end of a sentence about a server that asks for so much; empty where it does not. */
export function untilWhen(retryAfter: string | undefined, now: number = Date.now()): string {
  if (!isTooLong(retryAfter)) return '';
  const time = new Date(now + askedPause(retryAfter)).toISOString();
  return `, and wants to be left alone until ${time.slice(0, 10)} ${time.slice(11, 19)} UTC`;
}
