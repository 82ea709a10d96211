// The ecosystems of the OSV schema that packages of images can belong to: how their versions are ordered, how their names
// are written, and what of a distribution's name says which of its releases is meant.

import type { VersionOrder } from '../versions/index.ts';

/** An ecosystem. */
export interface Ecosystem {
  /** As the schema writes it, without a release. */
  readonly name: string;
  readonly order: VersionOrder;
  /** One way of writing a name, for all. */
  readonly normalise?: (name: string) => string;
  /**
   * Whether records of a release are about a system of a version; only those without a release where this is absent.
   * @param version as os-release has it
   */
  readonly accepts?: (release: string, version: string) => boolean;
  /** Whether a record may name no release, and is about all of them then: by the schema the release is optional. */
  readonly anyRelease?: true;
}

const lower = (name: string) => name.toLowerCase();
const major = (version: string) => version.split('.')[0]!;

/** packaging.python.org, "Names and normalization". */
function normalPythonName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

const ECOSYSTEMS: readonly Ecosystem[] = [
  {
    name: 'Debian',
    order: 'dpkg',
    accepts: (release, version) => release === major(version),
    anyRelease: true,
  },
  {
    name: 'Ubuntu',
    order: 'dpkg',
    // Not `Pro:…`: those fixes are for subscribers, and an archive that is not there mends nothing.
    accepts: (release, version) => release === version || release === `${version}:LTS`,
  },
  {
    name: 'Alpine',
    order: 'apk',
    accepts: (release, version) => release === `v${version.split('.').slice(0, 2).join('.')}`,
  },
  { name: 'Wolfi', order: 'apk' },
  { name: 'Chainguard', order: 'apk' },
  {
    name: 'Rocky Linux',
    order: 'rpm',
    accepts: (release, version) => release === major(version),
    anyRelease: true,
  },
  {
    name: 'AlmaLinux',
    order: 'rpm',
    accepts: (release, version) => release === major(version),
    anyRelease: true,
  },
  {
    name: 'Red Hat',
    order: 'rpm',
    // A part of a CPE: `enterprise_linux:9::baseos`.
    accepts: (release, version) =>
      /^enterprise_linux:([0-9]+)(?:[.:]|$)/.exec(release)?.[1] === major(version),
  },
  {
    name: 'SUSE',
    order: 'rpm',
    // Packages are spread over modules: `Linux Enterprise Module for Basesystem 15 SP5`.
    accepts: (release, version) => release.endsWith(` ${version.replace('.', ' SP')}`),
  },
  {
    name: 'openSUSE',
    order: 'rpm',
    accepts: (release, version) =>
      release === `Leap ${version}` || (release === 'Tumbleweed' && version === ''),
  },
  { name: 'PyPI', order: 'pep440', normalise: normalPythonName },
  { name: 'npm', order: 'semver' },
  { name: 'Go', order: 'semver' },
  { name: 'Maven', order: 'maven' },
  { name: 'RubyGems', order: 'gem' },
  { name: 'Packagist', order: 'composer', normalise: lower },
  { name: 'crates.io', order: 'semver' },
  { name: 'NuGet', order: 'nuget', normalise: lower },
  { name: 'Bitnami', order: 'semver', normalise: lower },
];

const BY_NAME: ReadonlyMap<string, Ecosystem> = new Map(ECOSYSTEMS.map((one) => [lower(one.name), one]));

/** The names of all ecosystems that are known. */
export const ECOSYSTEM_NAMES: readonly string[] = ECOSYSTEMS.map(({ name }) => name);

/** An ecosystem, and the release that stands behind it: `Debian:12`. Undefined for those that nothing is known of. */
export function parseEcosystem(
  text: string,
): { readonly ecosystem: Ecosystem; readonly release?: string } | undefined {
  const colon = text.indexOf(':');
  const ecosystem = BY_NAME.get(lower(colon < 0 ? text : text.slice(0, colon)));
  if (!ecosystem) return undefined;
  const release = colon < 0 ? '' : text.slice(colon + 1);
  // Repositories of Maven and registries of others are no releases.
  return release === '' || !ecosystem.accepts ? { ecosystem } : { ecosystem, release };
}

/** An ecosystem of a name that `parseEcosystem` gave. */
export function ecosystemOf(name: string): Ecosystem {
  return BY_NAME.get(lower(name))!;
}
