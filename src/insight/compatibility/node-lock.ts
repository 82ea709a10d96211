// What the lock file of a Node project says of modules that are no JavaScript: builds for single platforms, and scripts that
// run when a package is installed, which fetch a build or compile one (package-lock.json of npm 7 and later).

/** A package with something native. */
export interface NodeNeed {
  readonly name: string;
  readonly version: string;
  /**
   * `builds`: its code is in packages for single platforms; `script`: it runs one; `glibc`: it brings programs for glibc
   * alone.
   */
  readonly kind: 'builds' | 'script' | 'glibc';
  /** Of `builds`: the platforms, as the lock file has them. */
  readonly builds?: readonly NodeBuild[];
}

/** A package for one platform. */
export interface NodeBuild {
  readonly name: string;
  /** Processors as images call them; empty: any. */
  readonly architectures: readonly string[];
  /** Absent where it is for any, or nobody says. */
  readonly libc?: 'glibc' | 'musl';
}

/** Scripts that make nothing that a C library matters to: messages, checks, programs linked with nothing. */
const HARMLESS = new Set([
  ...[
    'core-js',
    'core-js-pure',
    'core-js-bundle',
    'es5-ext',
    'protobufjs',
    '@nestjs/core',
    'styled-components',
  ],
  ...['esbuild', 'husky', 'fsevents', 'nodemon', 'preact', 'vue-demi', '@apollo/protobufjs', 'aws-sdk', 'nx'],
  // Its builds are packages of their own, which are looked at by themselves.
  ...[
    '@swc/core',
    'sharp',
    'unrs-resolver',
    '@parcel/watcher',
    'lmdb',
    'msgpackr-extract',
    'rollup',
    'lefthook',
  ],
]);

/** What is fetched by them, or found in them, is linked with glibc. By their own documentation. */
const GLIBC_ONLY = new Set([
  ...['puppeteer', 'playwright', 'playwright-chromium', 'playwright-firefox', 'playwright-webkit', 'cypress'],
  ...['electron', 'chromedriver', 'geckodriver', '@tensorflow/tfjs-node', 'phantomjs-prebuilt'],
]);

const ARCHITECTURES: Readonly<Record<string, string>> = {
  ...{ x64: 'amd64', arm64: 'arm64', arm: 'arm', ia32: '386', ppc64: 'ppc64le', s390x: 's390x' },
  ...{ riscv64: 'riscv64', loong64: 'loong64' },
};

const MOST = 20_000;

/**
 * Reads one.
 * @param production whether what is only for developing is not installed
 * @returns undefined for what is none, or one of npm 6 and before, which says nothing of this
 */
export function readNodeLock(text: string, production: boolean): readonly NodeNeed[] | undefined {
  let lock: unknown;
  try {
    lock = JSON.parse(text);
  } catch {
    return undefined;
  }
  const packages = record(record(lock)?.packages);
  if (!packages) return undefined;
  const entries = new Map<string, Readonly<Record<string, unknown>>>();
  for (const [path, value] of Object.entries(packages).slice(0, MOST)) {
    const entry = record(value);
    const at = path.lastIndexOf('node_modules/');
    // Links are the project's own.
    if (!entry || at < 0 || (production && entry.dev === true) || entry.link === true) continue;
    entries.set(path.slice(at + 'node_modules/'.length), entry);
  }
  return [...entries].flatMap(([name, entry]): NodeNeed[] => {
    const version = typeof entry.version === 'string' ? entry.version : '';
    if (GLIBC_ONLY.has(name)) return [{ name, version, kind: 'glibc' }];
    const builds = Object.keys(record(entry.optionalDependencies) ?? {}).flatMap(
      (one) => buildOf(one, entries.get(one)) ?? [],
    );
    // What is for one platform is looked at from what asks for it.
    if (builds.length > 0 && !isPlatform(entry)) return [{ name, version, kind: 'builds', builds }];
    // Where what is optional fails, npm goes on.
    const isScript =
      entry.hasInstallScript === true && entry.optional !== true && !HARMLESS.has(name) && !isPlatform(entry);
    return isScript ? [{ name, version, kind: 'script' }] : [];
  });
}

function isPlatform(entry: Readonly<Record<string, unknown>>): boolean {
  return words(entry.os).length > 0 || words(entry.cpu).length > 0;
}

/** @returns undefined for what is for another system, or is no build */
function buildOf(name: string, entry: Readonly<Record<string, unknown>> | undefined): NodeBuild | undefined {
  if (!entry || !isPlatform(entry)) return undefined;
  const systems = words(entry.os);
  if (systems.length > 0 && !systems.includes('linux')) return undefined;
  const [said] = words(entry.libc);
  // npm before 11 left the field out; the names say it.
  const named = /linuxmusl|-musl(?:eabihf)?$/.test(name)
    ? 'musl'
    : /-gnu(?:eabihf)?$/.test(name)
      ? 'glibc'
      : undefined;
  const libc = said === 'musl' || said === 'glibc' ? said : named;
  const machines = words(entry.cpu);
  const architectures = machines.flatMap((one) => ARCHITECTURES[one] ?? []);
  if (machines.length > 0 && architectures.length === 0) return undefined;
  return {
    ...{ name, architectures },
    ...(libc === undefined ? {} : { libc }),
  };
}

/** How a package fares with musl on a processor. */
export function onMusl(need: NodeNeed, architecture: string): 'fits' | 'script' | 'glibc' | 'unlisted' {
  if (need.kind !== 'builds') return need.kind;
  const here = need.builds!.filter(
    ({ architectures }) => architectures.length === 0 || architectures.includes(architecture),
  );
  if (here.length === 0 || here.some(({ libc }) => libc !== 'glibc')) return 'fits';
  // npm leaves out of a lock file what the machine that wrote it could not install: that it is not listed does not say
  // that there is none, but that npm ci will not install it.
  return 'unlisted';
}

function words(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}
