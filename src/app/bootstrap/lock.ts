// The lock file of a base: read where it is there, written where it is not, or is to be made anew.

import { MilleError } from '../../core/index.ts';
import {
  type BaseLock,
  type BasePlan,
  type BootstrapRequest,
  formatLock,
  lockOf,
  parseLock,
} from '../../insight/base/index.ts';
import { CWD, isErrno, readSmallFile, workingDirectory, writeFileAtomically } from '../../sys/index.ts';
import type { BaseOfPackages } from './types.ts';

/** Some ten thousand packages. */
const LARGEST = 16 << 20;

/** Reads the lock that counts. @returns undefined where none is asked for, there, or wanted as it is */
export function readLock(
  asked: BaseOfPackages['lock'],
): { readonly content: BaseLock; readonly path: string } | undefined {
  if (!asked || asked.update) return undefined;
  let bytes: Uint8Array;
  try {
    bytes = readSmallFile(CWD, absolute(asked.path), LARGEST);
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw new MilleError('io', `the lock ${asked.path} cannot be read`, { cause: error });
  }
  return { content: parseLock(new TextDecoder().decode(bytes), asked.path), path: asked.path };
}

/** Writes the lock of what was made, unless it was made by one. */
export function keepLock(asked: BaseOfPackages['lock'], request: BootstrapRequest, plan: BasePlan): void {
  if (!asked || request.lock) return;
  writeFileAtomically(absolute(asked.path), formatLock(lockOf(request, plan)));
}

function absolute(path: string): string {
  return path.startsWith('/') ? path : `${workingDirectory()}/${path}`;
}
