// What one layer made of one name.

import { differingAspects, type PathChange } from '../inspect/index.ts';

/**
 * `touched`: the content is what it was, owner, mode, attributes or time alone are others; of a file that means all of
 * its bytes once more. `none`: nothing.
 */
export const CHANGES = ['none', 'added', 'changed', 'touched', 'removed'] as const;

export type Change = (typeof CHANGES)[number];

/** How a layer changes a name, as the place in `CHANGES`. */
export function changeOf({ kind, before, after }: PathChange): number {
  const content =
    kind === 'changed' && !differingAspects(before!, after!).some((aspect) => CONTENT.has(aspect));
  return CHANGES.indexOf(content ? 'touched' : kind);
}

const CONTENT = new Set<string>(['type', 'content', 'link', 'device']);
