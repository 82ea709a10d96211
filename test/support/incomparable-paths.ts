/** Paths that each builder's runtime writes in its own way, or that are no matter of the image: left out of comparisons. */
export const INCOMPARABLE_PATHS: ReadonlySet<string> = new Set([
  '/',
  '/dev',
  '/proc',
  '/sys',
  '/etc/resolv.conf',
  '/etc/hosts',
  '/etc/hostname',
  '/.dockerenv',
]);
