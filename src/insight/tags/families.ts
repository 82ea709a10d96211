// Repositories whose tags are known well: what their versions are of, how many parts make a line of releases, and which
// words are theirs. Everything else is read by the grammar alone.

import type { TagVersion } from './version.ts';

/** The tags of a repository as a kind. */
export interface Family {
  /** Product of the life cycles that the version is one of. */
  readonly product?: string;
  /** The image is the distribution itself; its version is the release. */
  readonly distribution?: string;
  /** How many parts of a version name a line of releases. */
  readonly line: number;
  /** How many parts of a version leave nothing open. */
  readonly whole: number;
  /** What is meant where no flavour is named. */
  readonly flavor?: string;
  /** Names of lines: Node's. */
  readonly codenames?: Readonly<Record<string, string>>;
  /** Of which lines a channel is, where it is not the newest. */
  readonly channels?: Readonly<Record<string, 'even-minor' | 'lts' | 'lts-cycle'>>;
}

const GENERIC: Family = { line: 2, whole: 3 };

/** By the last word of a repository's name: `library/python`, `bitnami/python`, `host:5000/base/python`. */
const FAMILIES: Readonly<Record<string, Family>> = {
  python: { product: 'python', line: 2, whole: 3 },
  node: {
    product: 'nodejs',
    line: 1,
    whole: 3,
    // Later ones are told by the tags themselves, where digests are known.
    codenames: {
      argon: '4',
      boron: '6',
      carbon: '8',
      dubnium: '10',
      erbium: '12',
      fermium: '14',
      gallium: '16',
      hydrogen: '18',
      iron: '20',
      jod: '22',
      krypton: '24',
    },
    channels: { lts: 'lts' },
  },
  golang: { product: 'go', line: 2, whole: 3 },
  'eclipse-temurin': {
    product: 'eclipse-temurin',
    line: 1,
    whole: 4,
    flavor: 'jdk',
    channels: { latest: 'lts' },
  },
  openjdk: { product: 'eclipse-temurin', line: 1, whole: 4, flavor: 'jdk' },
  php: { product: 'php', line: 2, whole: 3, flavor: 'cli' },
  ruby: { product: 'ruby', line: 2, whole: 3 },
  postgres: { product: 'postgresql', line: 1, whole: 2 },
  nginx: { product: 'nginx', line: 2, whole: 3, channels: { stable: 'even-minor' } },
  mysql: { product: 'mysql', line: 2, whole: 3 },
  mariadb: { product: 'mariadb', line: 2, whole: 3 },
  redis: { product: 'redis', line: 2, whole: 3 },
  debian: { product: 'debian', distribution: 'debian', line: 1, whole: 2 },
  ubuntu: { product: 'ubuntu', distribution: 'ubuntu', line: 2, whole: 3, channels: { latest: 'lts-cycle' } },
  alpine: { product: 'alpine-linux', distribution: 'alpine', line: 2, whole: 3 },
  amazonlinux: { product: 'amazon-linux', distribution: 'amazonlinux', line: 1, whole: 4 },
  oraclelinux: { product: 'oracle-linux', distribution: 'oraclelinux', line: 1, whole: 2 },
  fedora: { product: 'fedora', distribution: 'fedora', line: 1, whole: 1 },
  rockylinux: { product: 'rocky-linux', distribution: 'rockylinux', line: 1, whole: 2 },
};

/** The family of a repository, by the last word of its name. */
export function familyOf(repository: string): Family {
  const name = repository.slice(repository.lastIndexOf('/') + 1);
  return Object.hasOwn(FAMILIES, name) ? FAMILIES[name]! : GENERIC;
}

/** The line of releases that a version belongs to; undefined where it leaves open which. */
export function lineOf(family: Family, { parts }: TagVersion): string | undefined {
  const count = family.product === 'postgresql' && parts[0]! < 10 ? 2 : family.line;
  if (family.product === 'ubuntu' && parts.length >= 2)
    return `${parts[0]}.${String(parts[1]).padStart(2, '0')}`;
  return parts.length < count ? undefined : parts.slice(0, count).join('.');
}

/** Whether a version names one release. */
export function isWhole(family: Family, { parts, build, pre }: TagVersion): boolean {
  if (build !== undefined) return true;
  if (pre !== undefined) return pre.number !== undefined;
  const whole = family.product === 'postgresql' && parts[0]! < 10 ? 3 : family.whole;
  return parts.length >= whole;
}
