// Errors of a build for several platforms say which one they are of.

import { MilleError } from '../../core/index.ts';

/** The error with a platform before its message; what is nobody's fault stays as it is. */
export function ofPlatform(error: unknown, platform: string): unknown {
  return error instanceof MilleError && error.code !== 'interrupted' ? error.of(platform) : error;
}

/** Does something of which errors are to say the platform; where there is none to be said, nothing is added. */
export function sayingPlatform<T>(platform: string | false | undefined, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw platform ? ofPlatform(error, platform) : error;
  }
}
