// A project of Node as npm installed it: which packages are there for development only, by npm's own record of what it put
// into node_modules, and which scripts there are. What is read is a stranger's: whatever has another form is left out.

import type { NodeManagerName } from './managers.ts';

/** A project. */
export interface NodeProject {
  /** What installed its packages; npm where nothing else is said. */
  readonly manager?: NodeManagerName;
  /** Of the image, without a slash at its start; '' is the root directory. */
  readonly directory: string;
  /** Of its package.json, by their names. */
  readonly scripts: Readonly<Record<string, string>>;
  /** Directories of the packages that are there for development only, from the project on: `node_modules/jest`. */
  readonly development: readonly string[];
  /** Names of these, and of the programs that they bring: `typescript`, `tsc`. What another package brings too is not there. */
  readonly names: ReadonlySet<string>;
  /** Directories of all packages, from the project on. */
  readonly packages: ReadonlySet<string>;
  /** Members of a workspace are linked into it. */
  readonly isWorkspace: boolean;
  /** Its own files that Node may run, from the project on, and what they require; absent where nobody looked. */
  readonly sources?: ReadonlyMap<string, readonly string[]>;
}

/** @param texts package.json, and npm's record; undefined where they say nothing */
export function readNodeProject(
  directory: string,
  texts: { readonly manifest: string; readonly record: string },
): NodeProject | undefined {
  const packages = objectOf(objectOf(parsed(texts.record))?.packages);
  const manifest = objectOf(parsed(texts.manifest));
  if (!packages || !manifest) return undefined;
  const all = Object.entries(packages).flatMap(([path, value]) => {
    const facts = objectOf(value);
    return facts && isPackage(path) ? [{ path, facts, isDevelopment: facts.dev === true }] : [];
  });
  const names = new Set(all.flatMap((one) => (one.isDevelopment ? namesOf(one) : [])));
  for (const one of all) if (!one.isDevelopment) for (const name of namesOf(one)) names.delete(name);
  const scripts = Object.entries(objectOf(manifest.scripts) ?? {});
  return {
    ...{ directory, names, packages: new Set(all.map(({ path }) => path)) },
    scripts: Object.fromEntries(scripts.filter((one): one is [string, string] => typeof one[1] === 'string')),
    development: all.flatMap(({ path, isDevelopment }) => (isDevelopment ? [path] : [])),
    isWorkspace: Object.entries(packages).some(
      ([path, value]) => objectOf(value)?.link === true || (path !== '' && !isPackage(path)),
    ),
  };
}

/** Nothing that leads out of the project. */
function isPackage(path: string): boolean {
  return /^node_modules\/[^/]/.test(path) && !/(^|\/)\.{0,2}(\/|$)/.test(path);
}

function namesOf({ path, facts }: { readonly path: string; readonly facts: Record<string, unknown> }) {
  // What lies in another package's node_modules is seen by that alone.
  if (path.indexOf('node_modules/', 1) !== -1) return [];
  return [path.slice('node_modules/'.length), ...Object.keys(objectOf(facts.bin) ?? {})];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function objectOf(value: unknown): Record<string, unknown> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : undefined;
}
