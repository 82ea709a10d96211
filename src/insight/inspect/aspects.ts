// What of a file is not the same.

import type { Entry } from '../../oci/image/index.ts';

/** What can differ of one path in two places. */
export type Aspect = 'type' | 'content' | 'link' | 'device' | 'mode' | 'owner' | 'attributes' | 'time';

/** What differs between two entries; nothing for a file that was written again as it was. */
export function differingAspects(before: Entry, after: Entry): readonly Aspect[] {
  if (before.type !== after.type) return ['type'];
  const found: Aspect[] = [];
  if (before.size !== after.size || before.digest !== after.digest) found.push('content');
  if (before.link !== after.link && before.type === 'symlink') found.push('link');
  if (before.major !== after.major || before.minor !== after.minor) found.push('device');
  if (before.mode !== after.mode) found.push('mode');
  if (before.uid !== after.uid || before.gid !== after.gid) found.push('owner');
  if (!sameXattrs(before.xattrs, after.xattrs)) found.push('attributes');
  if (before.mtime !== after.mtime) found.push('time');
  return found;
}

/** Of hard links the attributes are compared, for both show those of their files. */
function sameXattrs(a: Entry['xattrs'], b: Entry['xattrs']): boolean {
  if (a === b) return true;
  const [left, right] = [Object.entries(a ?? {}), b ?? {}];
  return left.length === Object.keys(right).length && left.every(([key, value]) => right[key] === value);
}
