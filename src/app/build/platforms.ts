// The platforms that a build is for.

import { MilleError } from '../../core/index.ts';
import { formatPlatform, parsePlatform } from '../../oci/image/index.ts';
import { hostPlatform } from '../../oci/store/index.ts';

/** Platforms as written, each once however it is spelt. @throws MilleError `platform-unsupported` */
export function distinctPlatforms(platforms: readonly string[]): readonly string[] {
  const host = hostPlatform();
  const names = platforms.map((text) => formatPlatform(parsePlatform(text, host)));
  return platforms.filter((_, i) => names.indexOf(names[i]!) === i);
}

/** Refuses several platforms where one is looked at. @throws MilleError `usage`, `platform-unsupported` */
export function checkOnePlatform({ platforms }: { readonly platforms: readonly string[] }): void {
  const distinct = distinctPlatforms(platforms);
  if (distinct.length < 2) return;
  throw new MilleError('usage', `this looks at one platform, not at ${distinct.join(', ')}`, {
    hint: 'give one --platform',
  });
}
