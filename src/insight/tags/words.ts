// Words of tags that are neither a version nor a distribution.

/** What moves. */
export const CHANNELS: ReadonlySet<string> = new Set([
  ...[
    'latest',
    'mainline',
    'stable',
    'lts',
    'lta',
    'current',
    'tip',
    'edge',
    'rolling',
    'devel',
    'innovation',
  ],
  ...['testing', 'unstable', 'oldstable', 'oldoldstable', 'nightly', 'canary', 'next', 'main', 'master'],
  ...['develop', 'rc', 'beta', 'alpha', 'preview', 'snapshot', 'head', 'rawhide', 'fresh', 'release'],
]);

/** How much is in an image. */
export const SIZES: ReadonlySet<string> = new Set([
  'slim',
  'minimal',
  'full',
  'micro',
  'tiny',
  'lite',
  'small',
]);

/** What of a program, or what else with it. */
export const FLAVORS: ReadonlySet<string> = new Set([
  ...['jdk', 'jre', 'cli', 'fpm', 'apache', 'zts', 'perl', 'otel', 'backports', 'headless', 'headful'],
  ...['management', 'uclibc', 'glibc', 'musl', 'dind', 'rootless', 'git', 'chiseled', 'extra', 'aot'],
  ...['composite', 'runtime', 'sdk', 'aspnet', 'dev', 'debug', 'nonroot', 'static', 'base', 'cudnn'],
  ...['enterprise', 'community', 'oss', 'unprivileged', 'standalone', 'builder', 'browsers', 'openssl'],
]);

const ARCHITECTURES: Readonly<Record<string, string>> = {
  amd64: 'amd64',
  x86_64: 'amd64',
  x64: 'amd64',
  arm64: 'arm64',
  arm64v8: 'arm64',
  aarch64: 'arm64',
  arm32v5: 'arm/v5',
  arm32v6: 'arm/v6',
  arm32v7: 'arm/v7',
  armv5: 'arm/v5',
  armv6: 'arm/v6',
  armv7: 'arm/v7',
  armhf: 'arm/v7',
  arm: 'arm',
  i386: '386',
  '386': '386',
  ppc64le: 'ppc64le',
  s390x: 's390x',
  riscv64: 'riscv64',
  mips64le: 'mips64le',
  loong64: 'loong64',
};

/** The architecture that a word names, as images call it. */
export function architectureOf(word: string): string | undefined {
  return Object.hasOwn(ARCHITECTURES, word) ? ARCHITECTURES[word] : undefined;
}

const DATE = /^((?:19|20)\d{2})(\d{2})(\d{2})(\.\d{1,3})?$/;

/** The day that a word is: `20260803`, `20260811.1`. */
export function dateOf(word: string): string | undefined {
  const [, year, month, day, number = ''] = DATE.exec(word) ?? [];
  if (year === undefined) return undefined;
  if (Number(month) < 1 || Number(month) > 12 || Number(day) < 1 || Number(day) > 31) return undefined;
  return `${year}-${month}-${day}${number}`;
}

/** Digits and letters of a commit, of which at least one is each; or the revision of a packager. */
export function revisionOf(word: string): string | undefined {
  if (/^r\d{1,4}$/.test(word)) return word;
  return /^(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,40}$/.test(word) ? word : undefined;
}

/** What is kept beside an image under its digest: signatures and attestations of cosign, referrers. */
export const ATTACHMENT = /^sha256-[0-9a-f]{64}(?:\.[a-z0-9.]+)?$/;
