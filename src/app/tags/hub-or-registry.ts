// Who is asked about a repository: Docker Hub about its own, registries about theirs.

import { MilleError } from '../../core/index.ts';
import type { Reference } from '../../oci/image/index.ts';

/**
 * Asks Docker Hub's own interface for its repositories; its registry, or a mirror of that, where a closed network lets
 * nobody reach the former.
 */
export async function hubOrRegistry<T>(
  { registry }: Pick<Reference, 'registry'>,
  ask: { readonly hub: () => Promise<T>; readonly registry: () => Promise<T> },
): Promise<T> {
  if (registry !== 'docker.io') return ask.registry();
  try {
    return await ask.hub();
  } catch (error) {
    const unreached = error instanceof MilleError && error.code === 'network' && error.cause !== undefined;
    if (!unreached) throw error;
    // What says most is why Docker Hub was not reached.
    return await ask.registry().catch(() => {
      throw error;
    });
  }
}
