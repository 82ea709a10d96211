// Platforms as Docker's users write them (`linux/amd64`, `arm64`, `linux/arm/v7`), normalised as containerd does, and
// which image serves for which platform.

import { MilleError, suggest } from '../../core/index.ts';
import type { Platform } from './documents.ts';

/** Other spellings of architectures, with the variant that some of them imply. */
const ALIASES = new Map([
  ['x86_64', 'amd64'],
  ['x86-64', 'amd64'],
  ['x64', 'amd64'],
  ['aarch64', 'arm64'],
  ['i386', '386'],
  ['ia32', '386'],
  ['armhf', 'arm/v7'],
  ['armel', 'arm/v6'],
]);

const ARCHITECTURES = new Set(
  (
    '386 amd64 arm arm64 armbe arm64be loong64 mips mipsle mips64 mips64le ppc ppc64 ppc64le riscv riscv64 s390 ' +
    's390x sparc sparc64 wasm'
  ).split(' '),
);

const SYSTEMS = new Set(
  'aix android darwin dragonfly freebsd illumos linux netbsd openbsd plan9 solaris windows'.split(' '),
);

const HINT = "write it as os/architecture[/variant], for example 'linux/amd64'";

/**
 * Parses `os/arch[/variant]`, or `os` or `arch` alone, the rest taken from `host`.
 * @throws MilleError `platform-unsupported`
 */
export function parsePlatform(text: string, host: Platform): Platform {
  const parts = text.toLowerCase().split('/');
  if (parts.length > 3 || parts.some((part) => !/^[a-z0-9_.-]+$/.test(part))) {
    throw new MilleError('platform-unsupported', `malformed platform '${text}'`, { hint: HINT });
  }
  const [first = '', architecture, variant = ''] = parts;
  if (architecture !== undefined) return normalizePlatform({ os: first, architecture, variant });
  if (first === 'local') return host;
  if (SYSTEMS.has(first)) return { ...host, os: first };
  if (ARCHITECTURES.has(first) || ALIASES.has(first))
    return normalizePlatform({ os: host.os, architecture: first });
  const near = suggest(first, [...SYSTEMS, ...ARCHITECTURES, ...ALIASES.keys()]);
  throw new MilleError('platform-unsupported', `'${text}' is neither a system nor an architecture`, {
    hint: near === undefined ? HINT : `did you mean '${near}'?`,
  });
}

/** The one spelling of a platform: lower case, aliases resolved, the variant left out where it is the usual one. */
export function normalizePlatform(platform: Platform): Platform {
  const os = platform.os.toLowerCase();
  const word = platform.architecture.toLowerCase();
  const [architecture = '', implied = ''] = (ALIASES.get(word) ?? word).split('/');
  const variant = usualVariant(architecture, platform.variant?.toLowerCase() || implied);
  return { os, architecture, ...(variant === '' ? {} : { variant }) };
}

function usualVariant(architecture: string, given: string): string {
  switch (architecture) {
    case 'amd64':
      return given === 'v1' ? '' : given;
    case '386':
      return '';
    case 'arm':
      return given === '' ? 'v7' : /^[5-8]$/.test(given) ? `v${given}` : given;
    case 'arm64':
      if (['8', 'v8', 'v8.0'].includes(given)) return '';
      return ['9', '9.0', 'v9.0'].includes(given) ? 'v9' : given;
    default:
      return given;
  }
}

/** `linux/arm64`, the inverse of `parsePlatform`. */
export function formatPlatform(platform: Platform): string {
  const { os, architecture, variant } = platform;
  return variant ? `${os}/${architecture}/${variant}` : `${os}/${architecture}`;
}

/** Whether two platforms are the same, however they are spelt. */
export function samePlatform(a: Platform, b: Platform): boolean {
  return formatPlatform(normalizePlatform(a)) === formatPlatform(normalizePlatform(b));
}

/**
 * The platforms whose images run where one for `wanted` was asked for, the best first: itself, then earlier versions
 * of its processor, then the smaller one that it contains.
 */
export function compatiblePlatforms(wanted: Platform): readonly Platform[] {
  const { os, architecture, variant = '' } = normalizePlatform(wanted);
  const of = (name: string, variants: readonly string[]) =>
    variants.map((version) => normalizePlatform({ os, architecture: name, variant: version }));
  switch (architecture) {
    case 'amd64':
      return [...of('amd64', downTo(variant || 'v1', 1)), { os, architecture: '386' }];
    case 'arm':
      return of('arm', downTo(variant, 5));
    case 'arm64':
      return [...of('arm64', arm64Variants(variant || 'v8')), ...of('arm', downTo('v8', 5))];
    default:
      return [{ os, architecture, ...(variant === '' ? {} : { variant }) }];
  }
}

/** `v3`, `v2`, `v1`; a variant that is no number alone. */
function downTo(variant: string, least: number): string[] {
  const version = Number(/^v([1-9][0-9]?)$/.exec(variant)?.[1] ?? Number.NaN);
  if (!(version > least)) return [variant];
  return Array.from({ length: version - least + 1 }, (_, i) => `v${version - i}`);
}

/** Version 9.n has everything that 8.(n+5) has. */
function arm64Variants(variant: string): string[] {
  const [, major, minor = '0'] = /^v([89])(?:\.([0-9]))?$/.exec(variant) ?? [];
  if (major === undefined) return [variant];
  const down = (name: string, from: number) =>
    Array.from({ length: from + 1 }, (_, i) => (from === i ? name : `${name}.${from - i}`));
  const own = down(`v${major}`, Number(minor));
  return major === '8' ? own : [...own, ...down('v8', Math.min(9, Number(minor) + 5))];
}

/**
 * How well an image of one platform serves for another: 0 for the same, more for what is further away, undefined for
 * one that does not. An image that names no variant is taken for any of its architecture, but last.
 */
export function platformDistance(found: Platform, wanted: Platform): number | undefined {
  const list = compatiblePlatforms(wanted);
  const at = list.findIndex((platform) => samePlatform(platform, found));
  if (at >= 0) return at;
  const { os, architecture } = normalizePlatform(found);
  const bare = !found.variant && os === list[0]?.os && architecture === list[0]?.architecture;
  return bare ? list.length : undefined;
}

/** The best of several images for a platform; undefined where none serves. The earlier of equal ones is taken. */
export function choosePlatform<T>(
  images: readonly T[],
  platformOf: (image: T) => Platform | undefined,
  wanted: Platform,
): T | undefined {
  let best: { readonly image: T; readonly distance: number } | undefined;
  for (const image of images) {
    const platform = platformOf(image);
    const distance = platform && platformDistance(platform, wanted);
    if (distance !== undefined && (!best || distance < best.distance)) best = { image, distance };
  }
  return best?.image;
}
