// From what `--cache-from` and `--cache-to` say to the places that are meant.

import {
  type ReadingPlace,
  readDirectoryPlace,
  readRegistryPlace,
  type WritingPlace,
  writeDirectoryPlace,
  writeRegistryPlace,
} from '../../build/cache-travel/index.ts';
import { parseDigest } from '../../core/index.ts';
import { parseReference } from '../../oci/image/index.ts';
import type { RegistryAccess } from '../../oci/registry/index.ts';
import { workingDirectory } from '../../sys/index.ts';
import { offline } from '../pull/access.ts';
import type { CacheSourceSpec, CacheTargetSpec } from './types.ts';

/** A `--cache-to` that leads to a place. */
export type PlacedTarget = Exclude<CacheTargetSpec, { readonly type: 'inline' }>;

/** In words. */
export function specName(spec: CacheSourceSpec | CacheTargetSpec): string {
  if (spec.type === 'registry') return spec.ref;
  if (spec.type === 'inline') return 'the image';
  return 'src' in spec ? spec.src : spec.dest;
}

/** Opens a place to read from. @throws MilleError `network` where registries are forbidden */
export function readingPlace(spec: CacheSourceSpec, access: RegistryAccess | undefined): ReadingPlace {
  if (spec.type === 'local') {
    const { src, tag, digest } = spec;
    return readDirectoryPlace({
      directory: absolutePath(src),
      ...(tag === undefined ? {} : { tag }),
      ...(digest === undefined ? {} : { digest: parseDigest(digest) }),
    });
  }
  const reference = parseReference(spec.ref);
  return readRegistryPlace(reference, accessTo(spec, access));
}

/** Opens a place to write to. @throws MilleError `network` where registries are forbidden, `image-invalid`, `io` */
export function writingPlace(
  spec: PlacedTarget,
  access: RegistryAccess | undefined,
  near: readonly ReadingPlace[],
): WritingPlace {
  if (spec.type === 'local') {
    const { dest, tag } = spec;
    return writeDirectoryPlace({ directory: absolutePath(dest), ...(tag === undefined ? {} : { tag }) });
  }
  return writeRegistryPlace(parseReference(spec.ref), accessTo(spec, access), near);
}

function accessTo(
  { ref, plain }: { readonly ref: string; readonly plain?: boolean },
  access: RegistryAccess | undefined,
): RegistryAccess {
  if (!access) throw offline(`the cache ${ref}`);
  if (!plain) return access;
  return { ...access, plain: [...(access.plain ?? []), parseReference(ref).registry] };
}

/** A path from the working directory. */
export function absolutePath(path: string): string {
  return path.startsWith('/') ? path : `${workingDirectory()}/${path}`;
}
