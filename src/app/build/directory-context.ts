// A directory of the host as a build context, with the digests of its files remembered in the store.

import {
  type BuildContext,
  type ContextOptions,
  type MemoryStorage,
  openContext,
  openDigestMemory,
} from '../../build/context/index.ts';
import type { Store } from '../../oci/store/index.ts';

/**
 * Opens a directory.
 * @param directory absolute and clean
 * @param options.rules what its ignore file says, where it has been read
 * @param options.shownAs how messages call the directory, where it is not the build's own
 * @param options.hidden a file in it that is left out, as if an ignore file began with it
 */
export function openDirectoryContext(
  store: Store,
  directory: string,
  options: Pick<ContextOptions, 'rules' | 'shownAs' | 'hidden'> = {},
): BuildContext {
  const memory = openDigestMemory(storageOf(store), directory, () => Date.now() / 1000);
  return openContext({ directory, memory, ...options });
}

/** A path as people write it: from the working directory, cleaned as text. */
export function absoluteDirectory(path: string, workingDirectory: string): string {
  const whole = path.startsWith('/') ? path : `${workingDirectory}/${path}`;
  const clean = whole.replace(/\/+/g, '/').replace(/(\/\.)+(?=\/|$)/g, '');
  return clean.length > 1 ? clean.replace(/\/$/, '') : '/';
}

function storageOf(store: Store): MemoryStorage {
  return {
    load: (key) => store.getBytes(`context:${key}`),
    save: (key, bytes) => store.setBytes(`context:${key}`, bytes),
  };
}
