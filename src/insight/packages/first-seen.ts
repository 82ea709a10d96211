// Which layer brought a package. A database is written anew as a whole by every layer that installs something, so that
// the layer that holds its final form says little: a package came with the layer whose version of the database had it
// first, and had it in all later ones.

import type { FoundPackage } from './types.ts';

/** One version of a database. */
export interface DatabaseVersion {
  /** Index of the layer that holds it. */
  readonly layer: number;
  readonly packages: readonly FoundPackage[];
}

/** The same package for a manager: another version of it is another. */
export function identityOf({ type, name, version, architecture = '' }: FoundPackage): string {
  return `${type}\n${name}\n${version}\n${architecture}`;
}

/**
 * The packages of the last version, each with the layer that brought it.
 * @param versions of one database, the lowest layer first; one that was deleted has no packages
 */
export function firstSeen(
  versions: readonly DatabaseVersion[],
): readonly { readonly found: FoundPackage; readonly layer: number }[] {
  const since = new Map<string, number>();
  for (const { layer, packages } of versions) {
    const present = new Set(packages.map(identityOf));
    for (const id of since.keys()) if (!present.has(id)) since.delete(id);
    for (const id of present) if (!since.has(id)) since.set(id, layer);
  }
  return (versions.at(-1)?.packages ?? []).map((found) => ({ found, layer: since.get(identityOf(found))! }));
}

/** A package that is no more. */
export interface GonePackage {
  readonly found: FoundPackage;
  /** The layer whose version of the database did not have it any more. */
  readonly layer: number;
}

/** Packages of earlier versions of a database of which the last one has no version at all. */
export function goneSince(versions: readonly DatabaseVersion[]): readonly GonePackage[] {
  const nameOf = ({ type, name }: FoundPackage) => `${type}\n${name}`;
  const left = new Set((versions.at(-1)?.packages ?? []).map(nameOf));
  const gone = new Map<string, GonePackage>();
  versions.slice(1).forEach(({ layer, packages }, i) => {
    const present = new Set(packages.map(nameOf));
    for (const found of versions[i]!.packages) {
      const name = nameOf(found);
      if (!present.has(name) && !left.has(name)) gone.set(name, { found, layer });
    }
  });
  return [...gone.values()];
}
