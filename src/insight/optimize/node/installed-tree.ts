// What of an installed tree of packages is there for development only, where no record says so: yarn and pnpm. Whatever
// cannot be reached from the project's own dependencies is. What is read is a stranger's: what has another form is left out.

import { joinRelative, parentPath } from '../../../core/index.ts';
import type { NodeManagerName } from './managers.ts';
import type { NodeProject } from './project.ts';

/** A package.json, as far as it matters. */
export interface PackageFacts {
  readonly name: string;
  /** Names of what it needs to run. */
  readonly needs: readonly string[];
  /** Names of the programs that it brings. */
  readonly programs: readonly string[];
  readonly scripts: Readonly<Record<string, string>>;
  readonly isWorkspace: boolean;
}

/** A tree. */
export interface InstalledTree {
  readonly manager: Exclude<NodeManagerName, 'npm'>;
  /** Of the project, in the image, without a slash at its start. */
  readonly directory: string;
  readonly project: PackageFacts;
  /** By their directories, from the project on: `node_modules/a`. */
  readonly packages: ReadonlyMap<string, PackageFacts>;
  /** Symbolic links below node_modules, from the project on, and what they say. */
  readonly links: ReadonlyMap<string, string>;
  /** Members of a workspace are named in a file of their own. */
  readonly isWorkspace: boolean;
}

/** Reads a package.json; undefined for none. */
export function packageFacts(text: string): PackageFacts | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  const facts = objectOf(parsed);
  if (!facts) return undefined;
  const name = typeof facts.name === 'string' ? facts.name : '';
  const bin =
    typeof facts.bin === 'string' ? [name.replace(/^@[^/]*\//, '')] : Object.keys(objectOf(facts.bin) ?? {});
  return {
    name,
    needs: [facts.dependencies, facts.optionalDependencies].flatMap((one) =>
      Object.keys(objectOf(one) ?? {}),
    ),
    programs: bin.filter((one) => /^[\w@.+-]+$/.test(one)),
    scripts: Object.fromEntries(
      Object.entries(objectOf(facts.scripts) ?? {}).filter(
        (one): one is [string, string] => typeof one[1] === 'string',
      ),
    ),
    isWorkspace: facts.workspaces !== undefined,
  };
}

/** The project. */
export function readInstalledTree(tree: InstalledTree): NodeProject {
  const { manager, directory, project, packages, links } = tree;
  const development = manager === 'pnpm' ? unreachedOfPnpm(tree) : unreachedOfYarn(tree);
  const isTheirs = (path: string) => development.some((one) => path === one || path.startsWith(`${one}/`));
  const own = [...packages].filter(([path]) => isTheirs(path));
  const kept = new Set([...packages].filter(([path]) => !isTheirs(path)).flatMap(([, one]) => one.programs));
  const programs = own.flatMap(([, one]) => one.programs).filter((one) => !kept.has(one));
  // pnpm writes a script for each program, in the place of a link.
  const shims =
    manager === 'pnpm'
      ? programs.flatMap((one) => [`node_modules/.bin/${one}`, `node_modules/.pnpm/node_modules/.bin/${one}`])
      : [];
  const direct = [...links.keys(), ...packages.keys()].flatMap((path) => {
    const [, name] = /^node_modules\/((?:@[^/]+\/)?[^/.][^/]*)$/.exec(path) ?? [];
    return name !== undefined && isTheirs(path) ? [name] : [];
  });
  return {
    ...{ manager, directory, scripts: project.scripts },
    development: [...development, ...shims],
    names: new Set([...direct, ...programs]),
    packages: new Set(packages.keys()),
    isWorkspace: tree.isWorkspace || project.isWorkspace,
  };
}

/** Packages are found as Node finds them: in node_modules beside, then further up. */
function unreachedOfYarn({ project, packages }: InstalledTree): readonly string[] {
  const reached = new Set<string>();
  const waiting = [{ from: '', needs: project.needs }];
  for (let one = waiting.pop(); one; one = waiting.pop())
    for (const name of one.needs) {
      const found = placesOf(one.from, name).find((place) => packages.has(place));
      if (found === undefined || reached.has(found)) continue;
      reached.add(found);
      waiting.push({ from: found, needs: packages.get(found)!.needs });
    }
  return [...packages.keys()].filter((path) => !reached.has(path));
}

function placesOf(from: string, name: string): readonly string[] {
  const places: string[] = [];
  for (let at = from; ; at = parentPath(at)) {
    if (!/(^|\/)(node_modules|@[^/]+)$/.test(at)) places.push(joinRelative(at, `node_modules/${name}`));
    if (at === '') return places;
  }
}

const STORE = 'node_modules/.pnpm/';

/** Packages lie in a store, each beside links to what it needs. */
function unreachedOfPnpm({ project, links, packages }: InstalledTree): readonly string[] {
  const reached = new Set<string>();
  const roots = project.needs.map((name) => `node_modules/${name}`);
  const waiting = roots.flatMap((path) => storedAt(path, links) ?? []);
  const linksOf = new Map<string, string[]>();
  for (const path of links.keys()) {
    const id = idOf(path);
    if (id !== undefined) linksOf.set(id, [...(linksOf.get(id) ?? []), path]);
  }
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    if (reached.has(id)) continue;
    reached.add(id);
    waiting.push(...(linksOf.get(id) ?? []).flatMap((path) => storedAt(path, links) ?? []));
  }
  const ids = new Set([...packages.keys()].flatMap((path) => idOf(path) ?? []));
  const direct = [...links.keys()].filter(
    (path) => /^node_modules\/(@[^/]+\/)?[^/.][^/]*$/.test(path) && !roots.includes(path),
  );
  return [...direct, ...[...ids].filter((id) => !reached.has(id)).map((id) => `${STORE}${id}`)];
}

/** Its directory in the store; undefined outside, and for what is there for all to find. */
function idOf(path: string): string | undefined {
  const [, id] = /^node_modules\/\.pnpm\/([^/]+)\/node_modules\/./.exec(path) ?? [];
  return id;
}

function storedAt(path: string, links: ReadonlyMap<string, string>): string | undefined {
  const link = links.get(path);
  if (link === undefined || link.startsWith('/')) return undefined;
  const names: string[] = [];
  for (const name of `${parentPath(path)}/${link}`.split('/')) {
    if (name === '..') names.pop();
    else if (name !== '.' && name !== '') names.push(name);
  }
  return idOf(names.join('/'));
}

function objectOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
