// What programs ask of an image, and what the image has of it.

import type { BroughtProgram, Ground } from '../../insight/compatibility/index.ts';
import type { SeenTree } from '../../insight/programs/index.ts';
import { readElfVersions, readProgram } from '../../lang/executable/index.ts';
import type { OpenedImage } from '../../oci/image/index.ts';
import { readFiles } from '../open-image/read-files.ts';

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
    const versions = bytes && readElfVersions(bytes);
    if (versions && versions.provides.length > 0) provides.set(name, new Set(versions.provides));
  }
  return { tree, config: image.config, ...(libc ? { libc } : {}), provides };
}
