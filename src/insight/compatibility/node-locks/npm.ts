// package-lock.json and npm-shrinkwrap.json. Those of npm 7 and later say which packages are for which platform and which
// run a script; older ones only what asks for what.

import { type LockedNode, MOST_NODES, type NodeNeed, nativeNeeds, platformOfName } from './needs.ts';

/** @param production whether what is only for developing is not installed */
export function readNpmLock(text: string, production: boolean): readonly NodeNeed[] | undefined {
  let lock: unknown;
  try {
    lock = JSON.parse(text);
  } catch {
    return undefined;
  }
  const packages = record(record(lock)?.packages);
  if (packages) return nativeNeeds(ofPackages(packages, production));
  const dependencies = record(record(lock)?.dependencies);
  if (!dependencies) return undefined;
  const locked = new Map<string, LockedNode>();
  ofDependencies(dependencies, { production, locked });
  return nativeNeeds(locked);
}

/** By the name: which of several versions is meant needs no telling here. */
function ofPackages(
  packages: Readonly<Record<string, unknown>>,
  production: boolean,
): ReadonlyMap<string, LockedNode> {
  const locked = new Map<string, LockedNode>();
  for (const [path, value] of Object.entries(packages).slice(0, MOST_NODES)) {
    const entry = record(value);
    const at = path.lastIndexOf('node_modules/');
    // Links are the project's own.
    if (!entry || at < 0 || (production && entry.dev === true) || entry.link === true) continue;
    const name = path.slice(at + 'node_modules/'.length);
    const optionally = Object.keys(record(entry.optionalDependencies) ?? {});
    const names = [...Object.keys(record(entry.dependencies) ?? {}), ...optionally];
    locked.set(name, {
      ...{ name, version: text(entry.version), asks: names, optionally, names },
      ...{ os: words(entry.os), cpu: words(entry.cpu), libc: words(entry.libc) },
      ...{ script: entry.hasInstallScript === true, optional: entry.optional === true },
    });
  }
  return locked;
}

/** Of npm 6 and before: packages within those that brought them. */
function ofDependencies(
  dependencies: Readonly<Record<string, unknown>>,
  into: { readonly production: boolean; readonly locked: Map<string, LockedNode> },
  depth = 0,
): void {
  const { production, locked } = into;
  for (const [name, value] of Object.entries(dependencies)) {
    const entry = record(value);
    if (!entry || locked.size >= MOST_NODES || (production && entry.dev === true)) continue;
    const names = Object.keys(record(entry.requires) ?? {});
    locked.set(name, {
      ...{ name, version: text(entry.version), asks: names, optionally: names, names },
      ...platformOfName(name),
      optional: entry.optional === true,
    });
    const below = record(entry.dependencies);
    if (below && depth < 100) ofDependencies(below, into, depth + 1);
  }
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function words(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/** An object, as JSON has them. */
export function record(value: unknown): Readonly<Record<string, unknown>> | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : undefined;
}
