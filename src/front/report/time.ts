// Times for people: how long something took, and how long ago something was.

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A duration: `0.0s`, `12.3s`, `4m 05s`, `1h 02m`. */
export function formatSeconds(seconds: number): string {
  const tenths = Math.round(Math.max(0, seconds) * 10);
  if (tenths < 600) return `${(tenths / 10).toFixed(1)}s`;
  const whole = Math.round(Math.max(0, seconds));
  const two = (value: number) => String(value).padStart(2, '0');
  if (whole < HOUR) return `${Math.floor(whole / MINUTE)}m ${two(whole % MINUTE)}s`;
  return `${Math.floor(whole / HOUR)}h ${two(Math.floor((whole % HOUR) / MINUTE))}m`;
}

/** How long ago, in Docker's words: `3 minutes ago`, `About an hour ago`. Both times in milliseconds. */
export function formatAge(then: number, now: number): string {
  const seconds = Math.floor((now - then) / 1000);
  const count = (n: number, unit: string) => `${n} ${unit}${n === 1 ? '' : 's'} ago`;
  if (seconds < 1) return 'Less than a second ago';
  if (seconds < MINUTE) return count(seconds, 'second');
  if (seconds < 2 * MINUTE) return 'About a minute ago';
  if (seconds < HOUR) return count(Math.floor(seconds / MINUTE), 'minute');
  const hours = Math.round(seconds / HOUR);
  if (hours === 1) return 'About an hour ago';
  if (hours < 48) return count(hours, 'hour');
  const days = Math.floor(seconds / DAY);
  if (days < 14) return count(days, 'day');
  if (days < 60) return count(Math.floor(days / 7), 'week');
  if (days < 730) return count(Math.floor(days / 30), 'month');
  return count(Math.floor(days / 365), 'year');
}

/** The age of an RFC 3339 time; 'N/A' where there is none, as with images of time zero. */
export function formatAgeOf(created: string | undefined, now: number): string {
  const then = created === undefined ? Number.NaN : Date.parse(created);
  return Number.isNaN(then) ? 'N/A' : formatAge(then, now);
}
