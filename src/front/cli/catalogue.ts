// All commands, each loaded when it is asked for: starting must not cost what is not used.

import type { Command } from './spec.ts';

interface Entry {
  /** The spec's own summary once more (a test compares): the list of commands must not load them all. */
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** In the order of the help. */
const COMMANDS: Readonly<Record<string, Entry>> = {
  build: {
    summary: 'Build an image from a Dockerfile',
    load: async () => (await import('./commands/build.ts')).build,
  },
  plan: {
    summary: 'Show what a build would do, and how long that takes',
    load: async () => (await import('./commands/plan.ts')).plan,
  },
  lock: {
    summary: 'Pin what the names in a Dockerfile mean, in a lock file',
    load: async () => (await import('./commands/lock.ts')).lock,
  },
  cost: {
    summary: 'Show what changes to files of the context cost',
    load: async () => (await import('./commands/cost.ts')).cost,
  },
  lint: {
    summary: 'Show what could be better in Dockerfiles, and fix it',
    load: async () => (await import('./commands/lint.ts')).lint,
  },
  optimize: {
    summary: 'Rewrite a Dockerfile to build smaller and faster, with proof',
    load: async () => (await import('./commands/optimize.ts')).optimize,
  },
  run: {
    summary: 'Run a command in a container made of an image',
    load: async () => (await import('./commands/run.ts')).run,
  },
  pull: {
    summary: 'Fetch an image from its registry',
    load: async () => (await import('./commands/pull.ts')).pull,
  },
  search: {
    summary: 'Look for images in Docker Hub, or in a registry',
    load: async () => (await import('./commands/search.ts')).search,
  },
  tags: {
    summary: 'Show which tags of an image are which, and what they weigh',
    load: async () => (await import('./commands/tags.ts')).tags,
  },
  images: {
    summary: 'List the images of the store',
    load: async () => (await import('./commands/images.ts')).images,
  },
  history: {
    summary: 'Show what made an image, and what each layer weighs',
    load: async () => (await import('./commands/history.ts')).history,
  },
  explore: {
    summary: 'Look about in an image, full screen: layers, files, waste',
    load: async () => (await import('./commands/explore.ts')).explore,
  },
  budget: {
    summary: 'Hold an image against what it may weigh',
    load: async () => (await import('./commands/budget.ts')).budget,
  },
  packages: {
    summary: 'List what is installed in an image, and who brought it',
    load: async () => (await import('./commands/packages.ts')).packages,
  },
  sbom: {
    summary: 'Write an inventory of an image, as CycloneDX or SPDX',
    load: async () => (await import('./commands/sbom.ts')).sbom,
  },
  vuln: {
    summary: 'Show known vulnerabilities of what is installed in an image',
    load: async () => (await import('./commands/vuln.ts')).vuln,
  },
  'vuln update': {
    summary: 'Fetch data on vulnerabilities, or take it from a directory',
    load: async () => (await import('./commands/vuln-update.ts')).vulnUpdate,
  },
  'vuln ls': {
    summary: 'List the data on vulnerabilities that is held, and its age',
    load: async () => (await import('./commands/vuln-ls.ts')).vulnLs,
  },
  diff: {
    summary: 'Show what differs between two images',
    load: async () => (await import('./commands/diff.ts')).diff,
  },
  layers: {
    summary: 'Show what each layer of an image costs, holds and wastes',
    load: async () => (await import('./commands/layers.ts')).layers,
  },
  why: {
    summary: 'Show why the steps of a build ran, and what that cost',
    load: async () => (await import('./commands/why.ts')).why,
  },
  explain: {
    summary: 'Explain an instruction, a rule, a rewrite, or a question',
    load: async () => (await import('./commands/explain.ts')).explain,
  },
  inspect: {
    summary: 'Show everything about images',
    load: async () => (await import('./commands/inspect.ts')).inspect,
  },
  secrets: {
    summary: 'Look for secrets in an image, or in what a build would send',
    load: async () => (await import('./commands/secrets.ts')).secrets,
  },
  tag: {
    summary: 'Give an image another name',
    load: async () => (await import('./commands/tag.ts')).tag,
  },
  push: {
    summary: 'Send an image to its registry',
    load: async () => (await import('./commands/push.ts')).push,
  },
  copy: {
    summary: 'Copy an image from one place to another, as it is',
    load: async () => (await import('./commands/copy.ts')).copy,
  },
  login: {
    summary: 'Keep a login for a registry, once the registry takes it',
    load: async () => (await import('./commands/login.ts')).login,
  },
  logout: {
    summary: 'Forget the login for a registry',
    load: async () => (await import('./commands/logout.ts')).logout,
  },
  rmi: {
    summary: 'Remove names, and images that have none left',
    load: async () => (await import('./commands/rmi.ts')).rmi,
  },
  save: {
    summary: 'Write images to an archive',
    load: async () => (await import('./commands/save.ts')).save,
  },
  load: {
    summary: 'Take images from an archive',
    load: async () => (await import('./commands/load.ts')).load,
  },
  base: {
    summary: 'Show what the base images of a Dockerfile are, and better ones',
    load: async () => (await import('./commands/base.ts')).base,
  },
  'base compare': {
    summary: 'Measure base images side by side',
    load: async () => (await import('./commands/base-compare.ts')).baseCompare,
  },
  'base set': {
    summary: 'Put another base image into FROM, with proof',
    load: async () => (await import('./commands/base-set.ts')).baseSet,
  },
  'base update': {
    summary: 'Fetch until when programs and distributions are supported',
    load: async () => (await import('./commands/base-update.ts')).baseUpdate,
  },
  rebase: {
    summary: 'Put an image on another base without building it anew',
    load: async () => (await import('./commands/rebase.ts')).rebase,
  },
  bootstrap: {
    summary: "Make a base image from a distribution's packages",
    load: async () => (await import('./commands/bootstrap.ts')).bootstrap,
  },
  df: {
    summary: 'Show what takes the space of the store',
    load: async () => (await import('./commands/df.ts')).df,
  },
  prune: {
    summary: 'Remove what was not used for longest',
    load: async () => (await import('./commands/prune.ts')).prune,
  },
  'store verify': {
    summary: 'Check the store against itself',
    load: async () => (await import('./commands/store-verify.ts')).storeVerify,
  },
  'cache ls': {
    summary: 'List cache mounts, what they take and who used them',
    load: async () => (await import('./commands/cache-ls.ts')).cacheLs,
  },
  'cache inspect': {
    summary: 'Show everything about cache mounts',
    load: async () => (await import('./commands/cache-inspect.ts')).cacheInspect,
  },
  'cache clear': {
    summary: 'Remove what cache mounts hold',
    load: async () => (await import('./commands/cache-clear.ts')).cacheClear,
  },
  'cache export': {
    summary: 'Write the cache to a directory, cache mounts to an archive',
    load: async () => (await import('./commands/cache-export.ts')).cacheExport,
  },
  'cache import': {
    summary: 'Take over a cache from a directory, or cache mounts',
    load: async () => (await import('./commands/cache-import.ts')).cacheImport,
  },
  parse: {
    summary: "Show a Dockerfile as BuildKit's parser sees it",
    load: async () => (await import('./commands/parse.ts')).parse,
  },
  expand: {
    summary: 'Expand words with variables as a Dockerfile does',
    load: async () => (await import('./commands/expand.ts')).expand,
  },
};

/**
 * Docker's words of two parts; the specs list them as aliases, and a test compares. Some mean a command with a flag
 * that makes it what it is with Docker.
 */
const GROUPS: Readonly<Record<string, Readonly<Record<string, string | readonly [string, string]>>>> = {
  image: {
    build: 'build',
    ls: 'images',
    list: 'images',
    rm: 'rmi',
    remove: 'rmi',
    tag: 'tag',
    inspect: 'inspect',
    pull: 'pull',
    push: 'push',
    history: 'history',
    save: 'save',
    load: 'load',
    prune: ['prune', '--scope=images'],
  },
  cache: { list: 'cache ls', rm: 'cache clear' },
  container: { run: 'run' },
  buildx: { build: 'build', prune: ['prune', '--scope=cache'] },
  builder: { build: 'build', prune: ['prune', '--scope=cache'] },
  system: { df: 'df', prune: 'prune' },
};

/** The names of commands, in the order of the help. Some are of two words. */
export const COMMAND_NAMES: readonly string[] = Object.keys(COMMANDS);

/** The first words of commands of two. */
export const GROUP_NAMES: readonly string[] = [
  ...new Set([
    ...Object.keys(GROUPS),
    ...COMMAND_NAMES.flatMap((name) => (name.includes(' ') ? name.split(' ')[0]! : [])),
  ]),
];

/** The words after a group's name; undefined where there is no such group. */
export function groupWords(group: string): readonly string[] | undefined {
  if (!GROUP_NAMES.includes(group)) return undefined;
  const own = COMMAND_NAMES.filter((name) => name.startsWith(`${group} `));
  const others = Object.hasOwn(GROUPS, group) ? Object.keys(GROUPS[group]!) : [];
  return [...own.map((name) => name.slice(group.length + 1)), ...others];
}

/** The command a line begins with, and the words behind it; undefined where there is none. */
export function findCommand(
  words: readonly string[],
): { readonly name: string; readonly rest: readonly string[] } | undefined {
  const [first = '', second = '', ...others] = words;
  if (Object.hasOwn(COMMANDS, `${first} ${second}`)) return { name: `${first} ${second}`, rest: others };
  if (Object.hasOwn(COMMANDS, first)) return { name: first, rest: words.slice(1) };
  const group = Object.hasOwn(GROUPS, first) ? GROUPS[first]! : {};
  if (!Object.hasOwn(group, second)) return undefined;
  const [name, ...flags] = [group[second]!].flat();
  return { name: name!, rest: [...flags, ...others] };
}

/** Names and summaries, in the order of the help, without loading anything. */
export function commandSummaries(): readonly { readonly name: string; readonly summary: string }[] {
  return Object.entries(COMMANDS).map(([name, { summary }]) => ({ name, summary }));
}

/** Loads a command of `COMMAND_NAMES`. */
export function loadCommand(name: string): Promise<Command> {
  return COMMANDS[name]!.load();
}

/** Loads all commands, in the order of the help. */
export function loadAll(): Promise<readonly Command[]> {
  return Promise.all(Object.values(COMMANDS).map(({ load }) => load()));
}
