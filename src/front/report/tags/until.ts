// Until when something is supported, in a few words and as of a day.

import type { Ending } from '../../../insight/tags/index.ts';

/** How support stands. */
export interface Until {
  readonly state: 'supported' | 'extended' | 'ended' | 'unknown';
  /** `until 2028-08-09`, `LTS until 2028-06-30`, `ended 2024-06-30`. */
  readonly text: string;
}

/** What the longer support of some is called. */
const EXTENDED: Readonly<Record<string, string>> = { Debian: 'LTS', Ubuntu: 'Pro' };

/** @param now milliseconds since the epoch */
export function untilOf({ title, cycle }: Ending, now: number): Until {
  const today = new Date(now).toISOString().slice(0, 10);
  const { ends, extended, ended } = cycle;
  if (ended) return { state: 'ended', text: 'ended' };
  if (ends === undefined) return { state: 'supported', text: 'supported' };
  if (ends >= today) return { state: 'supported', text: `until ${ends}` };
  const last = extended !== undefined && extended > ends ? extended : ends;
  if (last < today) return { state: 'ended', text: `ended ${last}` };
  return { state: 'extended', text: `${EXTENDED[title.split(' ')[0]!] ?? 'extended'} until ${last}` };
}
