// The caches that package managers and compilers keep, and which of them a build may find again.

import { MOVED_BY } from '../usual-places.ts';

/** A cache that a program keeps. */
export interface Kept {
  /** What it holds: `what go compiled`. */
  readonly what: string;
  readonly programs: RegExp;
  /** Arguments of which one is there, where only some commands use it. */
  readonly only?: readonly string[];
  /** From the start of a path to the end of the directory. */
  readonly directory: RegExp;
  /** What in there is of use again, where not all of it is: of a log alone nobody is quicker. */
  readonly useful?: RegExp;
  /** What lies in the same layer where nobody reads the cache but the program itself. */
  readonly beside?: RegExp;
  /** How much of the time a step is taken to last with it. */
  readonly share: number;
  /** Arguments with which nothing is kept, or what is kept must have been made by an earlier step. */
  readonly without: readonly string[];
  /** How it is emptied in the same RUN, where that can be told: then nothing of it is seen in a layer. */
  readonly emptied?: Emptied;
  /** Only where it is emptied: what is left of it in a layer is of use there. */
  readonly onlyEmptied?: true;
}

/** A cache that is emptied again. */
export interface Emptied {
  /** The operands of a command of the same program: `cache clean`. */
  readonly by?: RegExp;
  /** Where it lies, of root. */
  readonly directory: (env: ReadonlyMap<string, string>) => string;
  /** Variables with which it lies elsewhere, or is not kept at all, besides those of all (`isUsualPlace`). */
  readonly unless: readonly string[];
}

/** Directories of root: those of other users would be root's all the same. */
export const CACHES: readonly Kept[] = [
  {
    what: 'what go compiled',
    programs: /^go$/,
    only: ['build', 'install', 'test', 'run', 'vet', 'generate'],
    directory: /^root\/\.cache\/go-build(?=\/|$)/,
    share: 0.3,
    without: [],
    emptied: {
      by: /^clean$/,
      directory: () => 'root/.cache/go-build',
      unless: ['GOCACHE'],
    },
  },
  {
    what: 'the modules that go fetched',
    programs: /^go$/,
    only: ['build', 'install', 'test', 'run', 'vet', 'generate', 'mod', 'get'],
    directory: /^(go|root\/go)\/pkg\/mod(?=\/|$)/,
    share: 0.5,
    without: [],
    emptied: {
      by: /^clean$/,
      directory: (env) => `${(env.get('GOPATH') ?? '/root/go').replace(/^\/+|\/+$/g, '')}/pkg/mod`,
      unless: ['GOMODCACHE'],
    },
    onlyEmptied: true,
  },
  {
    what: 'what Maven fetched',
    programs: /^mvnw?$/,
    directory: /^root\/\.m2\/repository(?=\/|$)/,
    share: 0.5,
    without: ['-o', '--offline'],
    emptied: { directory: () => 'root/.m2/repository', unless: [] },
  },
  {
    what: 'what Gradle fetched',
    programs: /^gradlew?$/,
    directory: /^root\/\.gradle(?=\/|$)/,
    share: 0.5,
    without: ['--offline'],
    emptied: { directory: () => 'root/.gradle', unless: ['GRADLE_USER_HOME'] },
  },
  {
    what: 'the crates that cargo fetched',
    programs: /^cargo$/,
    directory: /^(usr\/local\/cargo|root\/\.cargo)\/registry(?=\/|$)/,
    share: 0.8,
    without: ['--offline', '--frozen'],
    emptied: {
      directory: (env) => `${(env.get('CARGO_HOME') ?? '/root/.cargo').replace(/^\/+|\/+$/g, '')}/registry`,
      unless: [],
    },
  },
  {
    what: 'what pip fetched',
    programs: /^pip[\d.]*$|^python[\d.]*$/,
    only: ['install', 'wheel', 'download'],
    directory: /^root\/\.cache\/pip(?=\/|$)/,
    share: 0.6,
    without: ['--no-cache-dir'],
    emptied: {
      ...{ by: /^(pip )?cache purge$/, directory: () => 'root/.cache/pip' },
      unless: MOVED_BY.pip,
    },
  },
  {
    what: 'what Poetry fetched',
    programs: /^poetry$/,
    directory: /^root\/\.cache\/pypoetry\/(cache|artifacts)(?=\/|$)/,
    share: 0.6,
    without: ['--no-cache'],
  },
  {
    what: 'what uv fetched and unpacked',
    programs: /^uv$/,
    only: ['sync', 'install'],
    directory: /^root\/\.cache\/uv(?=\/|$)/,
    share: 0.6,
    without: ['--no-cache', '-n', '--no-cache-dir', '--offline'],
    emptied: {
      ...{ by: /^cache (clean|prune)$/, directory: () => 'root/.cache/uv' },
      unless: ['UV_CACHE_DIR', 'UV_NO_CACHE'],
    },
  },
  {
    what: 'what npm fetched',
    programs: /^npm$/,
    only: ['ci', 'install', 'i', 'clean-install'],
    directory: /^root\/\.npm(?=\/|$)/,
    useful: /^root\/\.npm\/_cacache(?=\/|$)/,
    share: 0.6,
    without: ['--offline'],
    emptied: {
      ...{ by: /^cache (clean|clear|rm)$/, directory: () => 'root/.npm' },
      unless: MOVED_BY.npm,
    },
  },
  {
    what: 'what yarn fetched',
    programs: /^yarn(pkg)?$/,
    directory: /^(usr\/local\/share\/\.cache\/yarn|root\/\.cache\/yarn)(?=\/|$)/,
    share: 0.6,
    without: ['--offline'],
    emptied: {
      ...{ by: /^cache clean$/, directory: () => 'usr/local/share/.cache/yarn' },
      unless: ['YARN_CACHE_FOLDER', 'XDG_CACHE_HOME'],
    },
  },
  {
    what: 'what yarn fetched',
    programs: /^yarn(pkg)?$/,
    directory: /^root\/\.yarn\/berry(?=\/|$)/,
    useful: /^root\/\.yarn\/berry\/cache(?=\/|$)/,
    // Without node_modules programs run out of its archives.
    beside: /(^|\/)node_modules\/\.yarn-state\.yml$/,
    share: 0.6,
    without: ['--immutable-cache'],
  },
  {
    what: 'what Composer fetched',
    programs: /^composer$/,
    directory: /^root\/(\.composer\/cache|\.cache\/composer)(?=\/|$)/,
    share: 0.6,
    without: ['--no-cache'],
    emptied: {
      ...{ by: /^(clear-?cache|cc)$/, directory: () => 'root/.cache/composer' },
      unless: ['COMPOSER_HOME', 'COMPOSER_CACHE_DIR'],
    },
  },
];
