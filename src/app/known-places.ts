// Which repository of a registry was seen to have a blob: who pushes it elsewhere in that registry asks to have it
// mounted from there. It is a hint and nothing more: where the blob is gone, or may not be read, it is sent.

import { type Digest, MilleError } from '../core/index.ts';
import type { Reference } from '../oci/image/index.ts';
import type { Store } from '../oci/store/index.ts';

/** As many as Docker takes into one login: each is a scope of its own. */
const MOST = 5;

/** Remembers that a repository has these blobs. */
export function notePlaces(
  store: Store,
  { registry, repository }: Pick<Reference, 'registry' | 'repository'>,
  digests: Iterable<Digest>,
): void {
  const value = new TextEncoder().encode(repository);
  try {
    store.db.transaction(() => {
      for (const digest of digests) {
        const key = keyOf(registry, digest);
        const known = store.getBytes(key);
        if (!known || !Buffer.from(known).equals(value)) store.setBytes(key, value);
      }
    });
  } catch (error) {
    // A hint is no reason to fail.
    if (!(error instanceof MilleError) || error.code !== 'disk-full') throw error;
  }
}

/** Other repositories of a registry that are known to have blobs: those with the most of them, a few. */
export function placesOf(
  store: Store,
  { registry, repository }: Pick<Reference, 'registry' | 'repository'>,
  digests: Iterable<Digest>,
): ReadonlyMap<Digest, string> {
  const found = new Map<Digest, string>();
  const counts = new Map<string, number>();
  for (const digest of digests) {
    const known = store.getBytes(keyOf(registry, digest));
    const name = known && new TextDecoder().decode(known);
    if (name === undefined || name === repository) continue;
    found.set(digest, name);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const often = [...counts].sort(([, a], [, b]) => b - a).slice(0, MOST);
  const chosen = new Set(often.map(([name]) => name));
  return new Map([...found].filter(([, name]) => chosen.has(name)));
}

function keyOf(registry: string, digest: Digest): string {
  return `blob-at:${registry}/${digest}`;
}
