// `--platform` of build, and Docker's variable for it.

import type { Host } from './spec.ts';

/**
 * The platforms asked for, as written: of the flag, which may be repeated or hold several with commas between them, or
 * else of DOCKER_DEFAULT_PLATFORM. None means the machine's own.
 */
export function chosenPlatforms(given: readonly string[], env: Host['env']): readonly string[] {
  const preset = env.DOCKER_DEFAULT_PLATFORM;
  const all = given.length > 0 ? given : preset ? [preset] : [];
  return all.flatMap((text) => text.split(','));
}
