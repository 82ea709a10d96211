// Programs of a built image that do not fit on its base: read from what the build brought, wherever it came from (COPY, other
// stages, wheels, native Node modules).

import type { Digest } from '../../../core/index.ts';
import {
  type BroughtProgram,
  type Ground,
  type Misfit,
  misfitsOf,
} from '../../../insight/compatibility/index.ts';
import type { ObservedImage } from '../../../insight/optimize/index.ts';
import {
  type ElfVersions,
  readElfVersions,
  readProgram,
  type SeenTree,
  seenTree,
} from '../../../insight/programs/index.ts';
import type { OpenedImage } from '../../../oci/image/index.ts';
import { withImage } from '../../open-image/open-image.ts';
import { readPrograms } from '../../optimize/see-programs.ts';
import type { Services } from '../../services.ts';
import { readFiles } from './read-files.ts';
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

/** What a file says of itself. */
export function readBrought(bytes: Uint8Array): Omit<BroughtProgram, 'path'> | undefined {
  const facts = readProgram(bytes);
  // Scripts are found by whoever starts them, more often than not in a shell of their own making.
  if (facts?.kind !== 'elf') return undefined;
  const versions = readElfVersions(bytes);
  return { facts, ...(versions ? { versions } : {}) };
}

/** An image with what programs ask of it. */
export async function groundOf(
  image: OpenedImage,
  tree: SeenTree,
  { programs, libc }: { readonly programs: readonly BroughtProgram[]; readonly libc?: Ground['libc'] },
): Promise<Ground> {
  const wanted = new Set(programs.flatMap(({ versions }) => versions?.needs.map((one) => one.library) ?? []));
  const places = new Map<string, string>();
  for (const path of tree.entries.keys()) {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const real = wanted.has(name) && !places.has(name) ? tree.follow(path)?.at(-1) : undefined;
    if (real !== undefined) places.set(name, real);
  }
  const files = await readFiles(image, tree, new Set(places.values()));
  const provides = new Map<string, ReadonlySet<string>>();
  for (const [name, path] of places) {
    const bytes = files.get(path);
    const versions: ElfVersions | undefined = bytes && readElfVersions(bytes);
    if (versions && versions.provides.length > 0) provides.set(name, new Set(versions.provides));
  }
  return { tree, config: image.config, ...(libc ? { libc } : {}), provides };
}
