// What a program needs, found where it lies: as the kernel finds interpreters and the dynamic linker libraries.

import { parentPath } from '../../core/index.ts';
import type { ProgramFacts } from '../../lang/executable/index.ts';
import type { ImageConfig } from '../../oci/image/index.ts';
import type { SeenTree } from './seen-tree.ts';

/** A program, and where it is. */
export interface ProgramPlace {
  readonly path: string;
  readonly facts: ProgramFacts;
  readonly config: ImageConfig;
}

/** Something that a program needs. */
export interface Need {
  /** As the program names it: a path, the name of a library. */
  readonly name: string;
  /** The links to it and the file itself, paths of the image; undefined where it is not there. */
  readonly found?: readonly string[];
}

/** Directories of libraries, where those of the distribution's own settings are most often. */
const DIRECTORIES = ['lib', 'usr/lib', 'lib64', 'usr/lib64', 'usr/local/lib'];
const TRIPLETS: Readonly<Record<string, string>> = {
  amd64: 'x86_64-linux-gnu',
  arm64: 'aarch64-linux-gnu',
  arm: 'arm-linux-gnueabihf',
  '386': 'i386-linux-gnu',
  ppc64le: 'powerpc64le-linux-gnu',
  s390x: 's390x-linux-gnu',
  riscv64: 'riscv64-linux-gnu',
};

/** All of it. */
export function needsOf(tree: SeenTree, { path, facts, config }: ProgramPlace): readonly Need[] {
  const { interpreter, command, libraries } = facts;
  const found = (name: string, chain: readonly string[] | undefined): Need => ({
    name,
    ...(chain ? { found: chain } : {}),
  });
  return [
    ...(interpreter === undefined ? [] : [found(interpreter, tree.follow(interpreter))]),
    ...(command === undefined ? [] : [found(command, inPath(tree, command, config))]),
    ...libraries.map((name) => found(name, library(tree, name, { path, facts, config }))),
  ];
}

/** A command, looked for as a shell does. */
export function inPath(tree: SeenTree, name: string, { config }: ImageConfig): readonly string[] | undefined {
  if (name.includes('/'))
    return tree.follow(name.startsWith('/') ? name : `${config?.WorkingDir ?? ''}/${name}`);
  for (const directory of variable(config?.Env, 'PATH') ?? DEFAULT_PATH) {
    const found = tree.follow(`${directory}/${name}`);
    if (found && tree.entries.get(found.at(-1)!)?.type !== 'dir') return found;
  }
  return undefined;
}

const DEFAULT_PATH = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

function library(
  tree: SeenTree,
  name: string,
  { path, facts, config }: ProgramPlace,
): readonly string[] | undefined {
  const origin = parentPath(path);
  if (name.includes('/')) return tree.follow(name.replace(/^\$(ORIGIN|\{ORIGIN\})/, `/${origin}`));
  const triplet = TRIPLETS[config.architecture];
  const directories = [
    ...facts.runpath.map((one) => one.replace(/\$(ORIGIN|\{ORIGIN\})/, `/${origin}`)),
    ...(variable(config.config?.Env, 'LD_LIBRARY_PATH') ?? []),
    ...DIRECTORIES.flatMap((one) => (triplet === undefined ? [one] : [`${one}/${triplet}`, one])),
  ];
  for (const directory of directories) {
    const found = tree.follow(`${directory}/${name}`);
    if (found) return found;
  }
  return elsewhere(tree, name);
}

/** A variable that is a list of directories. */
function variable(env: readonly string[] | undefined, name: string): readonly string[] | undefined {
  const value = env?.findLast((one) => one.startsWith(`${name}=`))?.slice(name.length + 1);
  return value === undefined ? undefined : value.split(':').filter((one) => one !== '');
}

const named = new WeakMap<SeenTree, ReadonlyMap<string, string>>();

/** In a directory that some file of settings names, or a program puts itself: the first of that name. */
function elsewhere(tree: SeenTree, name: string): readonly string[] | undefined {
  let all = named.get(tree);
  if (!all) {
    const made = new Map<string, string>();
    for (const path of tree.entries.keys()) {
      if (!path.includes('.so')) continue;
      const base = path.slice(path.lastIndexOf('/') + 1);
      if (!made.has(base)) made.set(base, path);
    }
    all = made;
    named.set(tree, all);
  }
  const path = all.get(name);
  return path === undefined ? undefined : tree.follow(path);
}
