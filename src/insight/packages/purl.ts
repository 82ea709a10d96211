// Package URLs: the names by which inventories, advisories and licence lists speak of packages.

import { PackageURL } from 'packageurl-js';
import type { SystemName } from './os-release.ts';
import type { FoundPackage } from './types.ts';

/** The package URL of a package; undefined where the specification does not allow what the package is called. */
export function purlOf(found: FoundPackage, system: SystemName | undefined): string | undefined {
  const { type, version } = found;
  const { namespace, name } = nameParts(found, system);
  const qualifiers = Object.fromEntries(qualifiersOf(found, system));
  const ofVersion = type === 'rpm' ? version.replace(/^[0-9]+:/, '') : version;
  try {
    return new PackageURL(
      type,
      namespace,
      name,
      ofVersion,
      Object.keys(qualifiers).length === 0 ? undefined : qualifiers,
      undefined,
    ).toString();
  } catch {
    return undefined;
  }
}

/** The name of a package in the two parts that package URLs give it. */
export function nameParts(
  { type, name }: Pick<FoundPackage, 'type' | 'name'>,
  system: SystemName | undefined,
): { readonly namespace: string | undefined; readonly name: string } {
  switch (type) {
    case 'deb':
      return { namespace: system?.id ?? 'debian', name };
    case 'apk':
      return { namespace: system?.id ?? 'alpine', name };
    case 'rpm':
      return { namespace: system?.id, name };
    case 'alpm':
      return { namespace: system?.id ?? 'arch', name };
    case 'maven':
      return cut(name, name.indexOf(':'));
    case 'npm':
      return name.startsWith('@') ? cut(name, name.indexOf('/')) : { namespace: undefined, name };
    case 'golang':
    case 'composer':
      return cut(name, name.lastIndexOf('/'));
    default:
      return { namespace: undefined, name };
  }
}

function cut(whole: string, at: number): { readonly namespace: string | undefined; readonly name: string } {
  return at < 0
    ? { namespace: undefined, name: whole }
    : { namespace: whole.slice(0, at), name: whole.slice(at + 1) };
}

/** Of packages of distributions: for which machine, of which release, and from which source they were built. */
function* qualifiersOf(
  { type, version, architecture, source }: FoundPackage,
  system: SystemName | undefined,
): IterableIterator<[string, string]> {
  if (type === 'conda' && architecture !== undefined) yield ['subdir', architecture];
  if (type !== 'deb' && type !== 'apk' && type !== 'rpm' && type !== 'alpm') return;
  if (architecture !== undefined) yield ['arch', architecture];
  if (system) yield ['distro', system.version === undefined ? system.id : `${system.id}-${system.version}`];
  const epoch = type === 'rpm' ? /^([0-9]+):/.exec(version)?.[1] : undefined;
  if (epoch !== undefined) yield ['epoch', epoch];
  if (source) {
    const other = source.version !== undefined && source.version !== version;
    yield ['upstream', other ? `${source.name}@${source.version}` : source.name];
  }
}
