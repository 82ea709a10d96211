// The layer that a step made the last time, opened so that what did not change can be taken from its tar.

import { type Digest, MilleError } from '../../core/index.ts';
import { EarlierTar } from '../../oci/layer/index.ts';
import { CWD, closeFd, O, openAt, SystemError } from '../../sys/index.ts';
import type { ExecuteServices } from './services.ts';

/** Opens the tar of a layer; undefined where there is none, or only a compressed one. */
export function openEarlier(
  store: ExecuteServices['store'],
  diffId: Digest | undefined,
): ({ readonly tar: EarlierTar } & Disposable) | undefined {
  // Only a plain tar has the digest of what it holds. Where it is not whole, or not the tar any more, its reader notices.
  if (diffId === undefined || !store.hasBlob(diffId)) return undefined;
  let fd: number;
  try {
    fd = openAt(CWD, store.blobPath(diffId), { flags: O.RDONLY });
  } catch (error) {
    if (error instanceof SystemError || (error instanceof MilleError && error.code === 'image-missing'))
      return undefined;
    throw error;
  }
  return { tar: new EarlierTar(fd), [Symbol.dispose]: () => closeFd(fd) };
}
