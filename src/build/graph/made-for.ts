// What a step is made for, as BuildKit words it in titles of a build for several platforms. It also tells the
// commands of one project apart in the cache: what one made for one platform is no earlier version of what it makes for
// another.

import { formatPlatform, type Platform, parsePlatform } from '../../oci/image/index.ts';
import type { Environment } from './environment.ts';

/**
 * `linux/arm64`, or `linux/amd64->arm64` for what is executed on one platform and has been told of the other, by ARG.
 * @param environment what the instruction sees; FROM sees nothing
 */
export function madeFor(platform: Platform, environment?: Environment): string {
  const own = formatPlatform(platform);
  const target = environment && targetIn(environment, platform);
  if (!target) return own;
  if (target.os !== platform.os) return `${own}->${formatPlatform(target)}`;
  if (target.architecture === platform.architecture) return own;
  return `${own}->${target.architecture}${target.variant === undefined ? '' : `/${target.variant}`}`;
}

/** The platform that the variables TARGET… say, as far as they are set; where they say none, there is none. */
function targetIn({ lookup: get }: Environment, platform: Platform): Platform | undefined {
  try {
    const whole = get('TARGETPLATFORM');
    if (whole !== undefined) return parsePlatform(whole, platform);
    const [os, architecture, variant] = ['TARGETOS', 'TARGETARCH', 'TARGETVARIANT'].map(get);
    if (os === undefined && architecture === undefined && variant === undefined) return undefined;
    const parts = [os || platform.os, architecture || platform.architecture, variant];
    return parsePlatform(parts.filter(Boolean).join('/'), platform);
  } catch {
    return undefined;
  }
}
