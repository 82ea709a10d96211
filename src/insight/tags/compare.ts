// The order of tags in a list: the newest version first, of one version the one that says most.

import type { DecodedTag } from './decoded.ts';
import { compareVersions } from './version.ts';

/** Sorts the newest first. A total order. */
export function compareTags(a: DecodedTag, b: DecodedTag): number {
  return (
    Number(a.attachment ?? false) - Number(b.attachment ?? false) ||
    byVersion(a, b) ||
    byDate(a, b) ||
    textOrder(a.variant, b.variant) ||
    b.tag.length - a.tag.length ||
    textOrder(a.tag, b.tag)
  );
}

/** Tags without a version come after all that have one. */
function byVersion({ version: a }: DecodedTag, { version: b }: DecodedTag): number {
  if (a && b) return compareVersions(b, a);
  return Number(b !== undefined) - Number(a !== undefined);
}

function byDate({ date: a = '' }: DecodedTag, { date: b = '' }: DecodedTag): number {
  return textOrder(b, a);
}

function textOrder(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
