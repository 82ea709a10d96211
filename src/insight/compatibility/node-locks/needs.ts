// Node packages that are no JavaScript alone, told from what any lock file says of them: builds for single platforms, and
// scripts that run when a package is installed, which fetch a build or compile one.

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

/** A package as a lock file has it. */
export interface LockedNode {
  readonly name: string;
  readonly version: string;
  /** Keys of the packages that it asks for, and of those among them that need not be there. */
  readonly asks: readonly string[];
  readonly optionally: readonly string[];
  /** Names of all that it asks for, in the file or not. */
  readonly names: readonly string[];
  readonly os: readonly string[];
  readonly cpu: readonly string[];
  readonly libc: readonly string[];
  /** Whether it runs a script when it is installed; absent where the file does not say. */
  readonly script?: boolean;
  /** Where what is optional fails, installing goes on. */
  readonly optional: boolean;
}

/** Scripts that make nothing that a C library matters to: messages, checks, programs linked with nothing. */
const HARMLESS = new Set([
  ...['core-js', 'core-js-pure', 'core-js-bundle', 'es5-ext', 'protobufjs', '@nestjs/core'],
  ...[
    'styled-components',
    'tsparticles-engine',
    'react-particles',
    'esbuild',
    'husky',
    'fsevents',
    'nodemon',
    'preact',
    'vue-demi',
  ],
  ...['@apollo/protobufjs', 'aws-sdk', 'nx'],
  // Its builds are packages of their own, which are looked at by themselves.
  ...['@swc/core', 'sharp', 'unrs-resolver', '@parcel/watcher', 'lmdb', 'msgpackr-extract', 'rollup'],
  'lefthook',
  // What builds others, and is not built.
  ...['npm', 'pacote', '@npmcli/run-script', 'node-gyp', '@electron/rebuild', 'electron-rebuild'],
  ...['@mapbox/node-pre-gyp', 'node-pre-gyp', 'prebuild-install', 'prebuildify', 'bindings', 'prebuild'],
  ...['nan', 'node-addon-api', 'node-gyp-build', 'cmake-js', '@vercel/nft'],
]);

/** What is fetched by them, or found in them, is linked with glibc. By their own documentation. */
const GLIBC_ONLY = new Set([
  ...['puppeteer', 'playwright', 'playwright-chromium', 'playwright-firefox', 'playwright-webkit', 'cypress'],
  ...['electron', 'chromedriver', 'geckodriver', '@tensorflow/tfjs-node', 'phantomjs-prebuilt'],
]);

/** Who asks for one of these has code in C or C++: they compile it, find it, or fetch it. */
const BUILDERS = new Set([
  ...['node-gyp', 'node-gyp-build', 'node-gyp-build-optional-packages', 'prebuild-install'],
  ...['@mapbox/node-pre-gyp', 'node-pre-gyp', 'bindings', 'nan', 'node-addon-api', 'cmake-js', 'prebuild'],
]);

const ARCHITECTURES: Readonly<Record<string, string>> = {
  ...{ x64: 'amd64', arm64: 'arm64', arm: 'arm', ia32: '386', ppc64: 'ppc64le', s390x: 's390x' },
  ...{ riscv64: 'riscv64', loong64: 'loong64' },
};

/** Packages that are looked at. */
export const MOST_NODES = 20_000;

/** What of them is native. @param locked by their keys */
export function nativeNeeds(locked: ReadonlyMap<string, LockedNode>): readonly NodeNeed[] {
  const needs = new Map<string, NodeNeed>();
  for (const one of locked.values()) {
    const need = needOf(one, locked);
    if (need) needs.set(`${need.name}@${need.version}`, need);
  }
  return [...needs.values()];
}

function needOf(one: LockedNode, locked: ReadonlyMap<string, LockedNode>): NodeNeed | undefined {
  const { name, version } = one;
  if (GLIBC_ONLY.has(name)) return { name, version, kind: 'glibc' };
  // What is for one platform is looked at from what asks for it.
  if (isPlatform(one)) return undefined;
  const builds = one.optionally.flatMap((key) => buildOf(locked.get(key)) ?? []);
  if (builds.length > 0) return { name, version, kind: 'builds', builds };
  const runs = one.script ?? one.names.some((asked) => BUILDERS.has(asked));
  return runs && !one.optional && !HARMLESS.has(name) ? { name, version, kind: 'script' } : undefined;
}

function isPlatform({ os, cpu }: LockedNode): boolean {
  return os.length > 0 || cpu.length > 0;
}

/** @returns undefined for what is for another system, or is no build */
function buildOf(one: LockedNode | undefined): NodeBuild | undefined {
  if (!one || !isPlatform(one)) return undefined;
  const { name, os, cpu } = one;
  if (os.length > 0 && !os.includes('linux')) return undefined;
  const [said] = one.libc;
  // npm before 11 and yarn 1 leave the field out; the names say it.
  const libc = said === 'musl' || said === 'glibc' ? said : libcOfName(name);
  const architectures = cpu.flatMap((machine) => ARCHITECTURES[machine] ?? []);
  if (cpu.length > 0 && architectures.length === 0) return undefined;
  return { ...{ name, architectures }, ...(libc === undefined ? {} : { libc }) };
}

function libcOfName(name: string): NodeBuild['libc'] | undefined {
  if (/linuxmusl|linux-musl|-musl(?:eabihf)?$/.test(name)) return 'musl';
  return /-(?:gnu(?:eabihf)?|glibc)$/.test(name) ? 'glibc' : undefined;
}

const SYSTEM =
  /(?:^|[-/_])(linux|darwin|win32|windows|freebsd|openbsd|netbsd|sunos|android|aix|openharmony)(?:musl)?(?:[-_]musl)?[-_](x64|64|arm64|arm|ia32|32|ppc64|ppc64le|s390x|riscv64|loong64)(?=$|[-_])/;
const MACHINES: Readonly<Record<string, string>> = { 64: 'x64', 32: 'ia32', ppc64le: 'ppc64' };

/** What the name of a package says where the lock file does not: `@swc/core-linux-x64-musl`. */
export function platformOfName(name: string): Pick<LockedNode, 'os' | 'cpu' | 'libc'> {
  const [, system, machine] = SYSTEM.exec(name) ?? [];
  if (system === undefined || machine === undefined) return { os: [], cpu: [], libc: [] };
  return { os: [system], cpu: [MACHINES[machine] ?? machine], libc: [] };
}

/** What is reached from some of them: what an installation without what is for developing has. */
export function reachedFrom(
  roots: readonly string[],
  locked: ReadonlyMap<string, LockedNode>,
): ReadonlyMap<string, LockedNode> {
  const found = new Map<string, LockedNode>();
  const open = [...roots];
  for (let key = open.pop(); key !== undefined; key = open.pop()) {
    const one = locked.get(key);
    if (!one || found.has(key)) continue;
    found.set(key, one);
    open.push(...one.asks);
  }
  return found;
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
