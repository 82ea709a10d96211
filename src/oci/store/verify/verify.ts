// The store checked against itself. For people who no longer trust their disk, and for tests that kill things. What
// others change meanwhile is no problem: whatever is found is looked at once more before it is told.

import { CWD, statAt } from '../../../sys/index.ts';
import type { Place } from '../place.ts';
import { leftIn } from '../usage.ts';
import { checkLayers, checkOtherBlobs, checkStrangers } from './check-blobs.ts';
import { checkImages, checkIndexes } from './check-images.ts';
import { checkDatabase, checkIndex, checkLayout } from './check-layout.ts';
import { checkUnpacked } from './check-unpacked.ts';
import { findOwners } from './owners.ts';
import type { StoreProblem, VerifyOptions, VerifyParts } from './problem.ts';

/** All problems found. */
export async function verify(
  place: Place,
  parts: VerifyParts,
  options: VerifyOptions,
): Promise<StoreProblem[]> {
  if (!statAt(CWD, place.paths.root)) return [];
  const first = [...checkDatabase(place, options), ...checkLayout(place)];
  // Without its directories, or on a database that lies, nothing else would be told but what follows from that.
  if (first.length > 0) return first;
  const owners = findOwners(place, parts.images);
  return [
    ...checkStrangers(place),
    ...(await checkLayers(place, owners, options)),
    ...(await checkOtherBlobs(place, owners, options)),
    ...checkImages(place, parts),
    ...checkIndexes(place, parts),
    ...(await checkUnpacked(place, parts.layers, options)),
    ...checkIndex(place),
    ...leftovers(place),
  ];
}

function leftovers(place: Place): StoreProblem[] {
  return leftIn(place).map((name) => ({
    ...{ kind: 'leftover', subject: name, repairable: true, harmless: true },
    message: `tmp/${name} was left by a process that was killed`,
    remedy: 'whatever writes next removes it',
  }));
}
