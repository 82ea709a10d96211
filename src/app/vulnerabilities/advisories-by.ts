// Advisories of one record, sorted.

import type { Advisory } from '../../insight/vulnerabilities/index.ts';

/** Those that have the same value of something, in the order in which values come. */
export function advisoriesBy(
  advisories: readonly Advisory[],
  key: 'name' | 'ecosystem',
): ReadonlyMap<string, readonly Advisory[]> {
  const groups = new Map<string, Advisory[]>();
  for (const one of advisories) {
    const known = groups.get(one[key]);
    if (known) known.push(one);
    else groups.set(one[key], [one]);
  }
  return groups;
}
