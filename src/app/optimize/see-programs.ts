// What programs of an image name of other files, read from their contents.

import type { Digest } from '../../core/index.ts';
import type { ObservedImage } from '../../insight/optimize/index.ts';
import { type ProgramFacts, readProgram } from '../../lang/executable/index.ts';
import { withImage } from '../open-image/open-image.ts';
import { readPrograms } from '../programs/index.ts';
import { withServices } from '../services.ts';

/** Those of some layers, by their paths: of a path that several have, the topmost. */
export async function seePrograms(
  { imageId }: ObservedImage,
  wanted: ReadonlySet<Digest>,
): Promise<ReadonlyMap<string, ProgramFacts>> {
  return await withServices('read', (services) =>
    withImage(services, imageId, {}, ({ layers }) =>
      readPrograms(
        layers.filter(({ diffId }) => wanted.has(diffId)),
        readProgram,
      ),
    ),
  );
}
