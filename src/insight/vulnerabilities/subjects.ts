// Which packages advisories are to be looked up for, and by which names: those of distributions by the source that they
// were built from, others as their ecosystem writes them. What is not looked up is told, with the reason.

import type { InstalledPackage, SystemName } from '../packages/index.ts';
import { ecosystemOf } from './ecosystems.ts';

/** A name and a version that advisories may speak of. */
export interface NamedVersion {
  readonly name: string;
  readonly version: string;
}

/** What is looked up: packages that are mended together, since they come from one source in one version. */
export interface Subject extends NamedVersion {
  readonly ecosystem: string;
  /** Of the distribution, as os-release has it. */
  readonly system?: string;
  /** All names to look for, the subject's own among them. */
  readonly names: readonly NamedVersion[];
  readonly packages: readonly InstalledPackage[];
}

/** Why packages are not looked up. */
export type Reason =
  /** They are a part of a distribution's package, which is looked up. */
  | 'part'
  /** No ecosystem of the schema has such packages. */
  | 'kind'
  /** The distribution, or its release, is none that records speak of. */
  | 'system'
  /** No data is held for their ecosystem. */
  | 'data'
  /** Their versions are none that can be compared. */
  | 'version';

/** Packages that are not looked up. */
export interface NotLookedUp {
  readonly reason: Reason;
  /** An ecosystem, or a kind of package where there is none. */
  readonly of: string;
  readonly packages: readonly InstalledPackage[];
}

/** What is to be looked up of an inventory. */
export interface Subjects {
  readonly subjects: readonly Subject[];
  readonly others: readonly NotLookedUp[];
}

/** Sorts the packages of an inventory. */
export function subjectsOf(packages: readonly InstalledPackage[], system: SystemName | undefined): Subjects {
  const subjects = new Map<string, Building>();
  const others = new Map<string, Others>();
  for (const one of packages) {
    const found = one.partOf === undefined ? lookUp(one, system) : { reason: 'part' as const, of: one.type };
    if ('reason' in found) {
      const key = `${found.reason} ${found.of}`;
      const known: Others = others.get(key) ?? { ...found, packages: [] };
      known.packages.push(one);
      others.set(key, known);
      continue;
    }
    const key = JSON.stringify([found.ecosystem, found.name, found.version]);
    const known: Building = subjects.get(key) ?? { ...found, names: new Map(), packages: [] };
    known.packages.push(one);
    for (const name of found.names) known.names.set(`${name.name} ${name.version}`, name);
    subjects.set(key, known);
  }
  return {
    subjects: [...subjects.values()].map(({ names, ...subject }) => ({
      ...subject,
      names: [...names.values()],
    })),
    others: [...others.values()],
  };
}

interface Others extends NotLookedUp {
  readonly packages: InstalledPackage[];
}

interface Building extends Omit<Subject, 'names' | 'packages'> {
  readonly names: Map<string, NamedVersion>;
  readonly packages: InstalledPackage[];
}

type Found = Omit<Subject, 'packages'> | { readonly reason: Reason; readonly of: string };

/** Of kinds of packages that belong to no distribution. */
const LANGUAGES: Readonly<Record<string, string>> = {
  ...{ pypi: 'PyPI', npm: 'npm', golang: 'Go', maven: 'Maven', gem: 'RubyGems' },
  ...{ composer: 'Packagist', cargo: 'crates.io', nuget: 'NuGet', generic: 'Bitnami' },
};

/** By the distribution's ID. */
const DISTRIBUTIONS: Readonly<Record<string, string>> = {
  ...{ debian: 'Debian', ubuntu: 'Ubuntu', alpine: 'Alpine', wolfi: 'Wolfi', chainguard: 'Chainguard' },
  ...{ rocky: 'Rocky Linux', almalinux: 'AlmaLinux', rhel: 'Red Hat', sles: 'SUSE', sled: 'SUSE' },
  ...{ 'opensuse-leap': 'openSUSE', 'opensuse-tumbleweed': 'openSUSE' },
};

/** Debian's testing has no number in its os-release until it is released. */
const DEBIAN_CODENAMES: Readonly<Record<string, string>> = {
  ...{ buster: '10', bullseye: '11', bookworm: '12', trixie: '13', forky: '14', duke: '15' },
};

/** What the images that claim to have a program call it, as Bitnami's records have it where they differ. */
const PROGRAMS: Readonly<Record<string, string>> = { httpd: 'apache' };

function lookUp(one: InstalledPackage, system: SystemName | undefined): Found {
  const { type } = one;
  if (type === 'deb' || type === 'apk' || type === 'rpm') return ofDistribution(one, system);
  const ecosystem = Object.hasOwn(LANGUAGES, type) ? LANGUAGES[type] : undefined;
  if (ecosystem === undefined) return { reason: 'kind', of: type };
  const named = ofLanguage(ecosystem, one);
  return 'reason' in named ? named : { ecosystem, ...named, names: [named] };
}

function ofLanguage(
  ecosystem: string,
  { name, version }: InstalledPackage,
): NamedVersion | { readonly reason: Reason; readonly of: string } {
  const { normalise } = ecosystemOf(ecosystem);
  if (ecosystem === 'Go') {
    // What was built from a checkout has no version.
    if (version === '(devel)') return { reason: 'version', of: ecosystem };
    return { name, version: name === 'stdlib' ? goRelease(version) : version };
  }
  const known = ecosystem === 'Bitnami' && Object.hasOwn(PROGRAMS, name) ? PROGRAMS[name]! : name;
  return { name: normalise ? normalise(known) : known, version };
}

/** Go's own releases as semantic versions, as its vulnerability database has them: 1.22rc1 is 1.22.0-rc.1. */
function goRelease(version: string): string {
  const match = /^(?:go)?([0-9]+)\.([0-9]+)(?:\.([0-9]+))?(?:(beta|rc)([0-9]+))?/.exec(version);
  if (!match) return version;
  const [, first, second, third = '0', word, number] = match;
  return `${first}.${second}.${third}${word === undefined ? '' : `-${word}.${number}`}`;
}

function ofDistribution(one: InstalledPackage, system: SystemName | undefined): Found {
  const { type, name, version, source } = one;
  const id = system?.id ?? '';
  const ecosystem = Object.hasOwn(DISTRIBUTIONS, id) ? DISTRIBUTIONS[id] : undefined;
  if (ecosystem === undefined) return { reason: 'system', of: system?.name ?? (id || type) };
  const release = releaseOf(ecosystem, system!);
  if (release === undefined) return { reason: 'system', of: system!.name ?? id };
  const built = {
    name: source?.name ?? name,
    version: source?.version === undefined ? version : withEpoch(type, source.version, version),
  };
  // Records of rpm's distributions speak of either, each of its own habit.
  const names = type === 'rpm' && built.name !== name ? [built, { name, version }] : [built];
  return { ecosystem, ...built, names, ...(release === '' ? {} : { system: release }) };
}

/** The name of a source package of rpm has no epoch in it, and records do. */
function withEpoch(type: string, source: string, version: string): string {
  const epoch = type === 'rpm' && !source.includes(':') ? /^[0-9]+:/.exec(version)?.[0] : undefined;
  return epoch === undefined ? source : epoch + source;
}

/** '' for what rolls; undefined where records could not be told apart. */
function releaseOf(ecosystem: string, { id, version, codename }: SystemName): string | undefined {
  if (!ecosystemOf(ecosystem).accepts || id === 'opensuse-tumbleweed') return '';
  if (version === undefined) return ecosystem === 'Debian' ? DEBIAN_CODENAMES[codename ?? ''] : undefined;
  // Alpine's edge calls itself by the release to come.
  return ecosystem === 'Alpine' && version.includes('_') ? undefined : version;
}
