// Programs of a built image that do not fit on its base: read from what the build brought, wherever it came from (COPY, other
// stages, wheels, native Node modules).

import type { Digest } from '../../../core/index.ts';
import { type BroughtProgram, type Misfit, misfitsOf } from '../../../insight/compatibility/index.ts';
import type { ObservedImage } from '../../../insight/optimize/index.ts';
import { seenTree } from '../../../insight/programs/index.ts';
import { withImage } from '../../open-image/open-image.ts';
import { groundOf, readBrought, readPrograms } from '../../programs/index.ts';
import type { Services } from '../../services.ts';
import type { ComparedBase } from './types.ts';

/** The base that it stands on. */
export interface OwnBase {
  readonly base: Pick<ComparedBase, 'libc'>;
  /** Its layers. */
  readonly below: ReadonlySet<Digest>;
}

/** Misfits that are told of, at most. */
const MOST = 50;

/** Looks at what the image has beside its base. */
export async function misfitsOn(
  services: Services,
  { imageId, tables }: ObservedImage,
  { base, below }: OwnBase,
): Promise<readonly Misfit[]> {
  return await withImage(services, imageId, {}, async (image) => {
    const tree = seenTree(tables);
    const own = image.layers.filter(({ diffId }) => !below.has(diffId));
    const programs = [...(await readPrograms(own, readBrought))]
      .filter(([path]) => tree.entries.get(path)?.type === 'file')
      .map(([path, program]): BroughtProgram => ({ path, ...program }));
    const ground = await groundOf(image, tree, { programs, ...(base.libc ? { libc: base.libc } : {}) });
    return programs.flatMap((program) => misfitsOf(program, ground)).slice(0, MOST);
  });
}
