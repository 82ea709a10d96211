// Which of the host's package sources make a base image of a suite: those of the distribution itself, with its
// updates and security fixes. Where the host runs another suite of the same distribution, its mirrors are asked
// for the suite wanted. Pure.

import type { AptSource } from './apt-source.ts';

/** Distributions that mmdebstrap can make here. */
export type Distribution = 'debian' | 'ubuntu';

/** What is known of the host. */
export interface HostSources {
  /** `ID` of os-release. */
  readonly distribution: string;
  /** `VERSION_CODENAME` of os-release; absent on Debian unstable. */
  readonly codename?: string;
  readonly sources: readonly AptSource[];
}

/** What is wanted. */
export interface WantedSuite {
  readonly distribution: Distribution;
  readonly suite: string;
  /** Debian's name of the architecture. */
  readonly architecture: string;
}

/** The key rings with which a distribution's own archive is signed; the image has them from a package. */
export const KEYRINGS: Readonly<
  Record<Distribution, { readonly path: string; readonly package: string; readonly hint: string }>
> = {
  debian: {
    path: '/usr/share/keyrings/debian-archive-keyring.gpg',
    package: 'debian-archive-keyring',
    hint: 'apt install debian-archive-keyring',
  },
  ubuntu: {
    path: '/usr/share/keyrings/ubuntu-archive-keyring.gpg',
    package: 'ubuntu-keyring',
    hint: 'apt install ubuntu-keyring (Debian has it since 13; before, take that package from there), or name the key ring with Signed-By in a file of --mirror',
  },
};

/** Suites of Debian that get neither updates nor security fixes of their own. */
const ROLLING = new Set(['sid', 'unstable', 'experimental', 'rc-buggy']);
/** Names by which a host's sources may call the suite it runs. */
const ALIASES = ['stable', 'testing', 'unstable', 'sid', 'oldstable'];

/** How a suite's parts are called: itself, its updates, its security fixes. */
export function suiteParts(wanted: Pick<WantedSuite, 'distribution' | 'suite'>): {
  readonly base: string;
  readonly updates?: string;
  readonly security?: string;
} {
  const { suite } = wanted;
  if (ROLLING.has(suite)) return { base: suite };
  const old = /^(jessie|stretch|buster)$/.test(suite);
  return {
    base: suite,
    updates: `${suite}-updates`,
    security: old ? `${suite}/updates` : `${suite}-security`,
  };
}

/**
 * Chooses the sources for a suite, in the order base and updates, then security.
 * @returns none where the host knows no mirror of the distribution
 */
export function chooseSources(host: HostSources, wanted: WantedSuite): AptSource[] {
  const usable = host.sources.filter(
    (source) =>
      source.components.includes('main') &&
      !source.uri.startsWith('cdrom:') &&
      (source.architectures?.includes(wanted.architecture) ?? true),
  );
  const parts = suiteParts(wanted);
  const names = [parts.base, parts.updates, parts.security];
  const base = ofDistribution(carrying(usable, [parts.base]), wanted.distribution);
  const chosen = base.length > 0 ? tidy(usable, base, names) : derive(usable, host, wanted);
  return chosen.map((source) => ({ ...source, components: componentsFor(wanted, source.components) }));
}

/** Debian's images carry `main` alone; Ubuntu's carry what the host has, since much lives in `universe`. */
function componentsFor(wanted: WantedSuite, components: readonly string[]): readonly string[] {
  return wanted.distribution === 'debian' ? ['main'] : components;
}

/** Sources for a suite from a mirror the user named: no guess is made where its security fixes are. */
export function sourcesOfMirror(uri: string, wanted: WantedSuite): AptSource[] {
  const { base, updates, security } = suiteParts(wanted);
  const suites = [base, updates, wanted.distribution === 'ubuntu' ? security : undefined];
  return [
    {
      uri: uri.replace(/\/+$/, ''),
      suites: suites.filter((suite) => suite !== undefined),
      components: wanted.distribution === 'debian' ? ['main'] : ['main', 'universe'],
    },
  ];
}

/** The sources that have one of the suites, reduced to these. */
function carrying(sources: readonly AptSource[], suites: readonly (string | undefined)[]): AptSource[] {
  return sources.flatMap((source) => {
    const kept = source.suites.filter((suite) => suites.includes(suite));
    return kept.length > 0 ? [{ ...source, suites: kept }] : [];
  });
}

/**
 * Drops third parties, who also call their suites after the distribution's. The distribution's key ring decides;
 * then no key ring named at all; a key of someone else (a company's own mirror) only where nothing else is left.
 * Within that, archives whose path ends as the distribution's do.
 */
function ofDistribution(sources: readonly AptSource[], distribution: Distribution): AptSource[] {
  const ranks = [0, 1, 2].map((rank) => sources.filter((source) => trustRank(source, distribution) === rank));
  const best = ranks.find((group) => group.length > 0) ?? [];
  const path = new RegExp(`/${distribution}(-security|-ports)?$`);
  const named = best.filter((source) => path.test(source.uri));
  return named.length > 0 ? named : best;
}

function trustRank(source: AptSource, distribution: Distribution): number {
  if (source.signedBy === undefined) return 1;
  return source.signedBy.includes(`${distribution}-archive`) ? 0 : 2;
}

/** The chosen base archives and, from archives trusted as they are, updates and security. */
function tidy(
  usable: readonly AptSource[],
  base: readonly AptSource[],
  names: readonly (string | undefined)[],
): AptSource[] {
  const trust = new Set(base.map((source) => source.signedBy));
  const isBase = (source: AptSource) => base.some((one) => one.uri === source.uri);
  const trusted = usable.filter((source) => trust.has(source.signedBy));
  // An archive that was not chosen may still be that of the updates or the security fixes, and of these alone.
  const all = [...carrying(trusted.filter(isBase), names), ...carrying(trusted, names.slice(1))];
  const merged = new Map<string, AptSource>();
  for (const source of all) {
    // Several lines for one archive become one stanza; an archive may be listed twice.
    const key = `${source.uri} ${source.signedBy ?? ''}`;
    const known = merged.get(key);
    const suites = new Set([...(known?.suites ?? []), ...source.suites]);
    merged.set(key, {
      ...source,
      suites: names.filter((name) => name !== undefined && suites.has(name)) as string[],
      components: [...new Set([...(known?.components ?? []), ...source.components])],
    });
  }
  return [...merged.values()];
}

/** The host's own suite, each part of it replaced by that of the suite wanted. */
function derive(usable: readonly AptSource[], host: HostSources, wanted: WantedSuite): AptSource[] {
  if (host.distribution !== wanted.distribution) return [];
  const to = suiteParts(wanted);
  for (const own of [host.codename, ...ALIASES]) {
    if (own === undefined) continue;
    const from = suiteParts({ distribution: wanted.distribution, suite: own });
    const base = ofDistribution(carrying(usable, [from.base]), wanted.distribution);
    if (base.length === 0) continue;
    const found = tidy(usable, base, [from.base, from.updates, from.security]);
    return found.flatMap((source) => {
      const suites = source.suites.map((suite) =>
        suite === from.base ? to.base : suite === from.updates ? to.updates : to.security,
      );
      // The base archive of a rolling host has updates for a stable suite all the same.
      if (suites.includes(to.base) && to.updates && from.updates === undefined) suites.push(to.updates);
      const kept = suites.filter((suite) => suite !== undefined);
      return kept.length > 0 ? [{ ...source, suites: kept }] : [];
    });
  }
  return [];
}

/** The sources as they stand in the image: no user names and passwords, no restriction to an architecture. */
export function sourcesForImage(sources: readonly AptSource[]): AptSource[] {
  return sources.map(({ architectures: _, ...source }) => ({
    ...source,
    uri: withoutCredentials(source.uri),
  }));
}

function withoutCredentials(uri: string): string {
  return uri.replace(/^([a-z0-9+]+:\/\/)[^/@]*@/i, '$1');
}
