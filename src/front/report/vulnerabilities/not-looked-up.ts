// What was not looked up, and why: a figure says nothing of it.

import type { NotLookedUp } from '../../../app/index.ts';
import { oneLine } from '../sanitize.ts';

/** A line for each reason. */
export function notLookedUpText(others: readonly NotLookedUp[]): string[] {
  const by = (reason: NotLookedUp['reason']) =>
    others
      .filter((one) => one.reason === reason)
      .map(({ of, packages }) => `${packages.length} of ${oneLine(of)}`);
  const missing = others.filter(({ reason }) => reason === 'data');
  const lines = [
    ['system', 'OSV has no data about this release of a distribution'],
    ['kind', 'OSV has no data about such packages'],
    ['version', 'versions, or what advisories say of them, cannot be compared'],
  ] as const;
  return [
    ...(missing.length === 0
      ? []
      : [
          `Not looked up, since no data is held: ${by('data').join(', ')}. Fetch it: mille vuln update ${missing.map(({ of }) => shellWord(of.split(':')[0]!)).join(' ')}`,
        ]),
    ...lines.flatMap(([reason, why]) => {
      const all = by(reason);
      return all.length === 0 ? [] : [`Not looked up (${why}): ${all.join(', ')}.`];
    }),
  ];
}

function shellWord(text: string): string {
  return text.includes(' ') ? `'${text}'` : text;
}
