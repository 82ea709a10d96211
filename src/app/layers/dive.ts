// What dive would say of an opened image.

import { DiveCount, type DiveFigures } from '../../insight/inspect/index.ts';
import type { OpenedImage } from '../../oci/image/index.ts';
import { entriesInPassing } from '../open-image/open-image.ts';

/** Computes dive's figures. @throws MilleError what reading the tables of its layers throws */
export async function diveOf(image: OpenedImage): Promise<DiveFigures> {
  const count = new DiveCount();
  for await (const entries of entriesInPassing(image)) count.add(entries);
  return count.figures();
}
