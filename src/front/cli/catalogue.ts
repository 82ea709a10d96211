// All commands, each loaded when it is asked for: starting must not cost what is not used.

import type { Command } from './spec.ts';

type Loader = () => Promise<Command>;

/** In the order of the help. */
const COMMANDS: Readonly<Record<string, Loader>> = {
  build: async () => (await import('./commands/build.ts')).build,
  run: async () => (await import('./commands/run.ts')).run,
  images: async () => (await import('./commands/images.ts')).images,
  history: async () => (await import('./commands/history.ts')).history,
  inspect: async () => (await import('./commands/inspect.ts')).inspect,
  tag: async () => (await import('./commands/tag.ts')).tag,
  rmi: async () => (await import('./commands/rmi.ts')).rmi,
  save: async () => (await import('./commands/save.ts')).save,
  load: async () => (await import('./commands/load.ts')).load,
  bootstrap: async () => (await import('./commands/bootstrap.ts')).bootstrap,
};

/** Docker's words of two parts; the specs list them as aliases, and a test compares. */
const GROUPS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  image: {
    build: 'build',
    ls: 'images',
    list: 'images',
    rm: 'rmi',
    remove: 'rmi',
    tag: 'tag',
    inspect: 'inspect',
    history: 'history',
    save: 'save',
    load: 'load',
  },
  container: { run: 'run' },
  buildx: { build: 'build' },
  builder: { build: 'build' },
};

/** The names of commands, in the order of the help. */
export const COMMAND_NAMES: readonly string[] = Object.keys(COMMANDS);

/** The words after a group's name; undefined where there is no such group. */
export function groupWords(group: string): readonly string[] | undefined {
  return Object.hasOwn(GROUPS, group) ? Object.keys(GROUPS[group]!) : undefined;
}

/** The command a line begins with, and the words behind it; undefined where there is none. */
export function findCommand(
  words: readonly string[],
): { readonly name: string; readonly rest: readonly string[] } | undefined {
  const [first = '', second = '', ...others] = words;
  if (Object.hasOwn(COMMANDS, first)) return { name: first, rest: words.slice(1) };
  const group = Object.hasOwn(GROUPS, first) ? GROUPS[first]! : {};
  return Object.hasOwn(group, second) ? { name: group[second]!, rest: others } : undefined;
}

/** Loads a command of `COMMAND_NAMES`. */
export function loadCommand(name: string): Promise<Command> {
  return COMMANDS[name]!();
}

/** Loads all commands, in the order of the help. */
export function loadAll(): Promise<readonly Command[]> {
  return Promise.all(Object.values(COMMANDS).map((load) => load()));
}
