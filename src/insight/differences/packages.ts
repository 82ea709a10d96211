// The packages of two images. One that both have in another version was changed; which of the two is the newer is left
// to the reader, since every manager orders versions in its own way.

import { type FoundPackage, PACKAGE_TYPES, type PackageType } from '../packages/index.ts';
import type { PackageChange } from './types.ts';

/** A package of an image. */
export interface OwnPackage extends Pick<FoundPackage, 'type' | 'name' | 'version' | 'size'> {
  /** Index of the layer that brought it. */
  readonly layer: number;
  /** The file that tells of it. */
  readonly path: string;
}

interface Installed {
  readonly first: OwnPackage;
  readonly type: PackageType;
  readonly name: string;
  readonly versions: string[];
  bytes: number | undefined;
  layer: number;
}

/**
 * Compares the packages of two images.
 * @param shared how many layers they have in common
 * @param removedBy the layer of the second image that took a package of the first one away, if one did
 * @param lostBy the layer of the first image that took a package of their common layers away, if one did
 */
export function comparePackages(
  before: readonly OwnPackage[],
  after: readonly OwnPackage[],
  {
    shared,
    removedBy,
    lostBy,
  }: {
    readonly shared: number;
    readonly removedBy: (one: OwnPackage) => number | undefined;
    readonly lostBy: (one: OwnPackage) => number | undefined;
  },
): PackageChange[] {
  const [old, now] = [byName(before), byName(after)];
  const changes: PackageChange[] = [];
  for (const [key, a] of old) {
    const b = now.get(key);
    if (b && sameVersions(a.versions, b.versions)) continue;
    const own = b && b.layer >= shared ? b.layer : b ? undefined : removedBy(a.first);
    changes.push({
      ...{ type: a.type, name: a.name, kind: b ? 'changed' : 'removed' },
      ...{ before: a.versions, after: b?.versions ?? [], ...bytesOf(a, b) },
      cause: own === undefined ? { side: 'before', layer: a.layer } : { side: 'after', layer: own },
    });
  }
  for (const [key, b] of now) {
    if (old.has(key)) continue;
    const { type, name, versions, layer } = b;
    const lost = layer >= shared ? undefined : lostBy(b.first);
    changes.push({
      ...{ type, name, kind: 'added', before: [], after: versions, ...bytesOf(undefined, b) },
      cause: lost === undefined ? { side: 'after', layer } : { side: 'before', layer: lost },
    });
  }
  return changes.sort(byTypeAndName);
}

function byTypeAndName(a: PackageChange, b: PackageChange): number {
  const types = PACKAGE_TYPES.indexOf(a.type) - PACKAGE_TYPES.indexOf(b.type);
  return types || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
}

function bytesOf(
  before: Installed | undefined,
  after: Installed | undefined,
): Pick<PackageChange, 'beforeBytes' | 'afterBytes'> {
  return {
    ...(before?.bytes === undefined ? {} : { beforeBytes: before.bytes }),
    ...(after?.bytes === undefined ? {} : { afterBytes: after.bytes }),
  };
}

/** A package may be there several times: for two architectures, in several directories. */
function byName(packages: readonly OwnPackage[]): ReadonlyMap<string, Installed> {
  const found = new Map<string, Installed>();
  for (const one of packages) {
    const { type, name, version, size, layer } = one;
    const key = `${type}\n${name}`;
    const known = found.get(key);
    if (!known) {
      found.set(key, { first: one, type, name, versions: [version], bytes: size, layer });
      continue;
    }
    if (!known.versions.includes(version)) known.versions.push(version);
    if (size !== undefined) known.bytes = (known.bytes ?? 0) + size;
    known.layer = Math.max(known.layer, layer);
  }
  for (const { versions } of found.values()) versions.sort();
  return found;
}

function sameVersions(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((version, i) => b[i] === version);
}
