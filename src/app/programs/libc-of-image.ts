// Which C library an image has: as its packages say, else as the library itself does.

import type { Libc } from '../../insight/base/index.ts';
import type { SeenTree } from '../../insight/programs/index.ts';
import { compareVersions, parseVersion } from '../../insight/tags/index.ts';
import { readElfVersions } from '../../lang/executable/index.ts';
import type { OpenedImage } from '../../oci/image/index.ts';
import { readFiles } from '../open-image/read-files.ts';
import type { Inventory } from '../packages/inventory.ts';

/** Packages that are one. */
const PACKAGES: readonly (readonly [type: string, name: RegExp, libc: Libc['name']])[] = [
  ['deb', /^libc6$/, 'glibc'],
  ['apk', /^musl$/, 'musl'],
  ['apk', /^glibc$/, 'glibc'],
  ['rpm', /^glibc$/, 'glibc'],
  ['alpm', /^glibc$/, 'glibc'],
];

/** @returns undefined for an image that has none */
export async function libcOfImage(
  image: OpenedImage,
  tree: SeenTree,
  { packages }: Inventory,
): Promise<Libc | undefined> {
  for (const [type, names, name] of PACKAGES) {
    const found = packages.find((one) => one.type === type && names.test(one.name));
    // 2.36-9+deb12u10, 1.2.5-r10: the upstream version.
    if (found) return { name, version: found.version.replace(/^\d+:/, '').replace(/-.*/, '') };
  }
  const paths = [...tree.entries.values()].filter(({ type }) => type === 'file').map(({ path }) => path);
  const own = paths.find((path) => /(^|\/)libc(\.so\.6|-2\.\d+\.so)$/.test(path));
  if (own !== undefined) {
    const bytes = (await readFiles(image, tree, new Set([own]))).get(own);
    const version = bytes && newestGlibc(readElfVersions(bytes)?.provides ?? []);
    return { name: 'glibc', ...(version === undefined ? {} : { version }) };
  }
  return paths.some((path) => /(^|\/)ld-musl-[\w-]+\.so\.1$/.test(path)) ? { name: 'musl' } : undefined;
}

/** The newest of `GLIBC_2.36` and the like. */
function newestGlibc(versions: readonly string[]): string | undefined {
  return versions
    .flatMap((one) => /^GLIBC_(\d+\.\d+(?:\.\d+)?)$/.exec(one)?.[1] ?? [])
    .toSorted((a, b) => compareVersions(parseVersion(a)!, parseVersion(b)!))
    .at(-1);
}
