// Values that a record does not tell: kept as a salted digest in the store where they were seen, and not even that in a
// cache that travels, since the salt stays where it is.

import type { NamedInput } from '../graph/index.ts';

/** What stands for a value that did not travel. */
export const CONCEALED = '#';

/** Whether a value as `storedInput` left it tells nothing but whether it changed. */
export function isHidden(value: string | undefined): boolean {
  return value !== undefined && /^#(?:[0-9a-f]{16})?$/.test(value);
}

/** An input as it may travel. */
export function concealed(input: NamedInput): NamedInput {
  return isHidden(input.value) ? { ...input, value: CONCEALED } : input;
}

/** Whether two values are equal as far as they tell. */
export function sameValue(a: string, b: string): boolean {
  return a === b || (a === CONCEALED && isHidden(b)) || (b === CONCEALED && isHidden(a));
}
