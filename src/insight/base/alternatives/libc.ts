// Which C library the images of a distribution have: what is built for one does not run with another, nor with an older
// one of the same.

import type { TagDistribution } from '../../tags/index.ts';

/** A C library. */
export interface Libc {
  readonly name: 'glibc' | 'musl';
  /** Where it is known. */
  readonly version?: string;
}

/** glibc, by codename. */
const GLIBC: Readonly<Record<string, string>> = {
  stretch: '2.24',
  buster: '2.28',
  bullseye: '2.31',
  bookworm: '2.36',
  trixie: '2.41',
  xenial: '2.23',
  bionic: '2.27',
  focal: '2.31',
  jammy: '2.35',
  noble: '2.39',
};

const WITH_GLIBC = new Set([
  ...['debian', 'ubuntu', 'ubi', 'rhel', 'oraclelinux', 'amazonlinux', 'fedora', 'rockylinux', 'almalinux'],
  ...['centos', 'opensuse', 'photon', 'mariner', 'azurelinux', 'wolfi'],
]);

/** The C library of a distribution; undefined where that is not known. */
export function libcOf({ name, release, codename }: TagDistribution): Libc | undefined {
  if (name === 'alpine') return { name: 'musl', ...muslOf(release) };
  if (!WITH_GLIBC.has(name)) return undefined;
  const version = codename === undefined ? undefined : GLIBC[codename];
  return { name: 'glibc', ...(version === undefined ? {} : { version }) };
}

function muslOf(release: string | undefined): { version?: string } {
  const minor = Number(/^3\.(\d+)/.exec(release ?? '')?.[1] ?? Number.NaN);
  if (Number.isNaN(minor)) return {};
  return { version: minor <= 12 ? '1.1' : minor < 18 ? '1.2.3' : minor < 20 ? '1.2.4' : '1.2.5' };
}
