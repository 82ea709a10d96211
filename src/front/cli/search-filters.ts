// `--filter` of search: Docker's is-official, is-automated and stars, and has-stars and is-private beside them.

import type { SearchFilter } from '../../app/index.ts';
import { MilleError } from '../../core/index.ts';

const SWITCHES = { 'is-official': 'official', 'is-automated': 'automated', 'is-private': 'private' } as const;

/** Reads the filters; all have to hold. @throws MilleError `usage` */
export function parseSearchFilters(filters: readonly string[]): SearchFilter {
  let filter: SearchFilter = {};
  for (const text of filters) {
    const equals = text.indexOf('=');
    const [key, value] = equals < 0 ? [text, ''] : [text.slice(0, equals), text.slice(equals + 1)];
    if (key === 'stars' && /^\d{1,9}$/.test(value))
      filter = { ...filter, stars: Math.max(filter.stars ?? 0, Number(value)) };
    else if (key === 'has-stars' && (value === '' || isTrue(value)))
      filter = { ...filter, stars: Math.max(filter.stars ?? 0, 1) };
    else if (Object.hasOwn(SWITCHES, key) && /^(?:true|false|1|0)$/i.test(value))
      filter = { ...filter, [SWITCHES[key as keyof typeof SWITCHES]]: isTrue(value) };
    else throw unknown(text);
  }
  return filter;
}

function isTrue(value: string): boolean {
  return /^(?:true|1)$/i.test(value);
}

function unknown(text: string): MilleError {
  return new MilleError('usage', `mille does not support the filter '${text}'`, {
    hint: 'the filters are is-official=true, is-automated=true, is-private=true (or =false), stars=NUMBER and has-stars',
  });
}
