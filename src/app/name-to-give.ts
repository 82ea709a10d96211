// Names that images are to get.

import { displayPath, MilleError } from '../core/index.ts';
import { canonicalName, parseReference } from '../oci/image/index.ts';

/** The canonical name of what somebody wrote. @throws MilleError `reference-invalid`, also for a name with a digest */
export function nameToGive(text: string): string {
  const reference = parseReference(text);
  if (reference.digest === undefined) return canonicalName(reference);
  throw new MilleError('reference-invalid', `a name to be given cannot hold a digest: ${displayPath(text)}`, {
    hint: 'leave out the part after @',
  });
}
