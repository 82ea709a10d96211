// Which tags stay: those that name one release or one build. All others move on to newer images.

import type { DecodedTag } from './decoded.ts';
import { type Family, isWhole } from './families.ts';

/** Whether a tag names one build or one release. */
export function isFixed(tag: DecodedTag, family: Family): boolean {
  if (tag.date !== undefined) return true;
  return tag.version !== undefined && isWhole(family, tag.version);
}
