// Where times are clamped, a digest is promised: a time before the one they are clamped to ends up in it.

import type { TreeEntry } from '../../oci/image/index.ts';

/** The time of a file as far as it counts for what a step makes of it. */
export function timeFacts(
  { clampTime }: { readonly clampTime?: number },
  { mtime }: Pick<TreeEntry, 'mtime'>,
): { readonly time?: number } {
  return clampTime === undefined || mtime >= clampTime ? {} : { time: mtime };
}
