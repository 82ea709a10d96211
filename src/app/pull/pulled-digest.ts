// Which image of the store a digest in a reference means. It may be that of an index, which the store does not keep:
// what it meant for a platform when the image was pulled is remembered.

import type { Digest } from '../../core/index.ts';
import { formatPlatform, normalizePlatform, type Platform } from '../../oci/image/index.ts';
import type { Store } from '../../oci/store/index.ts';

const key = (root: Digest, platform: Platform) =>
  `pulled ${root} ${formatPlatform(normalizePlatform(platform))}`;

/** The manifest of the image in the store that a digest means: its own, its id, or that of an index. */
export function findByDigest(store: Store, digest: Digest, platform: Platform): Digest | undefined {
  const own = store.findById(digest);
  if (own) return own;
  const remembered = store.getValue(key(digest, platform));
  return remembered === undefined ? undefined : store.findById(remembered);
}

/** Remembers what an index means. */
export function rememberDigest(
  store: Store,
  root: Digest,
  meant: { readonly platform: Platform; readonly manifest: Digest },
): void {
  if (root !== meant.manifest) store.setValue(key(root, meant.platform), meant.manifest);
}
