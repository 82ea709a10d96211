// `--platform`, and Docker's variable for it.

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

/** The flag of commands that look at one image. */
export const PLATFORM_FLAG = {
  kind: 'string',
  value: 'OS/ARCH',
  help: "which image of several platforms is meant, by default the machine's own or else the first",
} as const;

/** The choice that the flag makes. */
export function platformChoice(platform: string | undefined): { readonly platform?: string } {
  return platform === undefined ? {} : { platform };
}

/** How to get at an image that is looked into. */
export function insideOptions({
  platform,
  ca,
}: {
  readonly platform: string | undefined;
  readonly ca: string | undefined;
}): { readonly platform?: string; readonly ca?: string } {
  return { ...platformChoice(platform), ...(ca === undefined ? {} : { ca }) };
}
