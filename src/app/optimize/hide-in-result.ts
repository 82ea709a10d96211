// A last look at all that is told: tokens that are known by their form, and the values that somebody knows to be secret, in
// whatever text they have come to lie (names of files, subjects of commits, titles, reasons).

import type { HideValues } from './hidden-values.ts';
import type { OptimizeResult } from './types.ts';

/** The result without them. The texts that are written stay: no report shows what `hides` is said of. */
export function hideInResult(
  { files, dockerfile, context, ...rest }: OptimizeResult,
  hide: HideValues,
): OptimizeResult {
  const within = withoutSecrets(hide);
  return {
    ...within(rest),
    ...{ dockerfile, context },
    files: files.map(({ hunks, hides, ...file }) => ({
      ...file,
      hunks: within(hunks),
      hides: hides || hide(file.after) !== file.after,
    })),
  };
}

/** What has nothing to hide stays the object that it is: allowances are found again by that. */
function withoutSecrets(hide: HideValues): <T>(value: T) => T {
  const known = new Map<object, unknown>();
  const within = (value: unknown): unknown => {
    if (typeof value === 'string') return hide(value);
    if (typeof value !== 'object' || value === null) return value;
    if (!known.has(value)) known.set(value, withinObject(value));
    return known.get(value);
  };
  const withinObject = (value: object): unknown => {
    if (Array.isArray(value)) {
      const items: unknown[] = value.map(within);
      return items.some((item, i) => item !== value[i]) ? items : value;
    }
    const pairs = Object.entries(value).map(([key, one]) => [key, one, within(one)] as const);
    if (pairs.every(([, one, hidden]) => one === hidden)) return value;
    return Object.fromEntries(pairs.map(([key, , hidden]) => [key, hidden]));
  };
  return within as <T>(value: T) => T;
}
